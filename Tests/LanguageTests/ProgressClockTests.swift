import Testing

@testable import Language

@Suite struct ProgressClockTests {
  @Test func theRestTakesAsLongAsTheBeginningDid() {
    var clock = ProgressClock()
    let start = ContinuousClock.now
    #expect(clock.remaining("a", share: 0, at: start) == nil)
    #expect(clock.remaining("a", share: 0.25, at: start + .seconds(0.5)) == nil)
    #expect(clock.remaining("a", share: 0.25, at: start + .seconds(2)) == .seconds(6))
    #expect(clock.remaining("a", share: 0.5, at: start + .seconds(4)) == .seconds(4))
    #expect(clock.remaining("a", share: 1, at: start + .seconds(8)) == nil)
  }

  /// A file that is gone on with, or the next piece of work.
  @Test func workThatBeganElsewhereIsNotCounted() {
    var clock = ProgressClock()
    let start = ContinuousClock.now
    _ = clock.remaining("a", share: 0.5, at: start)
    #expect(clock.remaining("a", share: 0.75, at: start + .seconds(3)) == .seconds(3))
    #expect(clock.remaining("b", share: 0.8, at: start + .seconds(9)) == nil)
    #expect(clock.remaining("b", share: 0.1, at: start + .seconds(20)) == nil)
  }

  /// Parts of a sentence count: the first seconds tell.
  @Test func theFirstSecondsTell() {
    var clock = ProgressClock()
    let start = ContinuousClock.now
    _ = clock.remaining("a", share: 0, at: start)
    for step in 1...20 {
      let left = clock.remaining("a", share: Double(step) / 200, at: start + .seconds(Double(step) * 0.1))
      if step >= 10 {
        #expect(left.map { abs($0 / .seconds(1) - (20 - Double(step) * 0.1)) < 0.01 } ?? false)
      }
    }
  }

  @Test(arguments: [
    (0.2, "1 s"), (12, "12 s"), (99, "99 s"), (100, "2 min"), (121, "3 min"), (7200, "2 h 0 min"),
    (7500, "2 h 5 min"),
  ])
  func showsWholeUnits(seconds: Double, text: String) {
    #expect(ProgressClock.text(.seconds(seconds)) == text)
  }
}
