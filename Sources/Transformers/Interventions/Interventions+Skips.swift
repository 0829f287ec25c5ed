import Tensors

extension Interventions {
  /// Writes what replaces a layer's skip connections of one kind into their site (n, d), of which they are a copy: it is
  /// what the skip connection carries then.
  package func replace(_ skip: Node.Component, in input: inout Tensor, layer: Int?) {
    let width = input.shape[1]
    for replacement in replacements
    where replacement.node.component == skip && replacement.node.layer == layer {
      for position in replacement.node.position.map({ $0..<$0 + 1 }) ?? 0..<input.shape[0] {
        let values: [Float] =
          switch replacement.value {
          case .zero: Array(repeating: 0, count: width)
          case .vector(let vector): vector.values
          case .positions(let rows): rows[position].values
          }
        input.withUnsafeMutableBufferPointer {
          _ = $0[(position * width)...].update(fromContentsOf: values)
        }
      }
    }
  }
}
