import ExactText
import Testing

@Suite struct NaturalOrderTests {
  private let ordered = [
    "", "checkpoint-9", "checkpoint-10", "seed_2", "seed_2-step_0k", "seed_2-step_20k", "seed_2-step_100k",
    "seed_10", "step",
    "step0", "step00", "step01", "step1", "step1b", "step2", "step10", "step99999999999999999999999",
    "step100000000000000000000000",
    "stepé",
  ]

  @Test func numbersCount() {
    #expect(ordered.shuffled().sorted(by: naturallyPrecedes) == ordered)
  }

  /// Of every two different texts exactly one precedes.
  @Test func theOrderIsTotal() {
    for (i, a) in ordered.enumerated() {
      for (j, b) in ordered.enumerated() { #expect(naturallyPrecedes(a, b) == (i < j), "\(a) \(b)") }
    }
  }

  @Test func transitive() {
    let texts = (0..<60).map { _ in
      String((0..<Int.random(in: 0...5)).map { _ in "012a-".randomElement() ?? "a" })
    }
    for a in texts {
      for b in texts where naturallyPrecedes(a, b) {
        for c in texts where naturallyPrecedes(b, c) { #expect(naturallyPrecedes(a, c), "\(a) \(b) \(c)") }
      }
    }
  }
}
