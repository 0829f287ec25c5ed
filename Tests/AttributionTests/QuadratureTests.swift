import Testing

@testable import Attribution

@Suite struct QuadratureTests {
  @Test func uniformPointsHaveBothEnds() {
    let points = Quadrature.uniform.points(5)
    #expect(points.map(\.alpha) == [0, 0.25, 0.5, 0.75, 1])
    #expect(points.allSatisfy { $0.weight == 0.2 })
  }

  @Test func endsOfTheTrapezoidCountHalf() {
    let points = Quadrature.trapezoid.points(5)
    #expect(points.map(\.alpha) == [0, 0.25, 0.5, 0.75, 1])
    #expect(points.map(\.weight) == [0.125, 0.25, 0.25, 0.25, 0.125])
  }

  /// Exact for x^p up to p = 2K - 1, and no further.
  @Test(arguments: [1, 2, 3, 8, 50, 121])
  func gaussIntegratesPolynomials(_ count: Int) {
    let points = Quadrature.gauss.points(count)
    #expect(points.count == count)
    #expect(zip(points, points.dropFirst()).allSatisfy { $0.alpha < $1.alpha })
    #expect(points.allSatisfy { 0 < $0.alpha && $0.alpha < 1 && $0.weight > 0 })
    for power in 0..<2 * count {
      let sum = points.reduce(0) { sum, point in
        sum + point.weight * (0..<power).reduce(1) { product, _ in product * point.alpha }
      }
      #expect(abs(sum * Double(power + 1) - 1) < 1e-11, "x^\(power) at \(count) points")
    }
    let next = points.reduce(0) { sum, point in
      sum + point.weight * (0..<2 * count).reduce(1) { product, _ in product * point.alpha }
    }
    if count < 4 { #expect(abs(next * Double(2 * count + 1) - 1) > 1e-4) }
  }
}
