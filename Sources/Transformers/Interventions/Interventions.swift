import Tensors

/// Activations of one sequence that are replaced while the network runs.
///
/// Where replacements meet, the later one wins. A replaced value acts on everything computed from it, and on nothing
/// else: a zeroed head leaves the output projection's bias, a replaced hidden state is still attended to, a replaced skip
/// connection leaves what the block's queries, keys and values read, layer norms run on the changed sum, and a replaced key is
/// read by all heads that share it. A cut edge
/// changes its head's context at its reader, which a replacement of the head overrides.
public struct Interventions: Sendable, Equatable {
  public var replacements: [Replacement]
  /// Residual edges from another text.
  public var edges: EdgePatch?
  /// Attention edges that carry nothing.
  public var cuts: [AttentionCut]

  public static let none = Interventions()

  public init(_ replacements: [Replacement] = [], edges: EdgePatch? = nil, cuts: [AttentionCut] = []) {
    (self.replacements, self.edges, self.cuts) = (replacements, edges, cuts)
  }

  public var isEmpty: Bool { replacements.isEmpty && edges == nil && cuts.isEmpty }

  /// These, then those of `other`, which win; edges and cuts of both.
  public func followed(by other: Interventions) -> Interventions {
    Interventions(
      replacements + other.replacements,
      edges: edges.map { own in other.edges.map { own.joined(with: $0) } ?? own } ?? other.edges,
      cuts: cuts + other.cuts)
  }
}

/// A node's value in place of the one the network computes.
public struct Replacement: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case zero
    /// (width), the same at each position.
    case vector(Tensor)
    /// (positions, width), a row for each position from 0 on. A node without a position is replaced at these: behind them a
    /// longer row of a batch has padding.
    case positions(Tensor)
  }

  /// Without a position: at all of them.
  public let node: Node
  /// Of ``Node/width(in:)``.
  public let value: Value

  public init(node: Node, value: Value) {
    self.node = node
    self.value = value
  }
}

extension Node {
  /// Components of the node's value at one position: dh for a head, a query, a key or a value, 1 for a neuron, else d.
  public func width(in configuration: TransformerConfiguration) -> Int {
    switch component.counted {
    case nil: configuration.hidden
    case .neuron: 1
    default: configuration.headSize
    }
  }
}

extension Interventions {
  /// - Parameter mask: (length), true for a real token; nil where all are
  /// - Throws: ``PlaceFault`` for a node that the model or a sequence of `length` tokens does not have, ``AttentionEdgeFault`` for
  ///   a reader that is left with nothing.
  /// - Precondition: values have the node's width, and a row for its position.
  package func validate(
    length: Int, mask: [Bool]? = nil, _ configuration: TransformerConfiguration
  ) throws {
    let bounds = PlaceBounds(configuration, length: length)
    if let edges { try edges.validate(configuration) }
    try validateCuts(length: length, mask: mask, configuration)
    if edges != nil, !(replacements.isEmpty && cuts.isEmpty) { throw EdgeFault.interventionsActive }
    for replacement in replacements {
      try bounds.check(replacement.node)
      let width = replacement.node.width(in: configuration)
      switch replacement.value {
      case .zero: break
      case .vector(let values):
        precondition(values.count == width, "\(values.shape) for \(replacement.node.name)")
      case .positions(let rows):
        precondition(
          rows.rank == 2 && rows.shape[1] == width && rows.shape[0] > replacement.node.position ?? -1,
          "\(rows.shape) for \(replacement.node.name)")
      }
    }
  }
}
