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
}
