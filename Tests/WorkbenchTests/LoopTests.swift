import Faults
import Synchronization
import Testing

@testable import Language
@testable import Workbench

/// Loops, and how they are stopped.
@Suite struct LoopTests {
  @Test(arguments: [
    ("let i = 0\nwhile i < 3 { print i; let i = i + 1 }", "0\n1\n2\n"),
    ("while false { print 1 }", ""),
    ("for i in 0..<9 { if i == 1 { continue }; if i == 3 { break }; print i }", "0\n2\n"),
    (
      "let i = 0\nwhile true { let i = i + 1; if i % 2 == 0 { continue }; if i > 5 { break }; print i }\nprint i",
      "1\n3\n5\n7\n"
    ),
    ("for i in 0..<2 { for j in 0..<5 { if j == 1 { break }; print i j } }", "0 0\n1 0\n"),
    ("for i in 0..<3 { try { if i == 1 { continue }; print i } catch e { } }", "0\n2\n"),
    ("for i in 0..<3 { with restore() { if i == 1 { break }; print i } }\nprint \"end\"", "0\nend\n"),
    ("for i in 0..<3 { time break }\nprint i", "0\n"),
    ("while true { print 1; quit }\nprint 2", "1\n"),
  ])
  func runs(script: String, expected: String) throws { #expect(try TestShell().run(script) == expected) }

  @Test func aConditionIsTrueOrFalse() throws {
    #expect(
      try TestShell().failure("while 1 { }") == """
        test.ipscript:1:7: error: a condition expects true or false, found number
          while 1 { }
                ^
        """)
  }

  /// Every way to go on for ever asks again and again whether to stop.
  @Test(arguments: [
    "while true { }", "while true { continue }", "for i in 0..<1000000000000 { }",
    "def f() { return true }\nwhile f() { }", "while true { try { [][0] } catch e { } }",
    "try { while true { } } catch e { print \"caught\" }", "while true { with restore() { let x = 1 } }",
    "def one(x) { return x }\nlet l = list(0..<3000)\nprint map(l, one)",
  ])
  func isInterrupted(script: String) throws {
    let asked = Atomic(0)
    let shell = try TestShell(checkInterruption: {
      if asked.add(1, ordering: .relaxed).newValue > 2000 { throw Interrupted() }
    })
    #expect(throws: Interrupted.self) { try shell.run(script) }
  }
}
