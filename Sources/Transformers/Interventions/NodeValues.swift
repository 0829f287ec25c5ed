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
    let sites = [BlockKind.Order.preNorm, .parallel].map { order in
      var blocks = BlockKind()
      blocks.order = order
      return node.site(in: blocks)
    }
    guard let whole = sites.compactMap({ activations[$0] }).first else {
      preconditionFailure("there are no activations of \(node.name)")
    }
    let values = key.values(in: whole)
    taken[key] = values
    return values
  }
}
