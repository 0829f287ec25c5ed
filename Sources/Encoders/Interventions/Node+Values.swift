import Tensors

extension Node {
  /// The node's value at each position, (n, width).
  ///
  /// - Parameter activations: of ``site`` in one sequence: (n, A, dh) for a head, (n, I) for a neuron, else (n, d)
  public func values(in activations: Tensor) -> Tensor {
    let (first, width) = columns(of: activations)
    let length = activations.shape[0]
    let stride = activations.count / max(1, length)
    if width == stride { return activations.reshaped([length, stride]) }
    return activations.withUnsafeBufferPointer { source in
      Tensor(shape: [length, width]) { target in
        for position in 0..<length {
          let start = position * stride + first
          _ = target[(position * width)...].update(fromContentsOf: source[start..<start + width])
        }
      }
    }
  }

  /// Where the node's value is in a row of the activations.
  private func columns(of activations: Tensor) -> (first: Int, width: Int) {
    switch component {
    case .head(let head): (head * activations.shape[2], activations.shape[2])
    case .neuron(let neuron): (neuron, 1)
    default: (0, activations.shape[1])
    }
  }
}
