/// Where one tensor lies in a file, and what it is.
struct TorchEntry: Equatable, Sendable {
  let dtype: DType
  let shape: [Int]
  /// In elements, as many as sizes.
  let strides: [Int]
  /// Of its first element in the file, in bytes.
  let start: Int

  var elements: Int { shape.reduce(1, *) }

  /// Whether the elements lie one behind the other in row-major order.
  var isContiguous: Bool {
    var next = 1
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      if stride != next { return false }
      next *= size
    }
    return true
  }
}

/// The elements of a storage in a file.
struct StorageExtent {
  let dtype: DType
  /// In bytes.
  let start: Int
  let elements: Int

  /// - Parameter fileSize: No tensor has more elements than the file has bytes: one that repeats its elements (stride 0) would
  ///   make much of little.
  /// - Throws: ``TensorProblem`` when a part of the tensor is outside.
  func entry(offset: Int, shape: [Int], strides: [Int], fileSize: Int) throws -> TorchEntry {
    let (count, overflow) = Self.product(shape)
    guard !overflow, count <= fileSize else {
      throw TensorProblem.moreThanTheFile(shape: shape, bytes: fileSize)
    }
    guard !shape.contains(0) else {
      return TorchEntry(dtype: dtype, shape: shape, strides: strides, start: start)
    }
    var last = offset
    for (size, stride) in zip(shape, strides) {
      let (distance, first) = (size - 1).multipliedReportingOverflow(by: stride)
      let (sum, second) = last.addingReportingOverflow(distance)
      last = first || second ? Int.max : sum
      guard last < elements else { break }
    }
    guard last < elements else {
      throw TensorProblem.outOfStorage(shape: shape, strides: strides, offset: offset, elements: elements)
    }
    return TorchEntry(dtype: dtype, shape: shape, strides: strides, start: start + offset * dtype.size)
  }

  /// Of the sizes that are not 0, so that products of some of them can be computed too.
  private static func product(_ shape: [Int]) -> (Int, overflow: Bool) {
    var product = 1
    for size in shape where size > 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      if overflow { return (0, true) }
      product = next
    }
    return (product, false)
  }
}
