import Faults

/// What to take from one dimension.
public enum TensorSubscript: Sendable, Equatable {
  case all
  /// One entry; the dimension disappears. Negative counts from the end: -1 is the last.
  case index(Int)
  /// Consecutive entries, 0-based; the dimension stays, also when one or none is taken.
  case range(Range<Int>)
}

extension Tensor {
  /// The part that `subscripts` select, outermost dimension first; missing ones mean `.all`.
  ///
  /// Shares storage where all after the leading indices is taken whole, copies otherwise.
  ///
  /// - Throws: ``TensorFault`` for an index or range outside its dimension, or too many subscripts.
  public func sliced(_ subscripts: [TensorSubscript]) throws -> Tensor {
    guard subscripts.count <= rank else {
      throw TensorFault.tooManySubscripts(subscripts.count, shape: shape)
    }
    let ranges = try subscripts.enumerated().map { try bounds(of: $1, dimension: $0) }
    var part = self
    var dimension = 0
    while dimension < subscripts.count, case .index = subscripts[dimension] {
      part = part[ranges[dimension].lowerBound]
      dimension += 1
    }
    let rest = Array(ranges[dimension...])
    let selected = zip(rest, part.shape).contains { $0.count != $1 } ? try part.selecting(rest) : part
    return selected.reshaped(slicedShape(subscripts, ranges))
  }

  func bounds(of item: TensorSubscript, dimension: Int) throws -> Range<Int> {
    let size = shape[dimension]
    switch item {
    case .all: return 0..<size
    case .index(let index):
      let position = index < 0 ? index + size : index
      guard 0..<size ~= position else {
        throw TensorFault.indexOutOfRange(index, dimension: dimension, size: size, shape: shape)
      }
      return position..<position + 1
    case .range(let range):
      guard range.lowerBound >= 0, range.upperBound <= size else {
        throw TensorFault.rangeOutOfBounds(range, dimension: dimension, size: size, shape: shape)
      }
      return range
    }
  }

  private func slicedShape(_ subscripts: [TensorSubscript], _ ranges: [Range<Int>]) -> [Int] {
    let kept = zip(subscripts, ranges).compactMap { item, range -> Int? in
      if case .index = item { return nil }
      return range.count
    }
    return kept + shape[subscripts.count...]
  }

  /// A copy of the given ranges of the leading dimensions; no dimension disappears.
  private func selecting(_ ranges: [Range<Int>]) throws -> Tensor {
    // What lies one behind the other is moved at once: the last range with all behind it.
    let block = shape[ranges.count...].reduce(1, *)
    var steps = Steps()
    return try withUnsafeBufferPointer { source in
      try Tensor(shape: ranges.map(\.count) + shape[ranges.count...]) { target in
        var written = 0
        try copy(ranges[...], from: 0, block, source, to: target, &written, &steps)
      }
    }
  }

  /// Elements that are moved at once and count as one step.
  private static let shortRun = 256

  private func copy(
    _ ranges: ArraySlice<Range<Int>>, from start: Int, _ block: Int,
    _ source: UnsafeBufferPointer<Float>, to target: UnsafeMutableBufferPointer<Float>,
    _ written: inout Int, _ steps: inout Steps
  ) throws {
    guard let range = ranges.first else { return }
    let stride = shape[ranges.startIndex + 1..<rank].reduce(1, *)
    guard ranges.count == 1 else {
      for position in range {
        try copy(
          ranges.dropFirst(), from: start + position * stride, block, source, to: target, &written, &steps)
      }
      return
    }
    let (first, count, place) = (start + range.lowerBound * block, range.count * block, written)
    func move(_ part: Range<Int>) { for index in part { target[place + index] = source[first + index] } }
    written += count
    if count > Self.shortRun { return try (0..<count).forEachPart(move) }
    try steps.next()
    move(0..<count)
  }

  /// The dimensions in another order: dimension i of the result is dimension `axes[i]` of this one.
  ///
  /// - Precondition: `axes` is a permutation of `0 ..< rank`.
  /// - Throws: ``Interrupted``.
  public func interruptiblyPermuted(_ axes: [Int]) throws -> Tensor {
    var steps = Steps()
    return try permuted(axes) { try steps.next() }
  }

  /// The same where nobody waits.
  public func permuted(_ axes: [Int]) -> Tensor { permuted(axes) {} }

  private func permuted(_ axes: [Int], _ step: () throws -> Void) rethrows -> Tensor {
    precondition(axes.sorted() == Array(0..<rank), "\(axes) is not a permutation of 0..<\(rank)")
    let strides = shape.indices.map { axis in shape[(axis + 1)...].reduce(1, *) }
    let (sizes, steps) = (axes.map { shape[$0] }, axes.map { strides[$0] })
    guard axes != Array(0..<rank) else { return self }
    return try withUnsafeBufferPointer { source in
      try Tensor(shape: sizes) { target in
        var index = [Int](repeating: 0, count: rank)
        var position = 0
        for i in 0..<target.count {
          try step()
          target[i] = source[position]
          for axis in (0..<rank).reversed() {
            index[axis] += 1
            position += steps[axis]
            if index[axis] < sizes[axis] { break }
            position -= steps[axis] * sizes[axis]
            index[axis] = 0
          }
        }
      }
    }
  }
}
