/// Bounds that hold the true value in 95 % of samples.
public struct ConfidenceInterval: Sendable, Equatable {
  public let lower: Double
  public let upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The 0.975 quantile of the standard normal distribution.
  static let quantile = 1.959963984540054

  /// Of the share `successes / count`: Wilson's score interval (Wilson 1927), which stays within 0 ... 1.
  ///
  /// - Precondition: 0 <= successes <= count, count > 0.
  public static func wilson(successes: Int, of count: Int) -> ConfidenceInterval {
    precondition(count > 0 && 0...count ~= successes, "\(successes) of \(count)")
    let (n, share, z) = (Double(count), Double(successes) / Double(count), quantile)
    let center = (share + z * z / (2 * n)) / (1 + z * z / n)
    let margin = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // The bounds are 0 and 1 exactly where no row or every row succeeds, but for rounding.
    return ConfidenceInterval(
      lower: successes == 0 ? 0 : center - margin, upper: successes == count ? 1 : center + margin)
  }

  /// Of a mean: the normal approximation, mean +- z s / sqrt(n) with the sample deviation s (n - 1).
  ///
  /// nil for fewer than two values, which tell nothing of their spread.
  public static func mean(of values: [Double]) -> ConfidenceInterval? {
    guard values.count > 1 else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let margin = quantile * (variance / n).squareRoot()
    return ConfidenceInterval(lower: mean - margin, upper: mean + margin)
  }
}
