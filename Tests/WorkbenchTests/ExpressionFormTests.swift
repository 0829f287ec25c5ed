import Testing

@testable import Language
@testable import Workbench

/// Functions without a name, lists made from others, choices, `in`, formats.
@Suite struct ExpressionFormTests {
  @Test(arguments: [
    ("let f = x => x + 1; print f(1) f(f(1))", "2 3\n"),
    (
      "print map([1, 2], x => x ^ 2) filter([1, 2, 3], x => x != 2) sort([3, 1, 2], by=x => -x)",
      "[1, 4] [1, 3] [3, 2, 1]\n"
    ),
    ("print map(zip([1, 2], [3, 4]), (a, b) => a * b) map([[1, 2]], p => len(p))", "[3, 8] [2]\n"),
    // It keeps what it sees.
    ("let k = 10; let f = x => x + k; let k = 20; print f(1)", "11\n"),
    ("let fs = []; for i in 0..2 { let fs = append(fs, () => i) }; print [g() for g in fs]", "[0, 1, 2]\n"),
    ("def adder(n) { return x => x + n }\nlet a = adder(2); let b = adder(3); print a(1) b(1)", "3 4\n"),
    ("def f(x) { let square = y => y * y; return map(x, y => square(y) + 1) }\nprint f([1, 2])", "[2, 5]\n"),
    ("print string(map([1, 2], x => map([10, 20], y => x + y)))", "[[11, 21], [12, 22]]\n"),
    // What it calls is looked up when it runs.
    ("let f = n => 1 if n <= 1 else n * f(n - 1); print f(5)", "120\n"),
    ("let f = x => g(x); let g = x => x * 2; print f(4)", "8\n"),
    ("let f = (a, b) => a - b; print f(b=1, a=3)", "2\n"),
    ("print type(x => x) x => x + 1", "function function x => x + 1\n"),
    (
      "print [x * 2 for x in 0..4 if x % 2 == 0] [[a, b] for a in 1..2 for b in [a, 9]]",
      "[0, 4, 8] [[1, 1], [1, 9], [2, 2], [2, 9]]\n"
    ),
    ("let x = 7; print [x for x in 1..2] x", "[1, 2] 7\n"),
    ("print [\"{k}={v}\" for k, v in {a: 1, b: 2}] [k for k in {a: 1}]", "[a=1, b=2] [a]\n"),
    ("def f(n) { return [x + n for x in 0..1] }\nprint f(5)", "[5, 6]\n"),
    (
      "print [r.a for r in table([{a: 1}, {a: 2}])] [c for c in list(\"ab\")] [x for x in tensor([1, 2])]",
      "[1, 2] [a, b] [1, 2]\n"
    ),
    ("for k, v in {a: 1, b: [2]} { print k v }", "a 1\nb [2]\n"), ("for k in {a: 1} { print k }", "a\n"),
    ("for i, w in enumerate([\"x\", \"y\"]) { print i w }", "0 x\n1 y\n"),
    ("for a, b in tensor([[1, 2], [3, 4]]) { print a b }", "1 2\n3 4\n"),
    ("for _, b in [[1, 2]] { print b }", "2\n"),
    (
      "print 1 in [1, 2] 3 not in [1, 2] \"a\" in \"cat\" \"b\" in {b: 1} 2 in 0..<2 \"a\" in table([{a: 1}]) 2 in tensor([1, 2])",
      "true true true true false true true\n"
    ),
    ("print not 1 in [2] null in [null] 0.5 in 0..3", "true true false\n"),
    ("print (1 if true else undefined) (undefined if false else 2)", "1 2\n"),
    (
      "print \"{3.14159:.2f}|{42:5d}|{0.1234:.1%}|{12345.678:.3g}|{\"abc\":>6}|{\"abc\":<6}|{\"abc\":^7}|\"",
      "3.14|   42|12.3%|1.23e+04|   abc|abc   |  abc  |\n"
    ),
    (
      "print \"{1234567:,d} {1234567.891:,.2f} {-3:+06.1f} {3:+} {5: d} {255:x} {0.5:e} {7:03} {1e6:g} {2.5:.0f}\"",
      "1,234,567 1,234,567.89 -003.0 +3  5 ff 5.000000e-01 007 1e+06 2\n"
    ),
    (
      "print \"{[0.123, 4]:.1f} {\"long text\":.4} {\"日本\":>6}| {true:>6} {0 - 1 / 0.0000001:.1e}\"",
      "[0.1, 4.0] long   日本|   true -1.0e+07\n"
    ),
    ("print \"{\"x\":*^5} {12:*>5} {-12:*=6}\"", "**x** ***12 -***12\n"),
    (
      "print all(matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])) == tensor([3, 7])) tensor([1, 2]) @ [3, 4]",
      "true 11\n"
    ),
    (
      "let a = tensor([[[1, 0], [0, 1]], [[2, 0], [0, 2]]]); print (a @ tensor([[1], [2]])).shape list((a @ tensor([1, 2]))[1])",
      "[2, 2, 1] [2, 4]\n"
    ),
    (
      "print transpose(tensor([[1, 2, 3], [4, 5, 6]])).shape transpose(tensor([[[1, 2]]]), [2, 0, -2]).shape list(transpose([[1, 2], [3, 4]])[0])",
      "[3, 2] [2, 1, 1] [1, 3]\n"
    ),
    ("print table([{a: 1}]) == table([{a: 1}]) table([{a: 1}]) == table([{b: 1}])", "true false\n"),
  ])
  func evaluates(script: String, expected: String) throws {
    #expect(try TestShell().run(script) == expected)
  }

  @Test func entriesOfVocabularies() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"")
    let same = try shell.run("print id(author) == id(\"author\") token(id(author)) token(4) id(\"[MASK]\")")
    #expect(same == "true author [MASK] 4\n")
    let word = try shell.run("let w = \"author\"\nprint id(w) == id(author) map([4, 2], token)")
    #expect(word == "true [[MASK], [CLS]]\n")
    try shell.run("load \"demo-gpt2\"")
    let blank = try shell.run("print token(id(the)) id(the) == id(\" the\") id(the) == id(\"the\")")
    #expect(blank.hasSuffix("true false\n"))
    #expect(shell.failure("print token(99999999)").contains("id 99999999 is out of range 0..."))
    #expect(shell.failure("print id(\"several words here\")").contains("is not one vocabulary entry"))
  }

  @Test(arguments: [
    (
      "print \"{\"a\":.2f}\"",
      """
      test.ipscript:1:13: error: the format `.2f` is for numbers, found string
        print "{"a":.2f}"
                    ^~~
      note: text takes `<8`, `>8`, `^8` or `.8`
      """
    ),
    (
      "print \"{0.5:d}\"",
      """
      test.ipscript:1:13: error: the format `d` is for whole numbers, found 0.5
        print "{0.5:d}"
                    ^
      note: `.0f` rounds
      """
    ),
    (
      "print [1] - [2]",
      """
      test.ipscript:1:7: error: `-` cannot combine list and list
        print [1] - [2]
              ^~~~~~~~~
      note: element by element: [a - b for a, b in zip(x, y)]; a column of a table: with_column(t, name, r => r.a - r.b)
      """
    ),
    (
      "print 1 in 5",
      """
      test.ipscript:1:7: error: `in` cannot combine number and number
        print 1 in 5
              ^~~~~~
      note: behind `in` stands a list, string, record, range, table or tensor
      """
    ),
    (
      "for a, b in [1, 2] { print a }",
      """
      test.ipscript:1:13: error: 2 names need elements that are lists of 2, found number
        for a, b in [1, 2] { print a }
                    ^~~~~~
      note: of a record `for key, value in r` takes the fields, of a table `for row in t` its rows
      """
    ),
    (
      "let f = n => f(n + 1)\nf(1)",
      """
      test.ipscript:1:14: error: functions call each other more than 200 deep
        let f = n => f(n + 1)
                     ^~~~~~~~
      note: let the recursion end earlier, or use a loop
      """
    ),
    (
      "print tensor([[1, 2]]) @ tensor([1, 2, 3])",
      """
      test.ipscript:1:7: error: cannot multiply matrices of shapes (1, 2) and (3,): the last size of the first is 2, the size of \
      the second 3
        print tensor([[1, 2]]) @ tensor([1, 2, 3])
              ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      """
    ),
    (
      "left_join(1, 2)",
      """
      test.ipscript:1:1: error: `left_join(...)` is written `join(t, u, by=NAME, how=left)` here
        left_join(1, 2)
        ^~~~~~~~~
      """
    ),
    (
      "set max_turns 10; let x = [i for i in 0..<20]",
      """
      test.ipscript:1:39: error: the loop has not ended after 10 turns
        set max_turns 10; let x = [i for i in 0..<20]
                                              ^~~~~~
      note: `set max_turns N` allows more, if it is to go on
      """
    ),
  ])
  func failsWithTheWholeMessage(script: String, expected: String) throws {
    #expect(try TestShell().failure(script) == expected)
  }
}
