import Faults

/// A summary of a tensor's elements.
public struct TensorStatistics: Sendable, Equatable {
  public let shape: [Int]
  public let count: Int
  /// Over the finite elements, as all four; nil when there is none.
  public let min: Float?
  public let max: Float?
  public let mean: Double?
  /// Of the population: sqrt(mean((x - mean)^2)).
  public let standardDeviation: Double?
  public let nanCount: Int
  public let infinityCount: Int
}

extension Tensor {
  /// Range, mean and spread of the finite elements, and how many are not finite.
  ///
  /// Mean and deviation are summed in Double in two passes.
  ///
  /// - Throws: ``Interrupted``.
  public func statistics() throws -> TensorStatistics {
    try withUnsafeBufferPointer { values in
      var (least, greatest) = (Float.infinity, -Float.infinity)
      var (sum, squares) = (0.0, 0.0)
      var (finite, nan) = (0, 0)
      try values.indices.forEachPart { part in
        for value in values[part] {
          if value.isNaN { nan += 1 }
          guard value.isFinite else { continue }
          finite += 1
          sum += Double(value)
          least = Swift.min(least, value)
          greatest = Swift.max(greatest, value)
        }
      }
      let mean = sum / Double(finite)
      try values.indices.forEachPart { part in
        for value in values[part] where value.isFinite {
          squares += (Double(value) - mean) * (Double(value) - mean)
        }
      }
      let some = finite > 0
      return TensorStatistics(
        shape: shape, count: count, min: some ? least : nil, max: some ? greatest : nil,
        mean: some ? mean : nil, standardDeviation: some ? (squares / Double(finite)).squareRoot() : nil,
        nanCount: nan, infinityCount: count - finite - nan)
    }
  }
}
