import Faults

extension Tensor {
  /// `operation` applied to each pair of elements, with NumPy's broadcasting: shapes are aligned at
  /// their last dimensions, and a size of 1 (or a missing dimension) repeats.
  ///
  /// - Throws: ``TensorFault/shapeMismatch(operation:_:_:)``, ``Interrupted``.
  /// - Complexity: O(elements of the result).
  public static func elementwise(
    _ operation: ElementwiseOperation, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor {
    guard let shape = broadcastShape(a.shape, b.shape) else {
      throw TensorFault.shapeMismatch(operation: operation.verb, a.shape, b.shape)
    }
    let walk = BroadcastWalk(shape: shape, a.shape, b.shape)
    return try Tensor(shape: shape) { result in
      try a.withUnsafeBufferPointer { a in
        try b.withUnsafeBufferPointer { b in try walk.combine(a, b, into: result, operation.function) }
      }
    }
  }

  /// - Throws: ``Interrupted``.
  public func negated() throws -> Tensor { try map { -$0 } }

  /// `transform` applied to each element.
  ///
  /// - Throws: ``Interrupted``.
  public func map(_ transform: (Float) -> Float) throws -> Tensor {
    var steps = Steps()
    return try withUnsafeBufferPointer { source in
      try Tensor(shape: shape) { target in
        for i in 0..<source.count {
          try steps.next()
          target[i] = transform(source[i])
        }
      }
    }
  }

  /// The shape that `a` and `b` broadcast to, or nil.
  package static func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
    let rank = max(a.count, b.count)
    var shape: [Int] = []
    for (x, y) in zip(paddedShape(a, rank), paddedShape(b, rank)) {
      guard x == y || x == 1 || y == 1 else { return nil }
      shape.append(x == 1 ? y : x)
    }
    return shape
  }

  fileprivate static func paddedShape(_ shape: [Int], _ rank: Int) -> [Int] {
    Array(repeating: 1, count: rank - shape.count) + shape
  }
}

/// Visits the elements of two operands in the order of a broadcast result.
private struct BroadcastWalk {
  let shape: [Int]
  /// Elements between neighbours in each dimension; 0 where the operand repeats.
  let aStrides: [Int]
  let bStrides: [Int]

  init(shape: [Int], _ a: [Int], _ b: [Int]) {
    self.shape = shape
    aStrides = Self.strides(a, to: shape)
    bStrides = Self.strides(b, to: shape)
  }

  private static func strides(_ shape: [Int], to result: [Int]) -> [Int] {
    var stride = 1
    var strides: [Int] = []
    for size in Tensor.paddedShape(shape, result.count).reversed() {
      strides.append(size == 1 ? 0 : stride)
      stride *= size
    }
    return strides.reversed()
  }

  func combine(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>,
    into result: UnsafeMutableBufferPointer<Float>, _ function: (Float, Float) -> Float
  ) throws {
    guard let width = shape.last else {
      result[0] = function(a[0], b[0])
      return
    }
    guard !result.isEmpty else { return }
    var index = [Int](repeating: 0, count: shape.count - 1)
    let (aStep, bStep) = (aStrides[shape.count - 1], bStrides[shape.count - 1])
    var (aStart, bStart) = (0, 0)
    var steps = Steps()
    for start in stride(from: 0, to: result.count, by: width) {
      for i in 0..<width {
        try steps.next()
        result[start + i] = function(a[aStart + i * aStep], b[bStart + i * bStep])
      }
      advance(&index, &aStart, &bStart)
    }
  }

  /// Moves to the next row of the result, like an odometer.
  private func advance(_ index: inout [Int], _ aStart: inout Int, _ bStart: inout Int) {
    for axis in index.indices.reversed() {
      index[axis] += 1
      aStart += aStrides[axis]
      bStart += bStrides[axis]
      if index[axis] < shape[axis] { return }
      aStart -= aStrides[axis] * shape[axis]
      bStart -= bStrides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}
