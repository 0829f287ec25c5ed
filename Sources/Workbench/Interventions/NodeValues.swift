import Encoders
import Language
import Tensors

/// Values of nodes, taken out of activations of one sequence. A node's are taken out once for all its positions.
struct NodeValues {
  /// (n, ...)
  private let activations: [Site: Tensor]
  private var taken: [Node: Tensor] = [:]

  init(_ activations: [Site: Tensor]) { self.activations = activations }

  /// (n, width)
  mutating func values(of node: Node) -> Tensor {
    let key = Node(layer: node.layer, component: node.component)
    if let values = taken[key] { return values }
    guard let whole = activations[node.site] else {
      preconditionFailure("there are no activations of \(node.site.name)")
    }
    let values = key.values(in: whole)
    taken[key] = values
    return values
  }

  /// One for each position of the sequence where the node has none: rows of a batch may be longer than it.
  mutating func replacements(of node: Node) -> [Replacement] {
    let values = values(of: node)
    let positions = node.position.map { $0..<$0 + 1 } ?? 0..<values.shape[0]
    return positions.map { position in
      Replacement(
        node: Node(layer: node.layer, component: node.component, position: position),
        value: .positions(values))
    }
  }
}

extension MeanActivations {
  func replacements(of nodes: [Node]) -> [Replacement] {
    var (byPosition, byNode) = (NodeValues(positions), NodeValues(overall))
    return nodes.flatMap { node in
      usesPositions(node)
        ? byPosition.replacements(of: node)
        : [Replacement(node: node, value: .vector(byNode.values(of: node)[0]))]
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
