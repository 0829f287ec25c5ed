/// What the blocks of a model are, and what stands around them; what differs by layer is a list.
public struct BlockKind: Sendable, Equatable {
  public enum Order: Sendable, Equatable {
    /// Norms after the sums.
    case postNorm
    /// Norms before the branches.
    case preNorm
    /// The same, and both branches read the block's input.
    case parallel
  }

  public enum NormKind: Sendable, Equatable {
    case layer
    case rms
    /// RMS norm whose gain is its weight + 1.
    case rmsPlusOne
  }

  public var order = Order.postNorm
  public var norm = NormKind.layer
  /// Whether the outputs of branches are normed before they are added.
  public var normsBranches = false
  public var isGated = false
  /// Of each layer; one entry stands for all.
  public var masks: [AttentionMask] = [.full]
  public var rotaries: [Rotary?] = [nil]
  /// Whether queries and keys are normed head by head.
  public var normsHeads = false
  /// Of scores; nil for 1 / sqrt(dh).
  public var scale: Float?
  /// Soft caps of scores and of logits; 0 for none.
  public var scoreCap: Float = 0
  public var logitCap: Float = 0
  /// What word embeddings are multiplied by.
  public var wordScale: Float = 1
  /// Whether positions have embeddings of their own, that are added to the words.
  public var learnsPositions = true

  public init() {}

  public var isCausal: Bool {
    if case .causal = masks.first { return true }
    return false
  }

  public var hasFinalNorm: Bool { order != .postNorm }
  public var isParallel: Bool { order == .parallel }

  /// Whether queries and keys change on their way from the projection to the scores.
  public var turnsHeads: Bool { normsHeads || rotates }
  public var rotates: Bool { rotaries.contains { $0 != nil } }

  public func mask(_ layer: Int) -> AttentionMask { masks[masks.count == 1 ? 0 : layer] }
  public func rotary(_ layer: Int) -> Rotary? { rotaries[rotaries.count == 1 ? 0 : layer] }
}
