import Scripting
import Testing

@Suite struct RenderingTests {
  /// A warning on the first occurrence of `part`.
  private func diagnostic(_ text: String, at part: String, source: Source? = nil) throws -> Diagnostic {
    let source = source ?? Source(name: nil, text: text)
    let whole = Array(text.utf8)
    let bytes = Array(part.utf8)
    let start = try #require(whole.indices.first { whole[$0...].starts(with: bytes) })
    return Diagnostic(.warning, code: "test", "look", at: Span(source, start..<start + bytes.count))
  }

  @Test func namesPlaceNotesAndInclusions() throws {
    let main = Source(name: "main.ipscript", text: "\n\nsource \"lib.ipscript\"\n")
    let library = Source(
      name: "lib.ipscript", text: "source \"exp.ipscript\"", includedFrom: Span(main, 2..<23))
    let text = String(repeating: "\n", count: 13) + "   ablate L1H12\n"
    let source = Source(name: "exp.ipscript", text: text, includedFrom: Span(library, 0..<21))
    let fault = Diagnostic(
      code: "head-out-of-range", "head 12 is out of range 0...11 (model bert has 12 heads)",
      at: Span(source, 23..<28), notes: ["did you mean `L1H11`?"])
    #expect(
      fault.rendered() == """
        exp.ipscript:14:11: error: head 12 is out of range 0...11 (model bert has 12 heads)
          ablate L1H12
                 ^~~~~
        note: did you mean `L1H11`?
        included from lib.ipscript:1:1
        included from main.ipscript:3:1
        """)
  }

  /// The innermost and outermost calls of a recursion are shown.
  @Test func showsTheCallsOfFunctions() {
    let source = Source(name: "exp.ipscript", text: "def f(n) {\n  return f(n + 1)\n}\nf(0)")
    let fault = Diagnostic(code: "recursion-limit", "too deep", at: nil).called(
      "f", at: Span(source, 20..<28))
    #expect(fault.rendered() == "error: too deep\nin `f`, called from exp.ipscript:2:10")
    let deep = (0..<9).reduce(fault) { call, _ in call.called("f", at: Span(source, 31..<35)) }
    let lines = deep.rendered().split(separator: "\n")
    #expect(lines.count == 9)
    #expect(lines[5] == "... 3 more calls")
    #expect(lines[8] == "in `f`, called from exp.ipscript:4:1")
  }

  @Test func saysNothingOfAPlaceWithoutOne() {
    let fault = Diagnostic(code: "no-model", "no model is loaded", at: nil, notes: ["load one first"])
    #expect(fault.rendered() == "error: no model is loaded\nnote: load one first")
  }

  @Test func leavesOutTheInteractiveIncluder() {
    let prompt = Source(name: nil, text: "source \"a\"")
    let source = Source(name: "a", text: "x", includedFrom: Span(prompt, 0..<10))
    let fault = Diagnostic(code: "test", "no", at: Span(source, 0..<1))
    #expect(fault.rendered() == "a:1:1: error: no\n  x\n  ^")
  }

  @Test func marksSeverityAndCarets() throws {
    let marked = try diagnostic("a bcd", at: "bcd").parts().filter(\.isMarked).map(\.text)
    #expect(marked == ["warning:", "^~~"])
    let error = Diagnostic(code: "test", "no", at: nil)
    #expect(error.parts().filter(\.isMarked).map(\.text) == ["error:"])
  }

  @Test(arguments: [
    ("a\tbc\td", "bc", "a       bc      d", "        ^~"),
    ("\t  a\tb", "b", "a       b", "        ^"),
    ("日本語 x", "x", "日本語 x", "       ^"),
    ("日本語 x", "本語", "日本語 x", "  ^~~~"),
    ("e\u{301}e\u{301} x", "x", "e\u{301}e\u{301} x", "   ^"),
    ("👩‍🔬 x", "x", "👩‍🔬 x", "     ^"),
    ("한\u{1112}\u{1161} x", "x", "한\u{1112}\u{1161} x", "     ^"),
    ("\u{1B}[31m x", "x", "\\u{1B}[31m x", "           ^"),
    ("\u{2067}a b", "b", "\\u{2067}a b", "          ^"),
    ("\u{FEFF}a b\r\nc", "b", "a b", "  ^"),
    ("a b   ", "b   ", "a b", "  ^"),
    ("f(1,\n  2) + c", "(1,\n  2)", "f(1,", " ^~~"),
    ("   a", "  a", "  a", "^~~"),
  ])
  func alignsCarets(_ text: String, _ part: String, _ line: String, _ carets: String) throws {
    #expect(try diagnostic(text, at: part).rendered() == "warning: look\n  \(line)\n  \(carets)")
  }

  @Test func underlinesTheEndOfTheText() throws {
    let source = Source(name: "f", text: "a +\n")
    let fault = Diagnostic(code: "test", "no", at: Span(source, 3..<3))
    #expect(fault.rendered() == "f:1:4: error: no\n  a +\n     ^")
    let behind = Diagnostic(code: "test", "no", at: Span(source, 4..<4))
    #expect(behind.rendered() == "f:2:1: error: no")
  }

  @Test(arguments: [(0, 5), (39, 41), (195, 200), (395, 400), (10, 390), (399, 400), (400, 400)])
  func cutsLongLines(_ start: Int, _ end: Int) throws {
    let text = String(repeating: "0123456789", count: 40)
    let fault = Diagnostic(code: "test", "no", at: Span(Source(name: nil, text: text), start..<end))
    let lines = fault.rendered(width: 60).split(separator: "\n").map(Array.init)
    try #require(lines.count == 3)
    let (line, carets) = (lines[1], lines[2])
    #expect(line.count <= 60)
    #expect(carets.count <= 61)
    // What stands over the first caret is what the fault begins with.
    let column = try #require(carets.firstIndex(of: "^"))
    #expect((line + " ")[column] == (Array(text) + " ")[start])
    #expect((line[2] == "…") == (start > 20))
    #expect((line.last == "…") == (start < 380))
    let visible = line.dropFirst(column).count { $0 != "…" }
    #expect(carets.count - column == max(1, min(end - start, visible)))
  }

  @Test func measuresColumnsInScalars() {
    let source = Source(name: nil, text: "\u{FEFF}é日👩‍🔬\tx\n\ny")
    let offset = { (part: String) in source.utf8.count - part.utf8.count }
    #expect(Span(source, offset("x\n\ny")..<offset("")).start == Location(line: 1, column: 7))
    #expect(source.location(of: offset("y")) == Location(line: 3, column: 1))
    #expect(source.location(of: 0) == Location(line: 1, column: 1))
    #expect(source.location(of: source.utf8.count) == Location(line: 3, column: 2))
  }
}
