import Testing

/// The diagnostics of literals whole, carets included.
@Suite struct LiteralsDiagnosticTests {

  @Test(arguments: [
    (
      "print 'a'", "invalid-character",
      #"""
      error: unexpected character `'` (U+0027)
        print 'a'
              ^
      note: strings stand in double quotes: "..."
      """#
    ),
    (
      "let s = “a”", "invalid-character",
      #"""
      error: unexpected character `“` (U+201C)
        let s = “a”
                ^
      note: strings stand in double quotes: "..."
      """#
    ),
    (
      "a && b", "invalid-character",
      #"""
      error: unexpected character `&` (U+0026)
        a && b
          ^
      note: write `and`
      """#
    ),
    (
      "a || b", "invalid-character",
      #"""
      error: unexpected character `|` (U+007C)
        a || b
          ^
      note: write `or`
      """#
    ),
    (
      "!a", "invalid-character",
      #"""
      error: unexpected character `!` (U+0021)
        !a
        ^
      note: write `not`, or `!=` for unequal
      """#
    ),
    (
      "print $x", "invalid-character",
      #"""
      error: unexpected character `$` (U+0024)
        print $x
              ^
      note: variables have no sign in front: write `name`
      """#
    ),
    (
      "print \0 1", "invalid-character",
      #"""
      error: unexpected character U+0000
        print \u{0} 1
              ^~~~~
      """#
    ),
    (
      "a\u{A0}b", "invalid-character",
      #"""
      error: unexpected character U+00A0 NO-BREAK SPACE
        a b
         ^
      note: write an ordinary blank
      """#
    ),
    (
      "a \u{202E} b", "invalid-character",
      #"""
      error: unexpected character U+202E RIGHT-TO-LEFT OVERRIDE
        a \u{202E} b
          ^~~~~~~~
      """#
    ),
    (
      "a – b", "invalid-character",
      #"""
      error: unexpected character `–` (U+2013)
        a – b
          ^
      note: write the ASCII hyphen `-`
      """#
    ),
    (
      "a\rb", "invalid-character",
      #"""
      error: unexpected character U+000D
        a\u{D}b
         ^~~~~
      """#
    ),
    (
      "x \u{FEFF}", "invalid-character",
      #"""
      error: unexpected character U+FEFF ZERO WIDTH NO-BREAK SPACE
        x \u{FEFF}
          ^~~~~~~~
      """#
    ),
    (
      "let s = \"abc", "unterminated-string",
      #"""
      error: this string is not closed on its line
        let s = "abc
                ^
      note: a line end inside a string is written `\n`
      """#
    ),
    (
      "let s = \"abc\n\"", "unterminated-string",
      #"""
      error: this string is not closed on its line
        let s = "abc
                ^
      note: a line end inside a string is written `\n`
      """#
    ),
    (
      "let s = \"a{\"b}\"", "unterminated-string",
      #"""
      error: this string is not closed on its line
        let s = "a{"b}"
                ^
      note: `{` begins an interpolation; a brace as such is written `\{`
      """#
    ),
    (
      "let s = \"{f(\n)}\"", "unterminated-string",
      #"""
      error: this string is not closed on its line
        let s = "{f(
                ^
      note: `{` begins an interpolation; a brace as such is written `\{`
      """#
    ),
    (
      "r\"abc", "unterminated-string",
      #"""
      error: this string is not closed on its line
        r"abc
        ^~
      note: a line end inside a string is written `\n`
      """#
    ),
    (
      "let 日本 = \"x\\q\"", "invalid-escape",
      #"""
      error: unknown escape `\q` in a string
        let 日本 = "x\q"
                     ^~
      note: escapes are \" \\ \n \r \t \0 \{ \u{...}; r"..." takes everything verbatim
      """#
    ),
    (
      "\"\\u{110000}\"", "invalid-escape",
      #"""
      error: `\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar
        "\u{110000}"
         ^~~~~~~~~~
      """#
    ),
    (
      "\"\\u{D800}\"", "invalid-escape",
      #"""
      error: `\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar
        "\u{D800}"
         ^~~~~~~~
      """#
    ),
    (
      "\"\\u{}\"", "invalid-escape",
      #"""
      error: `\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar
        "\u{}"
         ^~~
      """#
    ),
    (
      "\"\\u41\"", "invalid-escape",
      #"""
      error: `\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar
        "\u41"
         ^~
      """#
    ),
    (
      "\"\\u{1234567}\"", "invalid-escape",
      #"""
      error: `\u{...}` needs 1 to 6 hexadecimal digits of a Unicode scalar
        "\u{1234567}"
         ^~~~~~~~~~~
      """#
    ),
    (
      "\"a\\", "invalid-escape",
      #"""
      error: unknown escape `\` in a string
        "a\
          ^
      note: escapes are \" \\ \n \r \t \0 \{ \u{...}; r"..." takes everything verbatim
      """#
    ),
    (
      "\"bell\u{07}\"", "invalid-character",
      #"""
      error: unexpected character U+0007
        "bell\u{7}"
             ^~~~~
      """#
    ),
    (
      "\"\\é\"", "invalid-escape",
      #"""
      error: unknown escape `\é` in a string
        "\é"
         ^~
      note: escapes are \" \\ \n \r \t \0 \{ \u{...}; r"..." takes everything verbatim
      """#
    ),
    (
      "1.", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        1.
        ^~
      """#
    ),
    (
      "1.x", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        1.x
        ^~~
      """#
    ),
    (
      "1_", "invalid-number",
      #"""
      error: malformed number: `_` stands between digits only
        1_
        ^~
      """#
    ),
    (
      "1__0", "invalid-number",
      #"""
      error: malformed number: `_` stands between digits only
        1__0
        ^~~~
      """#
    ),
    (
      "0x", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        0x
        ^~
      """#
    ),
    (
      "0xg", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        0xg
        ^~~
      """#
    ),
    (
      "1e", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        1e
        ^~
      """#
    ),
    (
      "1e+", "invalid-number",
      #"""
      error: malformed number: a digit is missing
        1e+
        ^~
      """#
    ),
    (
      "5abc", "invalid-number",
      #"""
      error: malformed number: a number cannot run into a name
        5abc
        ^~~~
      note: a text stands in quotes: `"5abc"`
      """#
    ),
    (
      "x + 1日.2é3", "invalid-number",
      #"""
      error: malformed number: a number cannot run into a name
        x + 1日.2é3
            ^~~~~~~
      note: a text stands in quotes: `"1日.2é3"`
      """#
    ),
    (
      ".5", "unexpected-token",
      #"""
      error: expected an expression, found `.`
        .5
        ^
      note: a number begins with a digit: `0.5`
      """#
    ),
    (
      "1e999", "invalid-number",
      #"""
      error: this number is too large (the largest is about 1.8e308)
        1e999
        ^~~~~
      """#
    ),
    (
      "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
      "invalid-number",
      #"""
      error: this number is too large (the largest is about 1.8e308)
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF…
        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      """#
    ),
    (
      "3...5", "unexpected-token",
      #"""
      error: expected an expression, found `.`
        3...5
           ^
      note: a number begins with a digit: `0.5`
      """#
    ),
  ])
  func readWhole(_ text: String, _ code: String, _ expected: String) throws {
    try expectDiagnostic(of: text, code, expected)
  }
}
