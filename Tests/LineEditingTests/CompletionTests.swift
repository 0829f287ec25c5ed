import PseudoTerminals
import Testing

@testable import LineEditing

@Suite struct CompletionTests {
  @Test func theOnlyCandidateIsInserted() throws {
    let terminal = try probe()
    try terminal.submit("forw" + Key.tab + "x", gives: "forward x")
    try terminal.submit("naï" + Key.tab + "x", gives: "naïvex")
    try terminal.submit("let a = forw" + Key.tab, gives: "let a = forward ")
  }

  @Test func aSpaceThatIsThereIsNotDoubled() throws {
    let terminal = try probe()
    let back = String(repeating: Key.left, count: 4)
    try terminal.submit("forw top" + back + Key.tab, gives: "forward top")
  }

  @Test func severalCandidatesAreListedBelow() throws {
    let terminal = try probe()
    terminal.send("f" + Key.tab)
    try terminal.expectScreen(
      ["probe> f", "forward  run the model      flow     attention flow", "probe> f"], column: 8)
    try terminal.submit("x", gives: "fx")
  }

  @Test func theCommonPrefixIsInserted() throws {
    let terminal = try probe(size: .init(rows: 24, columns: 40))
    terminal.send("pat" + Key.tab)
    try terminal.expectScreen(
      ["probe> pat", "patterns  influence patterns", "pattern   one pattern", "probe> pattern"])
    try terminal.submit("s" + Key.tab, gives: "patterns ")
  }

  @Test func aListStandsBelowABlockAndTheCursorStaysInIt() throws {
    let terminal = try probe()
    terminal.send("a {" + Key.enter + "f" + Key.enter + "}" + Key.up + Key.end + Key.tab)
    try terminal.expectScreen(
      [
        "probe> a {", "..... f", "..... }", "forward  run the model      flow     attention flow",
        "probe> a {", "..... f", "..... }",
      ], row: 5, column: 7)
    try terminal.submit("orw" + Key.tab, gives: "a {\\nforward \\n}")
  }

  @Test func aQuotedWordMayHaveSpaces() throws {
    let terminal = try probe()
    try terminal.submit("load \"models/b" + Key.tab, gives: "load \"models/bert small\"")
  }

  @Test func aLongListAsksFirst() throws {
    let terminal = try probe(size: .init(rows: 10, columns: 40))
    terminal.send("many" + Key.tab)
    try terminal.expect("show all 400? (y/n) ")
    terminal.send("n")
    try terminal.expect("probe> many")
    #expect(!terminal.settle().contains("many400"))
    terminal.send(Key.tab)
    try terminal.expect("show all 400? (y/n) ")
    terminal.send("y")
    try terminal.expect("many400")
    try terminal.submit("7", gives: "many7")
    terminal.send("many" + Key.tab)
    try terminal.expect("show all 400? (y/n) ")
    terminal.send(Key.control("c"))
    try terminal.expect("INTERRUPTED")
  }

  @Test func nothingToCompleteChangesNothing() throws {
    let terminal = try probe()
    try terminal.submit("xyz" + Key.tab + Key.tab, gives: "xyz")
  }

  // The parts that need no terminal

  @Test(arguments: [
    (["forward", "forwards"], "forward"), (["a", "b"], ""), ([], ""),
    (["é", "éa"], "é"), (["é", "e\u{301}a"], ""), (["e\u{301}", "e"], ""),
  ])
  func prefixesAreOfWholeCharacters(texts: [String], prefix: String) {
    #expect(commonPrefix(of: texts) == prefix)
  }

  @Test func aPrefixThatIsNoContinuationIsNotInserted() {
    let candidates = [Completion(replacement: "Alpha"), Completion(replacement: "Alps")]
    let result = CompletionResult(start: 0, candidates: candidates)
    #expect(result.step(in: "al", cursor: 2) == CompletionStep(listed: candidates))
    #expect(
      result.step(in: "A b", cursor: 1)
        == CompletionStep(edit: TextEdit(text: "Alp b", cursor: 3), listed: candidates))
  }

  @Test func onlyTheWordBeforeTheCursorIsReplaced() {
    let result = CompletionResult(start: 3, candidates: [Completion(replacement: "λμ", appendsSpace: true)])
    #expect(result.step(in: "é λ)", cursor: 5) == CompletionStep(edit: TextEdit(text: "é λμ )", cursor: 5)))
  }

  @Test(arguments: [1, 2, 5, 12, 40, 200])
  func listsFitTheTerminal(columns: Int) {
    let candidates = (1...9).map {
      Completion(replacement: "candidate\($0)", description: $0 % 2 == 0 ? "what it does\nin words" : nil)
    }
    for line in CompletionList(candidates, columns: columns).lines {
      #expect(line.unicodeScalars.count <= max(1, columns - 1), "\(line)")
      #expect(!line.contains("\n"))
    }
  }
}
