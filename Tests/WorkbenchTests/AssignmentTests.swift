import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// `x[0] = 5` and what it leaves alone.
@Suite struct AssignmentTests {
  @Test(arguments: [
    ("let x = [1, 2, 3]; let y = x; x[0] = 5; x[-1] += 10; print x y", "[5, 2, 13] [1, 2, 3]\n"),
    ("let x = [1, 2, 3]; x[1..2] = [8, 9]; print x", "[1, 8, 9]\n"),
    ("let x = [[1], [2]]; let y = x; x[1][0] = 7; print string(x) string(y)", "[[1], [7]] [[1], [2]]\n"),
    (
      "let r = {a: 1}; let s = r; r.b = 2; r[\"a b\"] = [3]; r[\"a b\"][0] = 4; print keys(r) r[\"a b\"] keys(s)",
      "[a, b, a b] [4] [a]\n"
    ),
    ("let r = {x: {y: [1, {z: 2}]}}; r.x.y[1].z *= 10; print r.x.y[1].z", "20\n"),
    ("let n = 1; n += 2; n *= 3; n -= 1; n /= 4; print n", "2\n"),
    ("let s = \"a\"; s += \"b\"; print s", "ab\n"),
    ("let l = [1]; l += [2]; print l", "[1, 2]\n"),
    (
      "let t = tensor([[1, 2], [3, 4]]); let u = t; t[0, 1] = 9; t[1] = [7, 8]; print t[0, 1] t[1, 0] u[0, 1]",
      "9 7 2\n"
    ),
    (
      "let t = tensor([[1, 2], [3, 4]]); t[:, 0] = 0; t[0..1, 1] *= 10; print list(t[0]) list(t[1])",
      "[0, 20] [0, 40]\n"
    ),
    ("let t = tensor([[1, 2], [3, 4]]); t[0][1] = 9; t[1] = t[0]; print list(t[1])", "[1, 9]\n"),
    (
      "let t = table([{a: 1, b: 2}, {a: 3, b: 4}]); let u = t; t.a[0] = 9; t[1].b = 8; t[0] = {b: 0, a: 7}; print t.a t.b u.a",
      "[7, 3] [0, 8] [1, 3]\n"
    ),
    (
      "let t = table([{a: 1}, {a: 3}]); t.c = 5; t[\"a b\"] = [1, 2]; t.a = 0..<2; t.c[0..1] = [8, 9]; print t.c t[\"a b\"] t.a",
      "[8, 9] [1, 2] [0, 1]\n"
    ),
    ("let t = table([{a: [1, 2]}]); t.a[0][1] = 5; t[0].a[0] = 4; print string(t.a)", "[[4, 5]]\n"),
    // The right side comes first, subscripts are evaluated once.
    ("def next(n) { print n; return n }\nlet x = [0, 0]; x[next(1)] += next(5); print x", "5\n1\n[0, 5]\n"),
    ("let x = [0, 0]; x[0] = x; print string(x)", "[[0, 0], 0]\n"),
    ("let x = [1, 2]; for i in 0..1 { x[i] *= 10 }; print x", "[10, 20]\n"),
    ("def f(x) { x[0] = 9; return x }\nlet a = [1]; print f(a) a", "[9] [1]\n"),
    ("let x = [1]; try { x[0] = 2; x[5] = 1 } catch e { print e.code }; print x", "index-range\n[2]\n"),
    ("let m = 1; try { m += \"a\" } catch e { print e.code }; print m", "bad-operands\n1\n"),
  ])
  func changesOneVariable(script: String, expected: String) throws {
    #expect(try TestShell().run(script) == expected)
  }

  @Test(arguments: [
    (
      "y[0] = 1",
      """
      test.ipscript:1:1: error: no variable is called `y`
        y[0] = 1
        ^
      note: `let y = ...` makes it
      """
    ),
    (
      "let s = \"abc\"\ns[0] = \"x\"",
      """
      test.ipscript:2:1: error: a string has no parts that can be assigned to
        s[0] = "x"
        ^~~~
      note: lists, records, tensors and tables have
      """
    ),
    (
      "let x = [1]\nx.count = 3",
      """
      test.ipscript:2:3: error: a list has no field that can be assigned to
        x.count = 3
          ^~~~~
      note: an element is changed by `x[0] = 5`
      """
    ),
    (
      "let r = {a: 1}\nr.b.c = 2",
      """
      test.ipscript:2:3: error: a record has no field `b`
        r.b.c = 2
          ^
      note: fields: a
      """
    ),
    (
      "let t = table([{a: 1}])\nt.a = [1, 2]",
      """
      test.ipscript:2:3: error: 2 values for a column of 1 row
        t.a = [1, 2]
          ^
      note: give one value for all rows, or one for each
      """
    ),
    (
      "let t = table([{a: 1}])\nt[0] = {b: 1}",
      """
      test.ipscript:2:1: error: a row has the fields a, found b
        t[0] = {b: 1}
        ^~~~
      """
    ),
    (
      "let m = tensor([[1, 2]])\nm[0] = [1, 2, 3]",
      """
      test.ipscript:2:1: error: a tensor of shape (3,) does not fit into the part of shape (2,)
        m[0] = [1, 2, 3]
        ^~~~
      """
    ),
    (
      "let x = [1, 2, 3]\nx[0..1] = [1]",
      """
      test.ipscript:2:1: error: a part of 2 elements takes a list of as many, found a list of 1
        x[0..1] = [1]
        ^~~~~~~
      """
    ),
    (
      "let total = 0\ndef f() { total += 1 }\nf()",
      """
      test.ipscript:2:11: error: `total` is a variable of the session, which a function reads only
        def f() { total += 1 }
                  ^~~~~
      note: `let total = total` makes a copy that is the function's own; `return` gives it back
      in `f`, called from test.ipscript:3:1
      """
    ),
  ])
  func failsWithTheWholeMessage(script: String, expected: String) throws {
    #expect(try TestShell().failure(script) == expected)
  }

  /// What one holds of the other would grow without end.
  @Test func doesNotNestWithoutEnd() throws {
    let shell = try TestShell()
    let script = "let x = [0]\nfor i in 0..1000 { x[0] = x }"
    #expect(shell.failure(script).contains("lists and records nest at most"))
    let functions = "let f = x => x\nfor i in 0..1000 { let f = x => [f, x] }"
    #expect(shell.failure(functions).contains("lists and records nest at most"))
  }

  /// A list is not copied for each element that changes.
  @Test func manyElementsChangeInPlace() throws {
    let shell = try TestShell()
    let script = """
      set max_turns 1000000
      let x = list(0..<1000000)
      for i in 0..<5000 { x[i] = 0 }
      print sum(x[0..<5000]) x[5000]
      """
    let clock = ContinuousClock()
    let start = clock.now
    #expect(try shell.run(script) == "0 5000\n")
    // Copied each time, it would take minutes.
    #expect(clock.now - start < .seconds(30))
  }

  @Test(arguments: [
    ("let a = [1]\nlet b = 2\na[0] = b\nlet c = 3", "a", ["let a = [1]", "let b = 2", "a[0] = b"]),
    ("let a = [1]\nlet b = a\na[0] = 5", "b", ["let a = [1]", "let b = a"]),
    (
      "let k = 2\nlet f = x => x * k\nlet k = 3\nlet y = f(1)", "y",
      ["let k = 2", "let f = x => x * k", "let y = f(1)"]
    ),
    ("let i = 7\nlet y = [i for i in 0..2]", "y", ["let y = [i for i in 0..2]"]),
    ("let n = 1\nn += 1\nlet m = 1", "n", ["let n = 1", "n += 1"]),
  ])
  func countsAsReadingAndWriting(session: String, name: String, expected: [String]) throws {
    let shell = try TestShell()
    let path = shell.path("saved.ipscript")
    try shell.run(session)
    try shell.run("save script \(name) \"\(path)\"")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.filter { !$0.hasPrefix("#") }.dropLast() == expected[...])
  }

  private func check(_ text: String) throws -> [String] {
    let interpreter = try TestShell().interpreter
    let findings = try interpreter.check([interpreter.parse(Source(name: "c.ipscript", text: text))])
    return findings.diagnostics.map { "\($0.span?.start.line ?? 0): \($0.code)" }
  }

  private let setup = "load \"demo\"\ntext \"the keys [MASK] here .\"\nqoi is - are\nlet q = forward().qoi\n"

  @Test(arguments: [
    "let x = [1, 2]\nx[0] = q\nprint x[1] + 1 x[0] + 1",
    "let t = L2.pattern[0]\nt[0, 1] = q\nprint t[0, 1] + 1",
    "let s = sweep(heads, layers=0, on=sva_obj, rows=2)\nlet t = table(list(s))\nt.drop = map(t.accuracy, a => 1 - a)\nprint t.drop",
    "let r = {a: 1}\nr.b = q\nprint r.b + 1 r.a", "let n = 0\nif q > 0 { n += 1 }\nprint n + 1",
    "let x = [q for i in 0..3 if q > i]\nfor v in x { print v + 1 }",
    "print [accuracy(t) for t in [sva_obj]][0] + 1",
    "print filter([1, 2], x => x > q)", "let f = x => x * q\nprint f(1) + 1", "print 1 if q > 0 else 2",
    "for k, v in {a: q} { print v + 1 }", "print \"{q:.2f} {q}\"", "print q in [1, 2] q in 0..3",
    "let t = table([{a: 1}])\nprint with_column(t, b, r => r.a + q).b",
    "print (L2.resid_post @ L2.resid_post[0])[0]",
    "let words = [\"is\"]\nfor w in words { print id(w) token(id(w)) }",
    "let i = 0\nlet x = [1, 2, 3]\nwhile q > i { x[i] = q; i += 1 }\nprint x[2]",
  ])
  func rightScriptsPassTheCheck(script: String) throws { #expect(try check(setup + script) == []) }

  @Test(arguments: [
    ("let x = [1, 2]\nx[5] = q", "index-range"), ("y[0] = q", "unknown-name"),
    ("let s = \"a\"\ns[0] = 1", "unchangeable"),
    ("let t = L2.pattern[0]\nt[0, 99] = 1", "tensor-index-out-of-range"),
    ("print [undefined for i in 0..3]", "unknown-name"),
    ("print [undefined for i in 0..3 if q > 0]", "unknown-name"),
    ("print map([1], x => undefined)", "unknown-name"),
    ("print 1 if q > 0 else undefined", "unknown-name"),
    ("print L2.resid_post @ L2.pattern[0, 0, 0..2]", "tensor-shape-mismatch"),
    ("for a, b in [[1, 2, 3]] { print a }", "not-taken-apart"), ("print \"{\"a\":.2f}\"", "wrong-type"),
    ("print token(1000000)", "id-range"), ("print id(nosuchwordatall)", "not-one-token"),
    ("def f() { q += 1 }\nf()", "not-own"), ("if [1] { }", "wrong-type"),
  ])
  func wrongOnesAreFound(script: String, code: String) throws {
    let lines = (setup + script).split(separator: "\n").count
    #expect(
      try check(setup + script).map { $0.split(separator: " ").last.map(String.init) } == [code], "\(lines)")
  }
}
