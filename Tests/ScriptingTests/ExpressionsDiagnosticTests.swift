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
      "\"{x:.2f}\"", "unexpected-token",
      #"""
      error: expected `}`, found `:`
        "{x:.2f}"
           ^
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
      "2**3", "unexpected-token",
      #"""
      error: expected an expression, found `*`
        2**3
          ^
      note: a power is written `^`
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
