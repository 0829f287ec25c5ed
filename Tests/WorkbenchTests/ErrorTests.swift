import Testing

@testable import Language
@testable import Workbench

/// `try`, `assert` and `warn`.
@Suite struct ErrorTests {
  @Test(arguments: [
    ("text the author", "error: a text stands in quotes: write `text \"the author\"`"),
    ("forward(author)", "note: a text stands in quotes: `forward \"...\"`"),
    ("qoi is-are", "note: operators stand between blanks: `is - are`"),
    ("qoi 2*is - are", "note: operators stand between blanks: `2 * is`"),
    ("qoi unfathomable", "note: choose a word that is one entry"),
  ])
  func mistakesOfBeginnersAreExplained(command: String, note: String) throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\ntext \"a [MASK] .\"")
    let failure = shell.failure(command)
    #expect(failure.contains(note), "\(failure)")
  }

  @Test(arguments: [
    ("try { print 1 } catch e { print 2 }", "1\n"),
    (
      "try { print [][0]; print 1 } catch e { print e.code e.message e.remedy e.place e.line }",
      "index-range index 0 into an empty list null test.ipscript:1:16 1\n"
    ),
    ("try { load \"/nowhere\" } catch e { print e.line }\nprint 2", "1\n2\n"),
    ("try { show L0 } catch e { print e.code e.remedy }", "no-model load one first, e.g. `load \"demo\"`\n"),
    ("try { [][0] } catch { print \"caught\" }", "caught\n"),
    ("try { try { [][0] } catch e { print 1 / 0 } } catch e { print e.code }", "division-by-zero\n"),
    ("set precision 3\ntry { set precision 99 } catch e { }\nset precision", "3\n"),
    ("try { let x = 1; set precision 4; [][0] } catch e { }\nprint x\nset precision", "1\n4\n"),
    ("def f() { return [][0] }\ntry { f() } catch e { print e.line }\nprint f == f", "1\ntrue\n"),
    ("try { quit } catch e { print 1 }\nprint 2", ""),
    ("def f() { quit }\ntry { f() } catch e { print 1 }\nprint 2", ""),
    ("assert 1 < 2\nassert true, \"never\"\nassert [1] == [1] \"no\"", ""),
  ])
  func runs(script: String, expected: String) throws { #expect(try TestShell().run(script) == expected) }

  @Test(arguments: [
    (
      "let accuracy = 0.5\nassert accuracy > 0.9",
      """
      test.ipscript:2:8: error: assertion failed: accuracy > 0.9
        assert accuracy > 0.9
               ^~~~~~~~~~~~~~
      note: `accuracy` is 0.5
      """
    ),
    (
      "let a = [1]\nlet b = \"x\"\nassert a == b, \"a should be b\"",
      """
      test.ipscript:3:8: error: assertion failed: a should be b
        assert a == b, "a should be b"
               ^~~~~~
      note: `a` is [1], `b` is "x"
      """
    ),
    (
      "assert not true",
      """
      test.ipscript:1:8: error: assertion failed: not true
        assert not true
               ^~~~~~~~
      """
    ),
    (
      "assert 1",
      """
      test.ipscript:1:8: error: `assert` expects true or false, found number
        assert 1
               ^
      """
    ),
    (
      "assert tensor([1, 2]) == tensor([1, 2])",
      """
      test.ipscript:1:8: error: `assert` expects true or false, found tensor
        assert tensor([1, 2]) == tensor([1, 2])
               ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      """
    ),
  ])
  func assertionsFailWithTheWholeMessage(script: String, expected: String) throws {
    #expect(try TestShell().failure(script) == expected)
  }

  /// Both sides are evaluated once.
  @Test func assertionsDoNotRepeatTheirSides() throws {
    #expect(try TestShell().run("def f() { print \"f\"; return 2 }\nassert f() > 1") == "f\n")
  }
}
