import Tensors

extension Node {
  /// The node's value at each position, (n, width).
  ///
  /// - Parameter activations: of ``site`` in one sequence: (n, A, dh) for a head or a query, (n, G, dh) for a key or a value,
  ///   (n, I) for a neuron, else (n, d)
  public func values(in activations: Tensor) -> Tensor {
    let last = activations.shape[activations.rank - 1]
    let (first, width) = (firstColumn(headSize: last), component.counted == .neuron ? 1 : last)
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

  /// Where the node's value begins in a row of its site's activations.
  ///
  /// - Parameter headSize: dh
  func firstColumn(headSize: Int) -> Int {
    (component.number ?? 0) * (component.counted == .neuron ? 1 : headSize)
  }
}
