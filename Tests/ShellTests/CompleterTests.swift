import Testing

@testable import Shell

@Suite struct CompleterTests {
  private func texts(_ line: String, _ setup: String = "load \"demo\"\ntext \"paris [MASK] big .\"") throws
    -> [String]
  {
    let shell = try TestShell()
    try shell.run(setup)
    return Completer(shell.interpreter).candidates(in: line, at: line.utf8.count).candidates.map(\.text)
  }

  @Test(arguments: [
    ("tok", ["tokenize"]),
    ("forward to", ["top=", "tokenize(", "top("]),
    ("forward la", ["labels"]),
    ("show L2.pat", ["L2.pattern"]),
    ("show L2H1", ["L2H1", "L2H10", "L2H11"]),
    ("show L3@1", ["L3@1"]),
    ("print model.lab", ["model.labels"]),
    ("set format", ["format"]),
    ("help nod", ["nodes"]),
    ("load de", ["demo"]),
    ("qoi gorgeo", ["gorgeous"]),
    ("print 1; quit", ["quit"]),
    ("time forw", ["forward"]),
    ("print sst", ["sst2"]),
    ("task \"a.tsv\" format=ma", ["masked"]),
    ("print weight(\"bert.pooler.dense.b", ["bert.pooler.dense.bias\""]),
    ("forward(\"a\", to", ["top=", "tokenize(", "top("]),
    ("whi", ["while"]),
    ("argmi", ["argmin("]),
    ("print argmi", ["argmin("]),
    ("sort(x, desc", ["descending"]),
    ("help colum", ["columns", "columns("]),
  ])
  func offers(line: String, expected: [String]) throws { #expect(try texts(line) == expected) }

  @Test func variablesAndTheirFields() throws {
    #expect(try texts("print wor", "let words = {first: 1}") == ["words"])
    #expect(try texts("print words.f", "let words = {first: 1}") == ["words.first"])
  }

  @Test func functionsOfScripts() throws {
    #expect(try texts("print flip", "def flipped(x) { return 1 - x }") == ["flipped("])
    #expect(try texts("flip", "def flipped(x) { return 1 - x }") == ["flipped("])
  }

  @Test func theWordBeginsWhereItIsReplaced() throws {
    let shell = try TestShell()
    let line = "print \"é\" mod"
    let (start, candidates) = Completer(shell.interpreter).candidates(in: line, at: line.utf8.count)
    #expect(start == line.utf8.count - 3)
    #expect(candidates.contains { $0.text == "model" })
  }
}
