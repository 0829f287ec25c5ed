import Foundation
import Testing

@testable import Checkpoints

@Suite struct NamePatternTests {
  @Test(arguments: [
    ("step*", "step10", true), ("step*", "step", true), ("step*", "a-step1", false), ("*", "", true),
    ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("step?", "step1", true),
    ("step?", "step12", false),
    ("step[0-3]", "step2", true), ("step[0-3]", "step4", false), ("step[!0-3]", "step4", true),
    ("step[^0]", "step0", false),
    ("x[]a]", "x]", true), ("x[a", "x[a", true), ("x[a-]", "x-", true), ("é", "e\u{301}", false),
    ("", "a", false),
  ])
  func names(pattern: String, name: String, isMatch: Bool) {
    #expect(NamePattern(pattern).matches(name) == isMatch)
  }

  @Test func wildcards() {
    #expect(!NamePattern("step[1").hasWildcards && NamePattern("step[1]").hasWildcards)
  }

  /// As the C library has it.
  @Test func asFnmatch() {
    func random(_ characters: String) -> String {
      String((0..<Int.random(in: 0...6)).map { _ in characters.randomElement() ?? "a" })
    }
    for _ in 0..<5000 {
      let (pattern, name) = (random("ab*?"), random("ab"))
      #expect(NamePattern(pattern).matches(name) == (fnmatch(pattern, name, 0) == 0), "\(pattern) \(name)")
    }
  }

  @Test func manyStarsTakeNoTime() {
    let pattern = NamePattern(String(repeating: "*a", count: 2000) + "b")
    #expect(!pattern.matches(String(repeating: "a", count: 4000)))
  }
}
