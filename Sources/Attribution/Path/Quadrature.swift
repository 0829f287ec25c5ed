import RealModule

/// Where on the path, and with what weight, an integral over it is evaluated.
public enum Quadrature: String, Sendable, CaseIterable {
  /// alpha_k = k / (K-1), both ends included, plain mean: the choice of the method's authors.
  case uniform
  /// Gauss-Legendre on [0, 1]: exact for polynomials up to degree 2K-1, so a few points reach the completeness
  /// gap of many uniform ones. With `relu` the integrand has jumps, and the two are alike.
  case gauss
  /// alpha_k = k / K, plain mean: the grid of the authors of EAP-IG (Hanna et al., "Have Faith in Faithfulness", 2024).
  case left

  /// The points of `uniform`, of which the ends count half: its error falls as K^-2 instead of K^-1, and twice the steps take
  /// half of the points from before.
  case trapezoid

  /// The least K: a path with uniform steps has two ends.
  var minimumPoints: Int { containsEnds ? 2 : 1 }
  var containsEnds: Bool { self == .uniform || self == .trapezoid }

  /// K points, ascending; the weights add up to 1.
  func points(_ count: Int) -> [(alpha: Double, weight: Double)] {
    switch self {
    case .uniform: (0..<count).map { (Double($0) / Double(count - 1), 1 / Double(count)) }
    case .gauss: (0..<count).map { Self.legendrePoint($0, of: count) }
    case .left: (0..<count).map { (Double($0) / Double(count), 1 / Double(count)) }
    case .trapezoid:
      (0..<count).map { k in
        let isEnd = k == 0 || k == count - 1
        return (Double(k) / Double(count - 1), (isEnd ? 0.5 : 1) / Double(count - 1))
      }
    }
  }

  /// The roots x_i of P_K by Newton's method from Tricomi's approximation cos(pi (i + 3/4) / (K + 1/2)), and
  /// weights 2 / ((1 - x^2) P_K'(x)^2), both moved from [-1, 1] to [0, 1].
  private static func legendrePoint(_ index: Int, of count: Int) -> (alpha: Double, weight: Double) {
    let degree = Double(count)
    var x = -Double.cos(Double.pi * (Double(index) + 0.75) / (degree + 0.5))
    var slope = 1.0
    for _ in 0..<100 {
      let (value, previous) = legendre(count, x)
      slope = degree * (previous - x * value) / (1 - x * x)
      let step = value / slope
      x -= step
      if abs(step) < 1e-15 { break }
    }
    return ((x + 1) / 2, 1 / ((1 - x * x) * slope * slope))
  }

  /// P_K(x) and P_(K-1)(x) by the three-term recurrence.
  private static func legendre(_ count: Int, _ x: Double) -> (Double, Double) {
    var (value, previous) = (x, 1.0)
    for k in stride(from: 2, through: count, by: 1) {
      let k = Double(k)
      (value, previous) = (((2 * k - 1) * x * value - (k - 1) * previous) / k, value)
    }
    return (value, previous)
  }
}
