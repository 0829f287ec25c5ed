import Tensors

/// Means of activations over sequences.
public struct ActivationMeans: Sendable {
  /// Sums of one site, in Double.
  private struct Sums {
    /// Sizes of one position's part.
    let inner: [Int]
    /// (longest, inner)
    var values: [Double] = []
  }

  private var sums: [Site: Sums] = [:]
  /// How many sequences have each position.
  private var counts: [Int] = []

  public init() {}

  /// Tokens of the longest sequence.
  public var length: Int { counts.count }

  /// Tokens of the shortest sequence.
  public private(set) var shortest = Int.max

  /// Adds one sequence.
  ///
  /// - Parameter activations: (n, ...) each
  public mutating func add(_ activations: [Site: Tensor], length: Int) {
    counts += Array(repeating: 0, count: max(0, length - counts.count))
    for position in 0..<length { counts[position] += 1 }
    shortest = min(shortest, length)
    for (site, tensor) in activations {
      var sum = sums[site] ?? Sums(inner: Array(tensor.shape.dropFirst()))
      sum.values += Array(repeating: 0, count: max(0, tensor.count - sum.values.count))
      tensor.withUnsafeBufferPointer { source in
        for i in source.indices { sum.values[i] += Double(source[i]) }
      }
      sums[site] = sum
    }
  }

  /// The mean of a site at each position over the sequences that have it: (longest, ...).
  ///
  /// - Precondition: each added sequence had the site.
  public func perPosition(_ site: Site) -> Tensor {
    let sum = sums(of: site)
    let width = sum.inner.reduce(1, *)
    return Tensor(
      shape: [counts.count] + sum.inner,
      sum.values.enumerated().map { Float($1 / Double(counts[$0 / width])) })
  }

  /// The mean of a site over all positions of all sequences, as a sequence of one: (1, ...).
  ///
  /// - Precondition: each added sequence had the site.
  public func overall(_ site: Site) -> Tensor {
    let sum = sums(of: site)
    let width = sum.inner.reduce(1, *)
    let tokens = Double(counts.reduce(0, +))
    var total = [Double](repeating: 0, count: width)
    for (i, value) in sum.values.enumerated() { total[i % width] += value }
    return Tensor(shape: [1] + sum.inner, total.map { Float($0 / tokens) })
  }

  private func sums(of site: Site) -> Sums {
    guard let sum = sums[site] else { preconditionFailure("nothing was added of \(site.name)") }
    return sum
  }
}
