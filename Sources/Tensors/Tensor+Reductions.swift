import Faults
import RealModule

/// What becomes of many numbers when one is wanted.
public enum Reduction: String, Sendable, CaseIterable {
  case sum, mean, max, min, std, norm, argmax, argmin

  /// The result for `numbers`, computed in Double; nil when there is none for no numbers at all.
  ///
  /// `std` is that of the population, `norm` the Euclidean. The extremes are NaN when a number is, and their
  /// places are the first of several, both as in NumPy.
  ///
  /// - Throws: ``Interrupted``.
  public func callAsFunction(_ numbers: some Collection<Double>) throws -> Double? {
    switch self {
    case .sum: try sum(numbers) { $0 }
    case .norm: try sum(numbers) { $0 * $0 }.squareRoot()
    case .mean: numbers.isEmpty ? nil : try sum(numbers) { $0 } / Double(numbers.count)
    case .std: try deviation(numbers)
    case .max: try extreme(numbers, >)?.value
    case .min: try extreme(numbers, <)?.value
    case .argmax: try extreme(numbers, >).map { Double($0.place) }
    case .argmin: try extreme(numbers, <).map { Double($0.place) }
    }
  }

  private func sum(_ numbers: some Collection<Double>, of term: (Double) -> Double) throws -> Double {
    var steps = Steps()
    return try numbers.reduce(0) { sum, number in
      try steps.next()
      return sum + term(number)
    }
  }

  private func deviation(_ numbers: some Collection<Double>) throws -> Double? {
    guard let mean = try Reduction.mean(numbers) else { return nil }
    return (try sum(numbers) { ($0 - mean) * ($0 - mean) } / Double(numbers.count)).squareRoot()
  }

  private func extreme(
    _ numbers: some Collection<Double>, _ isBetter: (Double, Double) -> Bool
  ) throws -> (value: Double, place: Int)? {
    var best: (value: Double, place: Int)?
    var steps = Steps()
    for (place, number) in numbers.enumerated() {
      try steps.next()
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
    let result = try withUnsafeBufferPointer {
      try reduction(Line(first: 0, stride: 1, count: $0.count, elements: $0))
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
          guard let number = try reduction(lines.line(index, of: elements)) else {
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
    return try withUnsafeBufferPointer { elements in
      try Tensor(shape: shape) { target in
        for index in 0..<lines.count {
          let line = lines.line(index, of: elements)
          for (place, value) in try Tensor.softmax(line).enumerated() {
            target[line.first + place * line.stride] = Float(value)
          }
        }
      }
    }
  }

  /// The same of plain numbers.
  public static func softmax(_ numbers: some Collection<Double>) throws -> [Double] {
    let largest = try Reduction.max(numbers) ?? 0
    let powers = try numbers.interruptibleMap { Double.exp($0 - largest) }
    let sum = try Reduction.sum(powers) ?? 1
    return try powers.interruptibleMap { $0 / sum }
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
