#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What becomes of many numbers when one is wanted.
public enum Reduction: String, Sendable, CaseIterable {
  case sum, mean, max, min, std, norm, argmax, argmin

  /// The result for `numbers`, computed in Double; nil when there is none for no numbers at all.
  ///
  /// `std` is that of the population, `norm` the Euclidean. The extremes are NaN when a number is, and their
  /// places are the first of several, both as in NumPy.
  public func callAsFunction(_ numbers: some Collection<Double>) -> Double? {
    switch self {
    case .sum: numbers.reduce(0, +)
    case .norm: sqrt(numbers.reduce(0) { $0 + $1 * $1 })
    case .mean: numbers.isEmpty ? nil : numbers.reduce(0, +) / Double(numbers.count)
    case .std: deviation(numbers)
    case .max: extreme(numbers, >)?.value
    case .min: extreme(numbers, <)?.value
    case .argmax: extreme(numbers, >).map { Double($0.place) }
    case .argmin: extreme(numbers, <).map { Double($0.place) }
    }
  }

  private func deviation(_ numbers: some Collection<Double>) -> Double? {
    guard let mean = Reduction.mean(numbers) else { return nil }
    return sqrt(numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count))
  }

  private func extreme(
    _ numbers: some Collection<Double>, _ isBetter: (Double, Double) -> Bool
  ) -> (value: Double, place: Int)? {
    var best: (value: Double, place: Int)?
    for (place, number) in numbers.enumerated() {
      guard let known = best else {
        best = (number, place)
        continue
      }
      if known.value.isNaN { break }
      if number.isNaN || isBetter(number, known.value) { best = (number, place) }
    }
    return best
  }
}

extension Tensor {
  /// One number for all elements.
  ///
  /// - Throws: ``TensorFault/emptyReduction(_:)``.
  public func reduced(_ reduction: Reduction) throws -> Double {
    let result = withUnsafeBufferPointer {
      reduction(Line(first: 0, stride: 1, count: $0.count, elements: $0))
    }
    guard let result else { throw TensorFault.emptyReduction(reduction.rawValue) }
    return result
  }

  /// One number for each line along `axis`, which disappears. Negative axes count from the last.
  ///
  /// - Throws: ``TensorFault/axisOutOfRange(_:shape:)``, ``TensorFault/emptyReduction(_:)``.
  public func reduced(_ reduction: Reduction, axis: Int) throws -> Tensor {
    let lines = try LineLayout(shape: shape, axis: axis)
    return try withUnsafeBufferPointer { elements in
      try Tensor(shape: lines.rest) { target in
        for index in 0..<lines.count {
          guard let number = reduction(lines.line(index, of: elements)) else {
            throw TensorFault.emptyReduction(reduction.rawValue)
          }
          target.initializeElement(at: index, to: Float(number))
        }
      }
    }
  }

  /// exp(x) / sum(exp(x)) along `axis`, from the differences to the largest: (shape).
  ///
  /// - Throws: ``TensorFault/axisOutOfRange(_:shape:)``.
  public func softmax(axis: Int = -1) throws -> Tensor {
    let lines = try LineLayout(shape: shape, axis: axis)
    return withUnsafeBufferPointer { elements in
      Tensor(shape: shape) { target in
        for index in 0..<lines.count {
          let line = lines.line(index, of: elements)
          for (place, value) in Tensor.softmax(line).enumerated() {
            target[line.first + place * line.stride] = Float(value)
          }
        }
      }
    }
  }

  /// The same of plain numbers.
  public static func softmax(_ numbers: some Collection<Double>) -> [Double] {
    let largest = Reduction.max(numbers) ?? 0
    let powers = numbers.map { exp($0 - largest) }
    let sum = Reduction.sum(powers) ?? 1
    return powers.map { $0 / sum }
  }
}

/// The lines of a tensor along one axis.
private struct LineLayout {
  /// The shape without the axis.
  let rest: [Int]
  private let inner: Int
  private let length: Int

  init(shape: [Int], axis: Int) throws {
    let place = axis < 0 ? axis + shape.count : axis
    guard shape.indices.contains(place) else { throw TensorFault.axisOutOfRange(axis, shape: shape) }
    rest = Array(shape[..<place] + shape[(place + 1)...])
    inner = shape[(place + 1)...].reduce(1, *)
    length = shape[place]
  }

  var count: Int { rest.reduce(1, *) }

  func line(_ index: Int, of elements: UnsafeBufferPointer<Float>) -> Line {
    Line(
      first: index / inner * inner * length + index % inner, stride: inner, count: length, elements: elements)
  }
}

private struct Line: Collection {
  let first: Int
  let stride: Int
  let count: Int
  let elements: UnsafeBufferPointer<Float>

  var startIndex: Int { 0 }
  var endIndex: Int { count }
  func index(after index: Int) -> Int { index + 1 }
  subscript(index: Int) -> Double { Double(elements[first + index * stride]) }
}
