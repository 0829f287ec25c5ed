import Scripting
import Testing

@Suite struct CompletenessTests {
  private func completeness(_ text: String) -> Completeness {
    Scripting.completeness(of: text, grammar: TestGrammar())
  }

  @Test(arguments: [
    "(", "print (1", "[1,", "{a: 1", "f(x", "f(x,\n", "t[0", "L{1", "L3.mlp[{1", "for x in y {",
    "for x in y {\n print x",
    "for x in y {\n print x }\nif a {", "if a { print (1", "if a { } else {", "if a { b } else if c {",
    "let x =",
    "let x = 1 +", "1 + # more follows", "a and", "a or\n\n", "0..", "print a,", "print a -",
    "for x in y { qoi is - are",
    "time if a {", "(\"(\"", "with a {", "with a,", "with ablate(L3", "with a { b", "while x {", "def f(",
    "def f(x) {\n return x", "try {", "try { a }", "try { a }\n# and\n", "try { a } catch e {",
    "while x {\n break", "x[0] =", "x[0", "x +=", "let f = x =>", "map(xs, x =>", "[x for", "[x for x in xs",
    "let a = b if", "let a = b if c else", "for k, v in r {", "print a in", "print a not in", "a @",
  ])
  func waitsForMore(_ text: String) {
    #expect(completeness(text) == .incomplete)
    #expect(throws: Diagnostic.self) { try parse(text) }
  }

  @Test(arguments: [
    "", "  ", "# (", "forward", "print (1)", "if a { b }", "for x in y {\n print x\n}", "print \"(\"",
    "qoi is - (",
    "with a { b }", "while x { break }", "def f(x) { return x }",
    "try { a } catch e { b }", "qoi a +", "let x = 1;", "L3H*", "show L*", "time", "print a\r",
  ])
  func runs(_ text: String) throws {
    #expect(completeness(text) == .complete)
    _ = try parse(text)
  }

  /// A further line mends none of these.
  @Test(arguments: [
    "print \"abc", "print \"{f(", "(1]", "}", "let", "let x", "for x in y", "if a", "with a", "while x",
    "def f", "def f(x)", "x[0] = 1 2", "let a = b if c", "for a, in", "print \"{x:.2\"", "print \"{x:k}\"",
    "print (1 2",
    "forwrad x (",
    "let x = -", "not", "load x as", "t.", "L3@", "1.", "qoi a at=(", "'", "f(a b",
  ])
  func showsDefiniteErrors(_ text: String) {
    #expect(completeness(text) == .complete)
    #expect(throws: Diagnostic.self) { try parse(text) }
  }
}
