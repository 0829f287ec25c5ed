import Foundation
import Testing

@Suite struct LanguageTests {
  @Test(arguments: [
    ("print 1 + 2 * 3 ^ 2", "19\n"),
    ("print 7 % 3 -7 % 3", "1 2\n"),
    ("print 0.1 + 0.2", "0.30000000000000004\n"),
    ("let x = [1, 2, 3]\nprint x[0] x[-1] x[1..2]", "1 3 [2, 3]\n"),
    ("let r = {a: 1, \"b c\": \"t\"}\nprint r.a r[\"b c\"]", "1 t\n"),
    ("let n = 3\nprint \"n is {n} and {n + 1}\" r\"{n}\"", "n is 3 and 4 {n}\n"),
    ("for i in 0..<3 { print i }", "0\n1\n2\n"),
    ("for i in 1..2 { for j in [\"a\", \"b\"] { print \"{i}{j}\" } }", "1a\n1b\n2a\n2b\n"),
    ("if 1 < 2 and not false { print \"yes\" } else { print \"no\" }", "yes\n"),
    ("if 1 > 2 { print 1 } else if \"a\" < \"b\" { print 2 } else { print 3 }", "2\n"),
    ("1 + 1\nprint _ * 10", "2\n20\n"),
    ("print [1, 2] == [1, 2] [1] == [2] null == null", "true false true\n"),
    ("print (0..<4).count \"héllo\".count", "4 5\n"),
    ("print true or undefined_name", "true\n"),
    ("let t = \"a\" + \"b\"; print t", "ab\n"),
    ("print [1] + [2]", "[1, 2]\n"),
    ("with restore(), restore() { let x = 3; print x }\nprint x", "3\n3\n"),
    ("for l in 0..<2 { for h in 0..<2 { with restore() { print l h } } }", "0 0\n0 1\n1 0\n1 1\n"),
    ("with restore() { print 1; quit }\nprint 2", "1\n"),
  ])
  func evaluates(script: String, expected: String) throws {
    #expect(try TestShell().run(script) == expected)
  }

  @Test(arguments: [
    (
      "let patern = 1\nprint pattern",
      """
      test.ipscript:2:7: error: nothing is called `pattern`
        print pattern
              ^~~~~~~
      note: did you mean `patern`?
      """
    ),
    (
      "tokenise \"a\"",
      """
      test.ipscript:1:1: error: unknown command `tokenise`
        tokenise "a"
        ^~~~~~~~
      note: did you mean `tokenize`?
      """
    ),
    (
      "print [1, 2][2]",
      """
      test.ipscript:1:14: error: index 2 is out of range 0...1
        print [1, 2][2]
                     ^
      """
    ),
    (
      "if 1 { print 2 }",
      """
      test.ipscript:1:4: error: a condition expects true or false, found number
        if 1 { print 2 }
           ^
      """
    ),
    (
      "print 1 / 0",
      """
      test.ipscript:1:7: error: division by zero
        print 1 / 0
              ^~~~~
      """
    ),
    (
      "print 1 + \"a\"",
      """
      test.ipscript:1:7: error: `+` cannot combine number and string
        print 1 + "a"
              ^~~~~~~
      note: a string takes a value in by braces: "layer {l}"
      """
    ),
    (
      "set precision 99",
      """
      test.ipscript:1:15: error: `precision` expects a whole number from 1 to 17, found `99`
        set precision 99
                      ^~
      """
    ),
    (
      "forward toop=3",
      """
      test.ipscript:1:9: error: `forward` has no option `toop`
        forward toop=3
                ^~~~
      note: did you mean `top`?
      """
    ),
    (
      "forward top=1.5",
      """
      test.ipscript:1:13: error: `top` expects a whole number, found 1.5
        forward top=1.5
                    ^~~
      """
    ),
    (
      "show L0",
      """
      test.ipscript:1:6: error: no model is loaded
        show L0
             ^~
      note: load one first, e.g. `load "demo"`
      """
    ),
  ])
  func failsWithTheWholeMessage(script: String, expected: String) throws {
    #expect(try TestShell().failure(script).trimmed == expected)
  }

  @Test func failedCommandsLeaveTheSessionAsItWas() throws {
    let shell = try TestShell()
    try shell.run("let x = 1\nset precision 3")
    _ = shell.failure("let x = [1][7]")
    _ = shell.failure("set precision 0")
    _ = shell.failure("load \"/nonexistent\"")
    #expect(try shell.run("print x\nset precision") == "1\n3\n")
  }

  @Test func sourcesReportTheIncludeChainAndCycles() throws {
    let shell = try TestShell()
    let inner = shell.path("inner.ipscript")
    let outer = shell.path("outer.ipscript")
    try "print 1\nprint [][0]\n".write(toFile: inner, atomically: true, encoding: .utf8)
    try "source \"inner.ipscript\"\n".write(toFile: outer, atomically: true, encoding: .utf8)
    let failure = shell.failure("source \"\(outer)\"")
    #expect(failure.contains("\(inner):2:10: error: index 0 into an empty list"))
    #expect(failure.contains("included from \(outer):1:1"))
    #expect(failure.contains("included from test.ipscript:1:1"))
    try "source \"outer.ipscript\"\n".write(toFile: inner, atomically: true, encoding: .utf8)
    #expect(shell.failure("source \"\(outer)\"").contains("\(outer) is already being sourced"))
  }
}

extension String {
  var trimmed: String { trimmingCharacters(in: .newlines) }
}
