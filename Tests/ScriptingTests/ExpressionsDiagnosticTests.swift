import Testing

/// The diagnostics of expressions whole, carets included.
@Suite struct ExpressionsDiagnosticTests {

  @Test(arguments: [
    (
      "\"{}\"", "unexpected-token",
      #"""
      error: expected an expression, found `}`
        "{}"
          ^
      """#
    ),
    (
      "\"{1 +}\"", "unexpected-token",
      #"""
      error: expected an expression, found `}`
        "{1 +}"
             ^
      """#
    ),
    (
      "\"{x:.2k}\"", "invalid-format",
      #"""
      error: `.2k` is no format: `k` has no meaning there
        "{x:.2k}"
            ^~~
      note: formats are those of Python: {x:.2f} {x:.3g} {x:e} {n:5d} {n:,d} {p:.1%} {s:<8} {s:>8} {s:^8} {x:+08.3f}
      """#
    ),
    (
      "\"{x:}\"", "invalid-format",
      #"""
      error: `` is no format: nothing stands behind `:`
        "{x:}"
            ^
      note: formats are those of Python: {x:.2f} {x:.3g} {x:e} {n:5d} {n:,d} {p:.1%} {s:<8} {s:>8} {s:^8} {x:+08.3f}
      """#
    ),
    (
      "\"{x:2000d}\"", "invalid-format",
      #"""
      error: `2000d` is no format: the width is at most 1000
        "{x:2000d}"
            ^~~~~
      note: formats are those of Python: {x:.2f} {x:.3g} {x:e} {n:5d} {n:,d} {p:.1%} {s:<8} {s:>8} {s:^8} {x:+08.3f}
      """#
    ),
    (
      "f\"{x}\"", "foreign-syntax",
      #"""
      error: `f"{x}"` is written `"{x}"`
        f"{x}"
        ^
      """#
    ),
    (
      "map(xs, lambda x, y: x + y)", "foreign-syntax",
      #"""
      error: `lambda x, y: x + y` is written `(x, y) => x + y`
        map(xs, lambda x, y: x + y)
                ^~~~~~
      """#
    ),
    (
      "(x is not None)", "foreign-syntax",
      #"""
      error: `x is not None` is written `x != null`
        (x is not None)
           ^~~~~~~~~~~
      """#
    ),
    (
      "x is 3", "foreign-syntax",
      #"""
      error: `x is 3` is written `x == 3`
        x is 3
          ^~~~
      """#
    ),
    (
      "print 7 // n", "foreign-syntax",
      #"""
      error: `7 // n` is written `floor(7 / n)`
        print 7 // n
                ^~
      """#
    ),
    (
      "f = x -> x + 1", "assignment-without-let",
      #"""
      error: `f = ...` needs `let`
        f = x -> x + 1
          ^
      note: write `let f = ...`
      """#
    ),
    (
      "let f = x -> x + 1", "foreign-syntax",
      #"""
      error: `x -> x` is written `x => x`
        let f = x -> x + 1
                  ^~
      """#
    ),
    (
      "xs.mean(1)", "foreign-syntax",
      #"""
      error: `xs.mean(1)` is written `mean(xs, 1)`
        xs.mean(1)
        ^~~~~~~
      """#
    ),
    (
      "xs.append(3)", "foreign-syntax",
      #"""
      error: `xs.append(3)` is written `let xs = append(xs, 3)`
        xs.append(3)
        ^~~~~~~~~
      """#
    ),
    (
      "xs.nothing(3)", "not-callable",
      #"""
      error: only a name can be called
        xs.nothing(3)
        ^~~~~~~~~~
      """#
    ),
    (
      "[x, y for x in xs]", "unexpected-token",
      #"""
      error: expected `,` or `]`, found the reserved word `for`
        [x, y for x in xs]
              ^~~
      note: several values for each element stand in brackets of their own: `[[a, b] for ...]`
      """#
    ),
    (
      "[x for x in xs else 3]", "unexpected-token",
      #"""
      error: expected `,` or `]`, found the reserved word `else`
        [x for x in xs else 3]
                       ^~~~
      """#
    ),
    (
      "(a if b)", "unexpected-token",
      #"""
      error: expected `else` and the other value, found `)`
        (a if b)
               ^
      note: a choice is written `a if condition else b`
      """#
    ),
    (
      "(a, a) => 1", "duplicate-parameter",
      #"""
      error: the function has a second parameter `a`
        (a, a) => 1
            ^
      """#
    ),
    (
      "(L3, a) => 1", "invalid-name",
      #"""
      error: `L3` reads as a node and cannot be a name
        (L3, a) => 1
         ^~
      """#
    ),
    (
      "1 + x => 2", "unexpected-token",
      #"""
      error: expected the end of the statement, found `=>`
        1 + x => 2
              ^~
      """#
    ),
    (
      "a in b in c", "chained-operators",
      #"""
      error: `in` cannot follow another comparison
        a in b in c
               ^~
      note: join comparisons with `and`: `a < b and b < c`
      """#
    ),
    (
      "(1", "unclosed-bracket",
      #"""
      error: `(` is never closed
        (1
        ^
      """#
    ),
    (
      "(1 2)", "unexpected-token",
      #"""
      error: expected `)`, found the number `2`
        (1 2)
           ^
      """#
    ),
    (
      "[1, 2", "unclosed-bracket",
      #"""
      error: `[` is never closed
        [1, 2
        ^
      """#
    ),
    (
      "[1 2]", "unexpected-token",
      #"""
      error: expected `,` or `]`, found the number `2`
        [1 2]
           ^
      """#
    ),
    (
      "{a: 1", "unclosed-bracket",
      #"""
      error: `{` is never closed
        {a: 1
        ^
      """#
    ),
    (
      "{a 1}", "unexpected-token",
      #"""
      error: expected `:` after the key, found the number `1`
        {a 1}
           ^
      """#
    ),
    (
      "{1: 2}", "unexpected-token",
      #"""
      error: expected a key, found the number `1`
        {1: 2}
         ^
      """#
    ),
    (
      "{a: 1, a: 2}", "duplicate-key",
      #"""
      error: the record has a second `a`
        {a: 1, a: 2}
               ^
      """#
    ),
    (
      "{\"{x}\": 1}", "unexpected-token",
      #"""
      error: expected a key without interpolation, found an expression
        {"{x}": 1}
           ^
      """#
    ),
    (
      "(1]", "unexpected-token",
      #"""
      error: expected `)`, found `]`
        (1]
          ^
      """#
    ),
    (
      "a < b < c", "chained-operators",
      #"""
      error: `<` cannot follow another comparison
        a < b < c
              ^
      note: join comparisons with `and`: `a < b and b < c`
      """#
    ),
    (
      "a == b != c", "chained-operators",
      #"""
      error: `!=` cannot follow another comparison
        a == b != c
               ^~
      note: join comparisons with `and`: `a < b and b < c`
      """#
    ),
    (
      "1..2..3", "chained-operators",
      #"""
      error: `..` cannot follow another range
        1..2..3
            ^~
      """#
    ),
    (
      "a + not b", "unexpected-token",
      #"""
      error: expected an operand, found the reserved word `not`
        a + not b
            ^~~
      note: put `not` and what it negates in parentheses
      """#
    ),
    (
      "a ==\n", "unexpected-end",
      #"""
      error: expected an expression, found the end of the text
        a ==
            ^
      """#
    ),
    (
      "a + # c\n\n", "unexpected-end",
      #"""
      error: expected an expression, found the end of the text
        a + # c
           ^
      """#
    ),
    (
      "2**3", "foreign-syntax",
      #"""
      error: `2 ** 3` is written `2 ^ 3`
        2**3
         ^~
      """#
    ),
    (
      "* a", "unexpected-token",
      #"""
      error: expected an expression, found `*`
        * a
        ^
      """#
    ),
    (
      "a.b(1)", "not-callable",
      #"""
      error: only a name can be called
        a.b(1)
        ^~~
      """#
    ),
    (
      "f(1)(2)", "not-callable",
      #"""
      error: only a name can be called
        f(1)(2)
        ^~~~
      """#
    ),
    (
      "f(1", "unclosed-bracket",
      #"""
      error: `(` is never closed
        f(1
         ^
      """#
    ),
    (
      "f(1 2)", "unexpected-token",
      #"""
      error: expected `,` or `)`, found the number `2`
        f(1 2)
            ^
      """#
    ),
    (
      "f(=3)", "unexpected-token",
      #"""
      error: expected an expression, found `=`
        f(=3)
          ^
      """#
    ),
    (
      "f(a=)", "unexpected-token",
      #"""
      error: expected an expression, found `)`
        f(a=)
            ^
      """#
    ),
    (
      "t[]", "unexpected-token",
      #"""
      error: expected a subscript, found `]`
        t[]
          ^
      """#
    ),
    (
      "t[1:3]", "unexpected-token",
      #"""
      error: expected `,` or `]`, found `:`
        t[1:3]
           ^
      note: a range is written `0..2` or `0..<3`
      """#
    ),
    (
      "t[1,]", "unexpected-token",
      #"""
      error: expected a subscript, found `]`
        t[1,]
            ^
      """#
    ),
    (
      "t.", "unexpected-end",
      #"""
      error: expected a field name directly after `.`, found the end of the text
        t.
          ^
      """#
    ),
    (
      "t.5", "unexpected-token",
      #"""
      error: expected a field name directly after `.`, found the number `5`
        t.5
          ^
      """#
    ),
    (
      "t. x", "unexpected-token",
      #"""
      error: expected a field name directly after `.`, found `x`
        t. x
           ^
      """#
    ),
  ])
  func readWhole(_ text: String, _ code: String, _ expected: String) throws {
    try expectDiagnostic(of: text, code, expected)
  }
}
