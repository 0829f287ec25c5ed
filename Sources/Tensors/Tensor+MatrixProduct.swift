import Faults

extension Tensor {
  /// The product of matrices, (..., n, k) and (..., k, m) to (..., n, m), as NumPy's `matmul` has it: the leading dimensions
  /// broadcast, a vector on the left is a row, one on the right a column, and that dimension disappears.
  ///
  /// - Throws: ``TensorFault`` for a scalar and for sizes that do not fit; ``Interrupted``.
  public static func matrixProduct(_ a: Tensor, _ b: Tensor) throws -> Tensor {
    let plan = try MatrixProductPlan(a.shape, b.shape)
    return try Tensor(shape: plan.shape) { result in
      guard let c = result.baseAddress, !result.isEmpty else { return }
      guard plan.inner > 0 else { return result.update(repeating: 0) }
      try a.withUnsafeBufferPointer { a in
        try b.withUnsafeBufferPointer { b in
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          try plan.forEachBatch { batch, first, second in
            try BLAS.multiply(
              a + first, rows: plan.rows, inner: plan.inner, by: b + second, .plain, columns: plan.columns,
              into: c + batch * plan.rows * plan.columns, check: Interruption.check)
          }
        }
      }
    }
  }

  /// Of the result of ``matrixProduct(_:_:)``.
  ///
  /// - Throws: ``TensorFault``.
  package static func matrixProductShape(_ a: [Int], _ b: [Int]) throws -> [Int] {
    try MatrixProductPlan(a, b).shape
  }
}

private struct MatrixProductPlan {
  let rows: Int
  let inner: Int
  let columns: Int
  /// Of the result.
  let shape: [Int]
  private let batch: [Int]
  /// Leading dimensions of the operands, of the rank of `batch`.
  private let (first, second): ([Int], [Int])

  init(_ a: [Int], _ b: [Int]) throws {
    guard let aInner = a.last, let bLast = b.last else {
      throw TensorFault.scalarInProduct(a, b)
    }
    let bInner = b.count == 1 ? bLast : b[b.count - 2]
    guard aInner == bInner else { throw TensorFault.unlikeInner(a, b) }
    rows = a.count == 1 ? 1 : a[a.count - 2]
    columns = b.count == 1 ? 1 : bLast
    inner = aInner
    let (aLeading, bLeading) = (Array(a.dropLast(2)), Array(b.dropLast(2)))
    guard let batch = Tensor.broadcastShape(aLeading, bLeading) else {
      throw TensorFault.shapeMismatch(operation: "multiply", aLeading, bLeading)
    }
    self.batch = batch
    func padded(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: batch.count - shape.count) + shape }
    (first, second) = (padded(aLeading), padded(bLeading))
    shape = batch + (a.count == 1 ? [] : [rows]) + (b.count == 1 ? [] : [columns])
  }

  /// With the number of the product and where its operands begin.
  func forEachBatch(_ body: (Int, Int, Int) throws -> Void) throws {
    var steps = Steps()
    for number in 0..<batch.reduce(1, *) {
      try steps.next()
      try body(
        number, place(of: number, in: first) * rows * inner, place(of: number, in: second) * inner * columns)
    }
  }

  /// Which of the operand's matrices the product with this number takes.
  private func place(of number: Int, in sizes: [Int]) -> Int {
    var (rest, place, stride) = (number, 0, 1)
    for axis in batch.indices.reversed() {
      let index = rest % batch[axis]
      rest /= batch[axis]
      if sizes[axis] > 1 { place += index * stride }
      stride *= sizes[axis]
    }
    return place
  }
}
