import Tensors

/// Values of nodes, taken out of activations of one sequence. A node's are taken out once for all its positions.
struct NodeValues {
  /// (n, ...)
  private let activations: [Site: Tensor]
  private let blocks: BlockKind
  private var taken: [Node: Tensor] = [:]

  /// - Parameter blocks: of the model that the activations are from
  init(_ activations: [Site: Tensor], _ blocks: BlockKind) {
    (self.activations, self.blocks) = (activations, blocks)
  }

  /// (n, width)
  mutating func values(of node: Node) -> Tensor {
    let key = Node(layer: node.layer, component: node.component)
    if let values = taken[key] { return values }
    guard let whole = activations[node.site(in: blocks)] else {
      preconditionFailure("there are no activations of \(node.name)")
    }
    let values = key.values(in: whole)
    taken[key] = values
    return values
  }
}
