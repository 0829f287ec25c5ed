/// Something that is wrong with a script.
struct Breakage {
  /// What is wrong, in a word or two.
  let kind: String
  private let text: @Sendable (ScriptScope) -> String

  private init(_ kind: String, _ text: @escaping @Sendable (ScriptScope) -> String) {
    (self.kind, self.text) = (kind, text)
  }

  init(_ kind: String, _ text: String) { self.init(kind) { _ in text } }

  func statement(_ scope: ScriptScope) -> String { text(scope) }

  static let all = [
    Breakage("unknown name", "print nosuchname"),
    Breakage("unknown name") { "let x = \($0.numbers.last ?? "n") + nosuchname" },
    Breakage("unknown command", "prnt 1"),
    Breakage("unknown function", "print nosuchfunction(1)"),
    Breakage("unknown option", "print sort([1, 2], byy=\"x\")"),
    Breakage("unknown field", "print {a: 1}.b"),
    Breakage("unknown field") { "print \($0.records.last ?? "{c: 1}").nosuch" },
    Breakage("wrong type", "print 1 + \"a\""),
    Breakage("wrong type", "print len(5)"),
    Breakage("wrong type", "for x in 5 { print x }"),
    Breakage("wrong type", "if 1 { print 1 }"),
    Breakage("wrong type", "print not 3"),
    Breakage("wrong type", "print upper(5)"),
    Breakage("wrong type", "print sum([1, \"a\"])"),
    Breakage("index", "print [1, 2][2]"),
    Breakage("index", "print \"ab\"[-3]"),
    Breakage("index", "print [1, 2, 3][1..5]"),
    Breakage("index") { "print \($0.lists.last ?? "[]")[99]" },
    Breakage("index", "for x in 0..3 { print [1, 2][x] }"),
    Breakage("index", "let y = []\nwhile len(y) < 3 { let y = append(y, 1) }\nprint y[3]"),
    Breakage("division", "print 1 / 0"),
    Breakage("division") { "print 1 % (\($0.numbers.last ?? "n") * 0)" },
    Breakage("missing file", "source \"nosuch.ipscript\""),
    Breakage("missing file", "print read(\"nosuch.json\")"),
    Breakage("extension", "save 1 \"x.nosuch\""),
    Breakage("extension", "print read(\"x.pdf\")"),
    Breakage("arity", "print abs(1, 2)"),
    Breakage("arity", "print split()"),
    Breakage("arity", "def g(a, b) { return a }\nprint g(1)"),
    Breakage("arity", "def g(a) { return a }\nprint g(1, 2)"),
    Breakage("option of a function", "def g(a) { return a }\nprint g(b=1)"),
    Breakage("shapes", "print tensor([1, 2]) + tensor([1, 2, 3])"),
    Breakage("shapes", "print dot([1, 2], [1])"),
    Breakage("shapes", "print tensor([[1, 2], [3, 4]])[2, 0]"),
    Breakage("shapes", "print tensor([[1, 2], [3]])"),
    Breakage("recursion", "def down(a) { return down(a + 1) }\nprint down(0)"),
    Breakage("turns", "set max_turns 3\nfor x in 0..9 { }"),
    Breakage("turns", "set max_turns 4\nlet y = 0\nwhile true { let y = y + 1 }"),
    Breakage("setting", "set precision 99"),
    Breakage("setting", "set nosuch 1"),
    Breakage("with", "with 5 { print 1 }"),
    Breakage("with") { "with \($0.texts.last ?? "\"a\"") { print 1 }" },
    Breakage("assertion", "assert 1 > 2"),
    Breakage("assertion") { "assert \($0.numbers.last ?? "n") != \($0.numbers.last ?? "n"), \"never\"" },
    Breakage("number", "print number(\"abc\")"),
    Breakage("not a function") { "print map([1], \($0.numbers.last ?? "n"))" },
    Breakage("columns", "print sort(table([{x: 1}]), by=\"y\")"),
    Breakage("columns", "print table([{x: 1}, {y: 2}]).x"),
    Breakage("no result", "def g() { return }\nprint g().x"),
    Breakage("nesting", "let y = []\nfor x in 0..300 { let y = [y] }"),
    Breakage("leaving", "break"),
    Breakage("leaving", "return 1"),
    Breakage("brace", "if true { print 1"),
    Breakage("reset", "if true { reset }"),
    Breakage("record", "record off"),
  ]
}
