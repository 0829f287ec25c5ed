import Testing

@testable import Language
@testable import Workbench

/// What grows without end ends in an error.
@Suite struct ValueLimitsTests {
  @Test(arguments: [
    ("let x = \"ab\"\nwhile true { let x = x + x }", "text-too-long"),
    ("let x = \"ab\"\nwhile true { let x = \"{x}{x}\" }", "text-too-long"),
    ("let x = [1]\nwhile true { let x = x + x }", "too-many-elements"),
    ("let x = [1]\nwhile true { let x = concat(x, x) }", "too-many-elements"),
    ("let x = [1]\nwhile true { let x = [x, x] }", "too-many-elements"),
    ("let x = {}\nwhile true { let x = {a: x, b: [x]} }", "too-many-elements"),
    ("let x = [1]\nwhile true { let x = [x] }", "nested-too-deeply"),
    ("let x = []\nwhile true { let x = append([], x) }", "nested-too-deeply"),
    ("let x = [1]\nwhile true { let x = append(x, x) }", "too-many-elements"),
    ("let x = 1\nwhile true { let x = table([{x: x}]) }", "nested-too-deeply"),
    ("let x = [1]\nwhile true { let x = table([{x: x, y: x}]) }", "too-many-elements"),
    ("def same(y) { return x }\nlet x = [1]\nwhile true { let x = map([1], same) }", "nested-too-deeply"),
    ("set max_memory \"1M\"\nlet t = tensor([1])\nwhile true { let t = tensor([t, t]) }", "memory-budget"),
    ("def f(x) { return f([x, x]) }\nf(1)", "too-many-elements"),
    ("let i = 0\nset max_turns 100\nwhile true { let i = i + 1 }", "too-many-turns"),
    ("set max_turns 100\nfor i in 0..101 { }", "too-many-turns"),
    (
      "set max_memory \"1M\"\nlet t = tensor(list(0..<1000))\nlet c = tensor(map(list(t), one))\nt * c",
      "memory-budget"
    ),
  ])
  func runningAwayEndsInAnError(script: String, code: String) throws {
    let shell = try TestShell()
    try shell.run("def one(x) { return [x] }")
    #expect(try shell.run("try {\n\(script)\n} catch e { print e.code }").hasSuffix("\(code)\n"))
  }

  @Test func loopsMayTakeAsManyTurnsAsAllowed() throws {
    #expect(try TestShell().run("set max_turns 3\nfor i in 0..<3 { }\nprint i") == "2\n")
    #expect(
      try TestShell().failure("set max_turns 3\nfor i in 0..3 { }") == """
        test.ipscript:2:10: error: the loop has not ended after 3 turns
          for i in 0..3 { }
                   ^~~~
        note: `set max_turns N` allows more, if it is to go on
        """)
  }
}
