import Faults

extension Tensor {
  /// Writes `values` to the part that `subscripts` select, outermost dimension first; a size of 1, or a missing dimension, of
  /// `values` repeats.
  ///
  /// Nothing is written when it throws. A small part is written in place, where nobody shares the storage.
  ///
  /// - Throws: ``TensorFault`` for subscripts outside of the shape or values of another shape, ``Interrupted``.
  /// - Complexity: O(elements of the part), of a large part O(elements of the whole).
  public mutating func assign(_ values: Tensor, to subscripts: [TensorSubscript]) throws {
    guard subscripts.count <= rank else {
      throw TensorFault.tooManySubscripts(subscripts.count, shape: shape)
    }
    let ranges =
      try subscripts.enumerated().map { try bounds(of: $1, dimension: $0) }
      + shape.dropFirst(subscripts.count).map { 0..<$0 }
    let walk = try PartWalk(ranges, subscripts, of: shape, values)
    guard ranges.reduce(1, { $0 * $1.count }) > Self.smallPart else {
      return withUnsafeMutableBufferPointer { target in walk.write(values, to: target) {} }
    }
    var steps = Steps()
    let written = try Tensor(shape: shape) { target in
      try withUnsafeBufferPointer { source in
        try (0..<source.count).forEachPart { part in for index in part { target[index] = source[index] } }
      }
      try walk.write(values, to: target) { try steps.next() }
    }
    self = written
  }

  /// Elements that are written before anybody notices.
  private static let smallPart = 1 << 16
}

/// Visits a part of a tensor, and the values for it.
private struct PartWalk {
  let ranges: [Range<Int>]
  /// Elements between neighbours in each dimension; of the values 0 where they repeat.
  let strides: [Int]
  private(set) var valueStrides: [Int]

  init(_ ranges: [Range<Int>], _ subscripts: [TensorSubscript], of shape: [Int], _ values: Tensor) throws {
    self.ranges = ranges
    strides = shape.indices.map { axis in shape[(axis + 1)...].reduce(1, *) }
    valueStrides = [Int](repeating: 0, count: shape.count)
    let kept = shape.indices.filter { axis in
      if axis < subscripts.count, case .index = subscripts[axis] { false } else { true }
    }
    let part = kept.map { ranges[$0].count }
    guard Tensor.broadcastShape(values.shape, part) == part else {
      throw TensorFault.unlikePart(values.shape, part: part)
    }
    var stride = 1
    for (axis, size) in zip(kept.reversed(), values.shape.reversed()) {
      valueStrides[axis] = size == 1 ? 0 : stride
      stride *= size
    }
  }

  func write(
    _ values: Tensor, to target: UnsafeMutableBufferPointer<Float>, _ step: () throws -> Void
  ) rethrows {
    try values.withUnsafeBufferPointer { source in
      try write(source, to: target, axis: 0, 0, 0, step)
    }
  }

  private func write(
    _ source: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>, axis: Int,
    _ place: Int, _ valuePlace: Int, _ step: () throws -> Void
  ) rethrows {
    guard axis < ranges.count else {
      try step()
      target[place] = source[valuePlace]
      return
    }
    for (number, index) in ranges[axis].enumerated() {
      try write(
        source, to: target, axis: axis + 1, place + index * strides[axis],
        valuePlace + number * valueStrides[axis], step)
    }
  }
}
