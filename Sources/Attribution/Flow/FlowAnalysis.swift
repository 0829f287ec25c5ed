import Transformers
import Tensors

/// How the flow of information through the layers is estimated without the quantity of interest.
public enum FlowMethod: String, Sendable, CaseIterable {
  /// Attention rollout: ``ContextMixing/rollout(to:)``.
  case rollout
  /// Attention flow: ``ContextMixing/maximumFlow(from:to:layers:check:)``.
  case maxflow
  /// The best attention path: ``ContextMixing/bestPaths(to:direction:layers:)``.
  case path
  /// Rollout of the norms of what each token adds to the attention block's output: ``NormContributions``.
  case norm
  /// Rollout of how far each token's output moves when another's value vector is zero: ``ValueZeroing``.
  case valuezeroing

  /// Whether the method reads attention probabilities aggregated over heads, and nothing else.
  public var readsOnlyAttention: Bool {
    switch self {
    case .rollout, .maxflow, .path: true
    case .norm, .valuezeroing: false
    }
  }

  /// The activations that the method reads.
  public func sites(in configuration: TransformerConfiguration) -> Set<Site> {
    let kinds: [Site.Kind] =
      switch self {
      case .rollout, .maxflow, .path: [.pattern]
      case .norm:
        [.pattern, .v, .residPre] + (configuration.blocks.has(.residMidRaw) ? [.residMidRaw] : [])
      case .valuezeroing: [.pattern, .v, .z, .residPre, .residPost]
      }
    return Set((0..<configuration.layers).flatMap { layer in kinds.map { Site($0, layer: layer) } })
  }
}

/// One sentence and the token whose making is to be explained.
public struct FlowInput: Sendable {
  /// (n) each; `mask` is true for a real token, false for padding.
  public var ids: [Int32]
  public var types: [Int32]
  public var mask: [Bool]
  /// t.
  public var target: Int
  /// What is replaced while the network runs.
  public var interventions: Interventions

  /// - Precondition: as many types and mask entries as ids.
  public init(
    ids: [Int32], types: [Int32], mask: [Bool]? = nil, target: Int,
    interventions: Interventions = .none
  ) {
    let mask = mask ?? Array(repeating: true, count: ids.count)
    precondition(types.count == ids.count && mask.count == ids.count, "one type and mask entry per id")
    (self.ids, self.types, self.mask) = (ids, types, mask)
    (self.target, self.interventions) = (target, interventions)
  }
}

/// How a flow is computed.
public struct FlowOptions: Sendable, Equatable {
  public var method: FlowMethod
  /// For methods that read only attention.
  public var heads: HeadAggregation
  /// For the best paths.
  public var direction: PathDirection
  /// Bytes that value zeroing may hold at a time beyond the activations.
  public var memoryBudget: Int

  public init(
    method: FlowMethod = .rollout, heads: HeadAggregation = .mean, direction: PathDirection = .flow,
    memoryBudget: Int = 1 << 30
  ) {
    self.method = method
    self.heads = heads
    self.direction = direction
    self.memoryBudget = memoryBudget
  }
}

/// How much of the target comes from each input word, as one method sees it.
public struct FlowAnalysis: Sendable, Equatable {
  public let target: Int
  /// (L, n): the score of each word for the target after each layer; 0 for padding.
  public let layers: [[Double]]
  /// (L, n, n): the matrices that the scores come from; rows and columns of padding are 0.
  public let mixing: Tensor
  /// For ``FlowMethod/path``: the path of each real token, in their order.
  public let paths: [AttentionPath]

  /// (n): those of the last layer.
  public var scores: [Double] { layers.last ?? [] }
}
