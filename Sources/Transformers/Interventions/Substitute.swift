import Tensors

/// What takes the place of nodes' values in one sequence.
public enum Substitute: Sendable {
  case zero
  /// Means over other sequences.
  case means(NodeMeans)
  /// (n, ...) each: what another run of a model with such blocks computed, of the same sequence from other words or of another
  /// sequence.
  case activations([Site: Tensor], BlockKind)

  /// One for each node. A node without a position is replaced at the positions that the values have.
  ///
  /// - Precondition: there are values of the nodes' sites, and at their positions.
  public func replacements(of nodes: [Node]) -> [Replacement] {
    switch self {
    case .zero: return nodes.map { Replacement(node: $0, value: .zero) }
    case .means(let means): return means.replacements(of: nodes)
    case .activations(let activations, let blocks):
      var values = NodeValues(activations, blocks)
      return nodes.map { Replacement(node: $0, value: .positions(values.values(of: $0))) }
    }
  }

  public func interventions(on nodes: [Node]) -> Interventions { Interventions(replacements(of: nodes)) }
}

extension Substitute {
  /// Whether activations of a sequence of `length` tokens can stand in for those of nodes in another one: for nodes without
  /// a position both must be as long, else it must have the positions.
  public static func fits(length: Int, for nodes: [Node], inLength other: Int) -> Bool {
    nodes.contains { $0.position == nil }
      ? length == other : length > nodes.compactMap(\.position).max() ?? 0
  }
}

/// Values of some nodes, each to be put in its place alone.
public struct NodeSubstitutes: Sendable {
  private let values: [Node: Replacement.Value]

  public init(_ substitute: Substitute, of nodes: [Node]) { self.init(substitute.interventions(on: nodes)) }

  /// The replacements of some nodes, each once.
  public init(_ interventions: Interventions) {
    values = Dictionary(
      uniqueKeysWithValues: interventions.replacements.map { ($0.node, $0.value) })
  }

  /// - Precondition: `node` is one of the nodes.
  public subscript(node: Node) -> Replacement.Value {
    guard let value = values[node] else { preconditionFailure("no replacement for \(node.name)") }
    return value
  }

  /// Bytes of nodes' values in sequences of so many tokens together.
  public static func bytes(of nodes: [Node], tokens: Int, in configuration: TransformerConfiguration) -> Int {
    let width = Set(nodes.map { Node(layer: $0.layer, component: $0.component) })
      .reduce(0) { $0 + $1.width(in: configuration) }
    return tokens * width * MemoryLayout<Float>.stride
  }
}
