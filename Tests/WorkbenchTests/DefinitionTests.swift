import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Functions that scripts define: arguments, scope, results, recursion, and the way an error is shown.
@Suite struct DefinitionTests {
  @Test(arguments: [
    ("def flipped(x) { return 1 - x }\nprint flipped(0.25)\nflipped(1)", "0.75\n0\n"),
    (
      "def f(a, b=a * 2, c=b + 1) { return [a, b, c] }\nprint f(1) f(1, 5) f(c=0, a=2) f(1, c=9)",
      "[1, 2, 3] [1, 5, 6] [2, 4, 0] [1, 2, 9]\n"
    ),
    ("let k = 1\ndef f(x=k) { return x }\nlet k = 2\nprint f()", "2\n"),
    ("let x = 1\ndef f() { let x = 2; return x }\nprint f() x", "2 1\n"),
    ("let x = 1\ndef f(x) { for i in 0..<3 { let x = x + i }; return x }\nprint f(10) x", "13 1\n"),
    ("let k = 5\ndef f() { return k + 1 }\nprint f()", "6\n"),
    ("def f() { }\nf()\nprint f() == null", "true\n"),
    ("def f() { return; print 1 }\nprint f() 1", "null 1\n"),
    ("def f(x) { for i in x { while true { if i > 1 { return i }; break } } }\nprint f(0..5)", "2\n"),
    (
      "def fact(n) { if n < 2 { return 1 }; return n * fact(n - 1) }\nprint \"{fact(18)}\"",
      "6402373705728000\n"
    ),
    (
      "def even(n) { if n == 0 { return true }; return odd(n - 1) }\ndef odd(n) { if n == 0 { return false }; return even(n - 1) }\nprint even(10) odd(10)",
      "true false\n"
    ),
    ("def f() { return 1 }\ndef f() { return 2 }\nprint f()", "2\n"),
    ("def apply(f, x) { return f(x) }\ndef twice(x) { return 2 * x }\nprint apply(twice, 4)", "8\n"),
    ("def f() { print \"in f\"; 5; return 6 }\nlet x = f()\nprint x", "in f\n6\n"),
    ("def f(a, b=1) { }\nf\nprint f.name f.parameters", "function f(a, b=1)\nf [a, b]\n"),
    ("def f() { quit }\nprint 1\nprint 2 + f()\nprint 3", "1\n"),
    ("def f() { with restore() { return 7 } }\nprint f()", "7\n"),
    ("def f() { try { return 7 } catch e { return 8 } }\nprint f()", "7\n"),
    ("def f(x) { return \"L{x}\" }\nprint \"{f(3)}\"", "L3\n"),
    ("def f() { time print 1 }\nf()", "1\n"),
  ])
  func runs(script: String, expected: String) throws { #expect(try TestShell().run(script) == expected) }

  @Test(arguments: [
    ("f(1)", "no command or function is called `f`"), ("let f = 1\nf(1)", "`f` is a number, not a function"),
    ("def f(a) { }\nf()", "`a` is missing"), ("def f(a) { }\nf(1, 2)", "too many arguments"),
    ("def f(a) { }\nf(1, a=2)", "`a` is given twice"), ("def f(a) { }\nf(1, b=2)", "`f` has no option `b`"),
    ("def f() { let hidden = 1 }\nf()\nprint hidden", "nothing is called `hidden`"),
    (
      "def f() { return g() }\ndef g() { return hidden }\ndef h(hidden) { return f() }\nh(1)",
      "nothing is called `hidden`"
    ),
  ])
  func explainsMistakes(script: String, message: String) throws {
    #expect(try TestShell().failure(script).contains("error: " + message))
  }

  @Test func nodesTakeParameters() throws {
    let script = """
      load "demo"
      text "paris [MASK] big ."
      def node(l, h) { return L{l}H{h} }
      print node(2, 1)
      def size(l) { return L{l}.pattern.shape }
      print size(1)[0] == model.heads
      for l in 0..<1 { for h in 0..<2 { with ablate(node(l, h)) { print l h "{node(l, h)}" } } }
      """
    let lines = try TestShell().run(script).split(separator: "\n").suffix(4)
    #expect(lines == ["L2H1", "true", "0 0 L0H0", "0 1 L0H1"])
  }

  @Test func errorsShowTheCalls() throws {
    let script = """
      def inner(n) { return [1][n] }
      def outer(n) {
        return inner(n)
      }
      print outer(5)
      """
    #expect(
      try TestShell().failure(script) == """
        test.ipscript:1:27: error: index 5 is out of range 0...0
          def inner(n) { return [1][n] }
                                    ^
        in `inner`, called from test.ipscript:3:10
        in `outer`, called from test.ipscript:5:7
        """)
    #expect(
      try TestShell().failure("def f() { return [][0] }\nf()", name: nil) == """
        error: index 0 into an empty list
          def f() { return [][0] }
                              ^
        in `f`, called as `f()`
        """)
  }

  @Test func errorsInSourcedFilesShowBothChains() throws {
    let shell = try TestShell()
    let library = shell.path("library.ipscript")
    try "def bad() { return [][0] }\nlet constant = 3\n".write(
      toFile: library, atomically: true, encoding: .utf8)
    let failure = shell.failure("def use() { source \"\(library)\"; return bad() + constant }\nuse()")
    #expect(
      failure == """
        \(library):1:23: error: index 0 into an empty list
          def bad() { return [][0] }
                                ^
        in `bad`, called from test.ipscript:1:\(31 + library.count)
        in `use`, called from test.ipscript:2:1
        included from test.ipscript:1:13
        """)
    // What a script binds is the session's, also when a function sources it.
    #expect(try shell.run("source \"\(library)\"\nprint constant") == "3\n")
  }

  @Test(arguments: [
    "def f(n) { return f(n + 1) }\nf(0)", "def f() { g() }\ndef g() { f() }\nf()",
    "def f(x=f()) { return x }\nf()",
    "def f() { return \(String(repeating: "(1 + ", count: 150))f()\(String(repeating: ")", count: 150)) }\nf()",
    "def f() { \(String(repeating: "if true { ", count: 100))f()\(String(repeating: " }", count: 100)) }\nf()",
    "def f() { \(String(repeating: "time ", count: 100))f() }\nf()",
    "def f(x) { return map([x], f) }\nf(1)",
  ])
  func recursionEnds(script: String) throws {
    let shell = try TestShell()
    let failure = shell.failure(script)
    let isLimit = failure.contains("functions call each other more than 200 deep")
    #expect(isLimit || failure.contains("nested too deep for the stack"), "\(failure)")
    #expect(failure.contains("more calls"))
    #expect(failure.split(separator: "\n").count < 15)
    #expect(try shell.run("def g(n) { if n == 0 { return 0 }; return g(n - 1) }\nprint g(150)") == "0\n")
  }

  @Test func recursionThroughSourceEnds() throws {
    let shell = try TestShell()
    let path = shell.path("again.ipscript")
    try "def f() { source \"\(path)\"\nf() }\nf()\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(shell.failure("source \"\(path)\"").contains("is already being sourced"))
  }

  @Test func aFailedCallLeavesTheSessionAsItWas() throws {
    let shell = try TestShell()
    try shell.run("let x = 1\nset precision 3\ndef f() { set precision 9; let x = 2; return [][0] }")
    _ = shell.failure("f()")
    #expect(try shell.run("set precision\nprint x") == "3\n1\n")
  }
}
