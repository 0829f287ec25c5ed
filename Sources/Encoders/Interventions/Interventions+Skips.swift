import Tensors

extension Interventions {
  /// Writes what replaces skip connections of a layer into the layer's input (n, d), which their site is: it is what the
  /// skip connection carries then.
  package func replaceSkips(in input: inout Tensor, layer: Int?) {
    let width = input.shape[1]
    for replacement in replacements
    where replacement.node.component == .skip && replacement.node.layer == layer {
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
