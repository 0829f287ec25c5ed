import Testing

@testable import Measurement

@Suite struct ConfidenceIntervalTests {
  /// Wilson's bounds are the shares p from which the observed one is z standard deviations of p away.
  @Test(arguments: [(1, 10), (5, 10), (9, 10), (45, 50), (199, 200), (1, 2)])
  func wilsonBoundsSolveTheirEquation(successes: Int, count: Int) {
    let interval = ConfidenceInterval.wilson(successes: successes, of: count)
    let observed = Double(successes) / Double(count)
    for p in [interval.lower, interval.upper] {
      let deviation = (p * (1 - p) / Double(count)).squareRoot()
      #expect(abs(abs(observed - p) - 1.959963984540054 * deviation) < 1e-12)
    }
    #expect(interval.lower < observed && observed < interval.upper)
  }

  /// z^2 / (n + z^2) away from the end.
  @Test func wilsonBoundsAtTheEnds() {
    let none = ConfidenceInterval.wilson(successes: 0, of: 20)
    #expect(none.lower == 0)
    #expect(abs(none.upper - 0.161125158) < 1e-8)
    let all = ConfidenceInterval.wilson(successes: 20, of: 20)
    #expect(all.upper == 1)
    #expect(abs(all.lower - 0.838874842) < 1e-8)
  }

  /// s = sqrt(5/3), so that s / sqrt(4) = 0.6454972.
  @Test func meansHaveTheNormalInterval() throws {
    let interval = try #require(ConfidenceInterval.mean(of: [1, 2, 3, 4]))
    #expect(abs(interval.lower - (2.5 - 1.2651513)) < 1e-6)
    #expect(abs(interval.upper - (2.5 + 1.2651513)) < 1e-6)
  }

  @Test func oneValueHasNoSpread() { #expect(ConfidenceInterval.mean(of: [3]) == nil) }
}
