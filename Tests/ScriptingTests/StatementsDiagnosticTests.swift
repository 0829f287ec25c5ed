import Testing

/// The diagnostics of statements whole, carets included.
@Suite struct StatementsDiagnosticTests {

  @Test(arguments: [
    (
      "x = 5", "assignment-without-let",
      #"""
      error: `x = ...` needs `let`
        x = 5
          ^
      note: write `let x = ...`
      """#
    ),
    (
      "forward = 3", "assignment-without-let",
      #"""
      error: `forward = ...` needs `let`
        forward = 3
                ^
      note: write `let forward = ...`
      """#
    ),
    (
      "let", "unexpected-end",
      #"""
      error: expected a name after `let`, found the end of the text
        let
           ^
      """#
    ),
    (
      "let x", "unexpected-end",
      #"""
      error: expected `=` after `let x`, found the end of the text
        let x
             ^
      """#
    ),
    (
      "let x 5", "unexpected-token",
      #"""
      error: expected `=` after `let x`, found the number `5`
        let x 5
              ^
      """#
    ),
    (
      "let 5 = 3", "unexpected-token",
      #"""
      error: expected a name after `let`, found the number `5`
        let 5 = 3
            ^
      """#
    ),
    (
      "let if = 3", "invalid-name",
      #"""
      error: `if` is a reserved word and cannot be a name
        let if = 3
            ^~
      """#
    ),
    (
      "let L3 = 4", "invalid-name",
      #"""
      error: `L3` reads as a node and cannot be a name
        let L3 = 4
            ^~
      """#
    ),
    (
      "let x =", "unexpected-end",
      #"""
      error: expected an expression, found the end of the text
        let x =
               ^
      """#
    ),
    (
      "let x = )", "unexpected-token",
      #"""
      error: `)` closes nothing
        let x = )
                ^
      """#
    ),
    (
      "let x = 1 2", "unexpected-token",
      #"""
      error: expected the end of the statement, found the number `2`
        let x = 1 2
                  ^
      """#
    ),
    (
      "let x = a [1]", "unexpected-token",
      #"""
      error: expected the end of the statement, found `[`
        let x = a [1]
                  ^
      note: the `[` of a subscript follows its base without a blank
      """#
    ),
    (
      "let x = f (1)", "unexpected-token",
      #"""
      error: expected the end of the statement, found `(`
        let x = f (1)
                  ^
      note: the `(` of a call follows its name without a blank
      """#
    ),
    (
      "let x = forward top=5", "unexpected-token",
      #"""
      error: expected the end of the statement, found `top`
        let x = forward top=5
                        ^~~
      note: in an expression write the command `forward` as `forward(...)`
      """#
    ),
    (
      "let a.b = 3", "unexpected-token",
      #"""
      error: expected `=` after `let a`, found `.`
        let a.b = 3
             ^
      note: a part of a variable is changed without `let`: `a[0] = value`
      """#
    ),
    (
      "f(x) = 3", "not-assignable",
      #"""
      error: only an element or a field of a variable can be assigned to
        f(x) = 3
        ^~~~
      note: write `x[0] = 5` or `r.field = 5` for a variable that is there, `let x = 5` for a new one
      """#
    ),
    (
      "[1, 2][0] = 3", "not-assignable",
      #"""
      error: only an element or a field of a variable can be assigned to
        [1, 2][0] = 3
        ^~~~~~~~~
      note: write `x[0] = 5` or `r.field = 5` for a variable that is there, `let x = 5` for a new one
      """#
    ),
    (
      "(x) = 3", "assignment-without-let",
      #"""
      error: `x = ...` needs `let`
        (x) = 3
            ^
      note: write `let x = ...`
      """#
    ),
    (
      "x++", "foreign-syntax",
      #"""
      error: `x++` is written `x += 1`
        x++
         ^~
      """#
    ),
    (
      "if a { b } elif c { d }", "foreign-syntax",
      #"""
      error: `elif condition {` is written `} else if condition {`
        if a { b } elif c { d }
                   ^~~~
      """#
    ),
    (
      "if a => 3 { b }", "foreign-syntax",
      #"""
      error: `a => 3` is written `a >= 3`
        if a => 3 { b }
           ^~~~~~
      """#
    ),
    (
      "for i in range(3): print i", "unexpected-token",
      #"""
      error: expected `{` to open the block of `for`, found `:`
        for i in range(3): print i
                         ^
      note: the block stands in braces, without a colon: `for ... { ... }`
      """#
    ),
    (
      "for (a, b) in xs { a }", "foreign-syntax",
      #"""
      error: `for (a, b) in` is written `for a, b in`
        for (a, b) in xs { a }
            ^
      """#
    ),
    (
      "for a, a in xs { a }", "duplicate-parameter",
      #"""
      error: the loop has a second variable `a`
        for a, a in xs { a }
               ^
      """#
    ),
    (
      "let x == 3", "unexpected-token",
      #"""
      error: expected `=` after `let x`, found `==`
        let x == 3
              ^~
      """#
    ),
    (
      "let blocks.3.x = 1", "unexpected-token",
      #"""
      error: expected a name after `let`, found `blocks.3.x`
        let blocks.3.x = 1
            ^~~~~~~~~~
      """#
    ),
    (
      "for", "unexpected-end",
      #"""
      error: expected a name after `for`, found the end of the text
        for
           ^
      """#
    ),
    (
      "for x", "unexpected-end",
      #"""
      error: expected `in` after `for x`, found the end of the text
        for x
             ^
      """#
    ),
    (
      "for x of y", "unexpected-token",
      #"""
      error: expected `in` after `for x`, found `of`
        for x of y
              ^~
      """#
    ),
    (
      "for L3 in y { }", "invalid-name",
      #"""
      error: `L3` reads as a node and cannot be a name
        for L3 in y { }
            ^~
      """#
    ),
    (
      "for x in y", "unexpected-end",
      #"""
      error: expected `{` to open the block of `for`, found the end of the text
        for x in y
                  ^
      """#
    ),
    (
      "for x in y\n{ }", "unexpected-token",
      #"""
      error: expected `{` to open the block of `for`, found the end of the line
        for x in y
                  ^
      """#
    ),
    (
      "if a print 1", "unexpected-token",
      #"""
      error: expected `{` to open the block of `if`, found `print`
        if a print 1
             ^~~~~
      """#
    ),
    (
      "if a { print 1", "unclosed-bracket",
      #"""
      error: `{` is never closed
        if a { print 1
             ^
      """#
    ),
    (
      "for x in y {\n  print (x\n}", "unexpected-token",
      #"""
      error: expected `)`, found `}`
        }
        ^
      """#
    ),
    (
      "if a { print 1 } 5", "unexpected-token",
      #"""
      error: expected the end of the statement, found the number `5`
        if a { print 1 } 5
                         ^
      """#
    ),
    (
      "else { }", "unexpected-token",
      #"""
      error: this `else` belongs to no `if`
        else { }
        ^~~~
      note: `else` follows the `}` of an `if` directly: `} else {`
      """#
    ),
    (
      "if { }", "unexpected-token",
      #"""
      error: expected a condition, found `{`
        if { }
           ^
      """#
    ),
    (
      "}", "unexpected-token",
      #"""
      error: `}` closes nothing
        }
        ^
      """#
    ),
    (
      "while { }", "unexpected-token",
      #"""
      error: expected a condition, found `{`
        while { }
              ^
      """#
    ),
    (
      "break", "misplaced-statement",
      #"""
      error: `break` stands outside of a loop
        break
        ^~~~~
      """#
    ),
    (
      "while x { def f() { continue } }", "misplaced-statement",
      #"""
      error: `continue` stands outside of a loop
        while x { def f() { continue } }
                            ^~~~~~~~
      """#
    ),
    (
      "return 1", "misplaced-statement",
      #"""
      error: `return` stands outside of a function
        return 1
        ^~~~~~
      """#
    ),
    (
      "def f(x)", "unexpected-end",
      #"""
      error: expected `{` to open the block of `def`, found the end of the text
        def f(x)
                ^
      """#
    ),
    (
      "def f (x) { }", "unexpected-token",
      #"""
      error: expected `(` directly after `def f`, found `(`
        def f (x) { }
              ^
      """#
    ),
    (
      "def f(x, 5) { }", "unexpected-token",
      #"""
      error: expected the name of a parameter, found the number `5`
        def f(x, 5) { }
                 ^
      """#
    ),
    (
      "def f(x, x) { }", "duplicate-parameter",
      #"""
      error: the function has a second parameter `x`
        def f(x, x) { }
                 ^
      """#
    ),
    (
      "def f(x=1, y) { }", "parameter-order",
      #"""
      error: `y` has no default but follows a parameter that has one
        def f(x=1, y) { }
                   ^
      note: give `y` a default or move it to the front
      """#
    ),
    (
      "def f() { def g() { } }", "nested-function",
      #"""
      error: a function cannot be defined inside another
        def f() { def g() { } }
                  ^~~
      note: define it at the top level; functions see each other there
      """#
    ),
    (
      "def forward() { }", "shadows-command",
      #"""
      error: `forward` is a command or function of the shell
        def forward() { }
            ^~~~~~~
      note: choose another name, e.g. `my_forward`
      """#
    ),
    (
      "def mean(x) { }", "shadows-command",
      #"""
      error: `mean` is a command or function of the shell
        def mean(x) { }
            ^~~~
      note: choose another name, e.g. `my_mean`
      """#
    ),
    (
      "def break() { }", "invalid-name",
      #"""
      error: `break` is a reserved word and cannot be a name
        def break() { }
            ^~~~~
      """#
    ),
    (
      "def twice(x) { return 2 * x }\ntwice 3", "function-as-command",
      #"""
      error: `twice` is a function, not a command
        twice 3
        ^~~~~
      note: write `twice(...)`
      """#
    ),
    (
      "mean x", "function-as-command",
      #"""
      error: `mean` is a function, not a command
        mean x
        ^~~~
      note: write `mean(...)`
      """#
    ),
    (
      "try { }", "unexpected-end",
      #"""
      error: expected `catch` after the block of `try`, found the end of the text
        try { }
               ^
      """#
    ),
    (
      "try { }\nforward", "unexpected-token",
      #"""
      error: expected `catch` after the block of `try`, found `forward`
        forward
        ^~~~~~~
      """#
    ),
    (
      "try { } catch 5 { }", "unexpected-token",
      #"""
      error: expected a name or `{` after `catch`, found the number `5`
        try { } catch 5 { }
                      ^
      """#
    ),
    (
      "catch e { }", "unexpected-token",
      #"""
      error: this `catch` belongs to no `try`
        catch e { }
        ^~~~~
      note: `catch` follows the `}` of a `try`: `try { ... } catch error { ... }`
      """#
    ),
    (
      "with { }", "unexpected-token",
      #"""
      error: expected an intervention such as `ablate(L3H5)`, found `{`
        with { }
             ^
      """#
    ),
    (
      "with ablate(L3H5)\nforward", "unexpected-token",
      #"""
      error: expected `{` to open the block of `with`, found the end of the line
        with ablate(L3H5)
                         ^
      """#
    ),
    (
      "let x = while", "unexpected-token",
      #"""
      error: expected an expression, found the reserved word `while`
        let x = while
                ^~~~~
      """#
    ),
    (
      "in", "unexpected-token",
      #"""
      error: expected an expression, found the reserved word `in`
        in
        ^~
      """#
    ),
    (
      "and 1", "unexpected-token",
      #"""
      error: expected an expression, found the reserved word `and`
        and 1
        ^~~
      """#
    ),
  ])
  func readWhole(_ text: String, _ code: String, _ expected: String) throws {
    try expectDiagnostic(of: text, code, expected)
  }
}
