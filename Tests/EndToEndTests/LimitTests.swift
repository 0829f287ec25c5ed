import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// What the system or the user allows too little of: the result is right, or an error says what is missing. Never does a signal
/// end the program, nor does it hang.
@Suite struct LimitTests {
  /// Runs the program in a shell that has set limits.
  private func limited(_ limits: String, _ arguments: [String]) throws -> ProgramResult {
    let words = (["timeout", "-s", "KILL", "120", try builtProgram("ipsh")] + arguments).map {
      "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
    return try runProgram(
      executable: "/bin/sh", arguments: ["-c", limits + "exec " + words.joined(separator: " ")],
      environment: testEnvironment)
  }

  private func expectResultOrError(_ result: ProgramResult, _ expected: String, _ what: String) {
    if result.status == 0 {
      #expect(result.stdout.hasSuffix(expected), "\(what): \(result.stderr.suffix(300))")
    } else {
      #expect([1, 2].contains(result.status), "\(what): \(result)")
      #expect(
        result.stderr.contains("error: ") && result.stderr.contains("note: "), "\(what): \(result)")
    }
  }

  /// Scripts that take address space in different ways, with what they print.
  private static let scripts = [
    ("load \"demo\"\nprint forward(\"a [MASK] .\").position", "2\n"),
    (
      "load \"demo\"\nqoi is - are\nprint len(sweep(heads, on=sva_obj, rows=4, layers=1..1).node)", "12\n"
    ),
    (
      "let t = tensor(0..<1000000)\nlet l = []\nfor i in 0..<60 { let l = append(l, t + i) }\nprint len(l)",
      "60\n"
    ),
    (
      """
      let s = "a"
      for i in 0..<20 { let s = s + s }
      let l = []
      for i in 0..<150 { let l = append(l, s + "{i}") }
      print len(l)
      """, "150\n"
    ),
    ("let t = tensor(0..<1000000)\nfor i in 0..<7 { let t = tensor([t, t]) }\nprint t.count", "128000000\n"),
  ]

  @Test(arguments: [200_000, 400_000, 550_000, 700_000, 1_500_000])
  func addressSpace(kilobytes: Int) throws {
    for (index, (script, expected)) in Self.scripts.enumerated() {
      let result = try limited("ulimit -v \(kilobytes); ", ["-q", "-c", script])
      // Shared libraries that do not even load are the loader's business.
      if result.status == 127 { continue }
      expectResultOrError(result, expected, "\(kilobytes) kB, script \(index)")
    }
  }

  @Test(arguments: ["64", "256", "1024", "4096", "8192", "unlimited"])
  func stack(size: String) throws {
    let (script, expected) = Self.scripts[0]
    let result = try limited("ulimit -s \(size); ", ["-q", "-c", script])
    expectResultOrError(result, expected, "stack \(size)")
    #expect((result.status == 0) == (Int(size).map { $0 >= 4096 } ?? true))
  }

  /// A soft limit alone is raised.
  @Test func aSoftLimitOfTheStackIsRaised() throws {
    let (script, expected) = Self.scripts[0]
    let result = try limited("ulimit -Ss 256; ", ["-q", "-c", script])
    #expect(result.status == 0 && result.stdout.hasSuffix(expected), "\(result.stderr)")
  }

  /// The values go before the process does: lists of tensors and strings, what a function, `map` and a list literal are
  /// just making.
  @Test(arguments: [
    "let l = []\nfor i in 0..<500 { let l = append(l, t + i) }",
    "let l = []\nfor i in 0..<500 { let l = append(l, s + \"{i}\") }",
    "def f(x) { return t + x }\nlet l = map(0..<500, f)",
    "def f() {\n  let l = []\n  for i in 0..<500 { let l = append(l, t + i) }\n}\nf()",
    "let l = [\((0..<80).map { "t + \($0)" }.joined(separator: ", "))]",
    "let r = {\((0..<80).map { "f\($0): t + \($0)" }.joined(separator: ", "))}",
    "let l = tensor([\((0..<80).map { _ in "t" }.joined(separator: ", "))])",
  ])
  func valuesShareTheBudget(command: String) throws {
    let script = """
      let t = tensor(0..<1000000)
      let s = "a"
      for i in 0..<22 { let s = s + s }
      let kept = [t]
      try { \(command.contains("\n") ? "\n\(command)\n" : command) } catch e { print e.code }
      print len(kept) kept[0].count
      let kept = append(kept, t + 1)
      print len(kept)
      """
    let result = try limited("ulimit -v 3000000; ", ["-q", "--max-memory", "200M", "-c", script])
    #expect(
      (result.status, result.stdout) == (0, "memory-held\n1 1000000\n2\n"),
      "\(command.prefix(60)): \(result.stderr)")
  }

  /// What was freed does not count, and what is let go of makes room.
  @Test func garbageDoesNotCount() throws {
    let script = """
      let t = tensor(0..<1000000)
      for i in 0..<500 { let u = t + i }
      let l = []
      for i in 0..<40 { let l = append(l, t + i) }
      try { for i in 0..<40 { let l = append(l, t + i) } } catch e { print e.code len(l) }
      let l = []
      for i in 0..<40 { let l = append(l, t + i) }
      print len(l)
      """
    let result = try ipsh(["-q", "--max-memory", "240M", "-c", script])
    #expect(result.status == 0 && result.stdout.hasPrefix("memory-held "), "\(result)")
    #expect(result.stdout.hasSuffix("\n40\n"), "\(result)")
  }

  @Test(arguments: ["--threads", "--seed", "--max-memory"])
  func numbersOfTheCommandLine(option: String) throws {
    for value in ["-1", "1000000000000000000", "4e18", "1.5", "x"] {
      let result = try limited("ulimit -v 3000000; ", [option, value, "-c", "print 1"])
      #expect(
        result.status == 2 || (result.status, result.stdout) == (0, "1\n"), "\(option) \(value): \(result)")
    }
  }

  /// Whoever sets a limit beyond all numbers wants none.
  @Test func theLargestBudget() throws {
    let script = "load \"demo\"; print forward(\"a [MASK] .\").position"
    let result = try ipsh(["-q", "--max-memory", "9e18", "-c", script])
    #expect(result.status == 0 && result.stdout.hasSuffix("\n2\n"), "\(result)")
  }
}
