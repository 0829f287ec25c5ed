import Tensors

/// Means of nodes over sequences, to be put in their places.
public struct NodeMeans: Sendable {
  /// What is averaged over.
  public enum Scope: Sendable {
    /// Sequences for a node that has a position, sequences and positions for others.
    case node
    /// Sequences and positions.
    case overall
    /// The sequences that have the position.
    case position
  }

  public let scope: Scope
  /// Tokens of the longest sequence.
  public let length: Int
  /// (1, ...) and (length, ...); what the scope has no use for is left out.
  private let overall: [Site: Tensor]
  private let positions: [Site: Tensor]
  private let blocks: BlockKind

  /// - Parameter blocks: of the model that the activations are from
  /// - Precondition: each sequence that was added had the sites.
  public init(_ means: ActivationMeans, of sites: Set<Site>, in blocks: BlockKind, scope: Scope) {
    func table(_ mean: (Site) -> Tensor) -> [Site: Tensor] {
      Dictionary(uniqueKeysWithValues: sites.map { ($0, mean($0)) })
    }
    (self.scope, self.blocks, length) = (scope, blocks, means.length)
    overall = scope == .position ? [:] : table(means.overall)
    positions = scope == .overall ? [:] : table(means.perPosition)
  }

  func replacements(of nodes: [Node]) -> [Replacement] {
    var (byPosition, byNode) = (NodeValues(positions, blocks), NodeValues(overall, blocks))
    return nodes.map { node in
      usesPositions(node)
        ? Replacement(node: node, value: .positions(byPosition.values(of: node)))
        : Replacement(node: node, value: .vector(byNode.values(of: node)[0]))
    }
  }

  private func usesPositions(_ node: Node) -> Bool {
    switch scope {
    case .node: node.position != nil
    case .overall: false
    case .position: true
    }
  }
}
