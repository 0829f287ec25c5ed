import Testing

/// The diagnostics of commands whole, carets included.
@Suite struct CommandsDiagnosticTests {

  @Test(arguments: [
    (
      "forwrad top=5", "unknown-command",
      #"""
      error: unknown command `forwrad`
        forwrad top=5
        ^~~~~~~
      note: did you mean `forward`?
      """#
    ),
    (
      "zzz \"a\"", "unknown-command",
      #"""
      error: unknown command `zzz`
        zzz "a"
        ^~~
      """#
    ),
    (
      "show-setings", "unknown-command",
      #"""
      error: unknown command `show-setings`
        show-setings
        ^~~~~~~~~~~~
      """#
    ),
    (
      "foo-bar x", "unknown-command",
      #"""
      error: unknown command `foo-bar`
        foo-bar x
        ^~~~~~~
      """#
    ),
    (
      "foo (1)", "unknown-command",
      #"""
      error: unknown command `foo`
        foo (1)
        ^~~
      note: the `(` of a call follows its name without a blank
      """#
    ),
    (
      "print a *b", "ambiguous-blanks",
      #"""
      error: `*` has a blank on one side only
        print a *b
                ^
      note: in the arguments of a command write `a * b` or `a*b`, or use parentheses
      """#
    ),
    (
      "print a* b", "ambiguous-blanks",
      #"""
      error: `*` has a blank on one side only
        print a* b
               ^
      note: in the arguments of a command write `a * b` or `a*b`, or use parentheses
      """#
    ),
    (
      "print a ..b", "ambiguous-blanks",
      #"""
      error: `..` has a blank on one side only
        print a ..b
                ^~
      note: in the arguments of a command write `a .. b` or `a..b`, or use parentheses
      """#
    ),
    (
      "print\"a\"", "ambiguous-blanks",
      #"""
      error: expected a blank after `print`
        print"a"
             ^~~
      """#
    ),
    (
      "print \"a\"\"b\"", "ambiguous-blanks",
      #"""
      error: expected a blank after the argument
        print "a""b"
                 ^~~
      """#
    ),
    (
      "print a,", "unexpected-end",
      #"""
      error: expected an expression, found the end of the text
        print a,
                ^
      """#
    ),
    (
      "print ,a", "unexpected-token",
      #"""
      error: expected an expression, found `,`
        print ,a
              ^
      """#
    ),
    (
      "print a)", "unexpected-token",
      #"""
      error: `)` closes nothing
        print a)
               ^
      """#
    ),
    (
      "print a:", "unexpected-token",
      #"""
      error: expected an argument, found `:`
        print a:
               ^
      """#
    ),
    (
      "print 1 }", "unexpected-token",
      #"""
      error: `}` closes nothing
        print 1 }
                ^
      """#
    ),
    (
      "print *", "unexpected-token",
      #"""
      error: expected an expression, found `*`
        print *
              ^
      """#
    ),
    (
      "forward top= 5", "ambiguous-blanks",
      #"""
      error: the option `top=` takes its value without blanks
        forward top= 5
                   ^
      note: write `top=value`
      """#
    ),
    (
      "forward top =5", "ambiguous-blanks",
      #"""
      error: the option `top=` takes its value without blanks
        forward top =5
                    ^
      note: write `top=value`
      """#
    ),
    (
      "forward top = 5", "ambiguous-blanks",
      #"""
      error: the option `top=` takes its value without blanks
        forward top = 5
                    ^
      note: write `top=value`
      """#
    ),
    (
      "forward top=", "ambiguous-blanks",
      #"""
      error: the option `top=` takes its value without blanks
        forward top=
                   ^
      note: write `top=value`
      """#
    ),
    (
      "load x as", "unexpected-end",
      #"""
      error: expected a name after `as`, found the end of the text
        load x as
                 ^
      """#
    ),
    (
      "load x as 5", "unexpected-token",
      #"""
      error: expected a name after `as`, found the number `5`
        load x as 5
                  ^
      """#
    ),
    (
      "load x as if", "invalid-name",
      #"""
      error: `if` is a reserved word and cannot be a name
        load x as if
                  ^~
      """#
    ),
    (
      "load x as L3", "invalid-name",
      #"""
      error: `L3` reads as a node and cannot be a name
        load x as L3
                  ^~
      """#
    ),
    (
      "qoi \"abc", "unterminated-string",
      #"""
      error: this string is not closed on its line
        qoi "abc
            ^
      note: a line end inside a string is written `\n`
      """#
    ),
    (
      "qoi is - are at=1+\n2", "unexpected-token",
      #"""
      error: expected an expression, found the end of the option
        qoi is - are at=1+
                          ^
      """#
    ),
    (
      "qoi a at=x(", "unexpected-token",
      #"""
      error: expected an expression, found the end of the option
        qoi a at=x(
                   ^
      """#
    ),
    (
      "qoi a at=1]", "unexpected-token",
      #"""
      error: `]` closes nothing
        qoi a at=1]
                  ^
      """#
    ),
    (
      "qoi-x", "unknown-command",
      #"""
      error: unknown command `qoi-x`
        qoi-x
        ^~~~~
      """#
    ),
    (
      "qoi a\u{01}b", "invalid-character",
      #"""
      error: unexpected character U+0001
        qoi a\u{1}b
             ^~~~~
      """#
    ),
    (
      "time )", "unexpected-token",
      #"""
      error: `)` closes nothing
        time )
             ^
      """#
    ),
    (
      "time break", "misplaced-statement",
      #"""
      error: `break` stands outside of a loop
        time break
             ^~~~~
      """#
    ),
  ])
  func readWhole(_ text: String, _ code: String, _ expected: String) throws {
    try expectDiagnostic(of: text, code, expected)
  }
}
