import PseudoTerminals
import Testing

@Suite struct BlockTests {
  private static let block = "for l in 0..3 {" + Key.enter + "  print l" + Key.enter + "}"
  private static let escaped = "for l in 0..3 {\\n  print l\\n}"
  private static let shown = ["probe> for l in 0..3 {", ".....   print l", "..... }"]

  @Test func enterAddsALineUntilTheTextIsComplete() throws {
    let terminal = try probe()
    terminal.send(Self.block)
    try terminal.expectScreen(Self.shown)
    try terminal.submit(gives: Self.escaped)
    try terminal.expectScreen(Self.shown + ["LINE<\(Self.escaped)>", "probe>"])
  }

  @Test func aBlockComesBackWholeAndIsEditedInside() throws {
    let terminal = try probe()
    try terminal.submit(Self.block, gives: Self.escaped)
    try terminal.submit("tokenize s", gives: "tokenize s")
    terminal.send(Key.up + Key.up)
    let above = Self.shown + ["LINE<\(Self.escaped)>", "probe> tokenize s", "LINE<tokenize s>"]
    try terminal.expectScreen(above + Self.shown)
    // From the last line up into the middle one, to its end.
    terminal.send(Key.up + Key.end + " h")
    try terminal.expectScreen(above + ["probe> for l in 0..3 {", ".....   print l h", "..... }"])
    try terminal.submit(gives: "for l in 0..3 {\\n  print l h\\n}")
  }

  @Test func upAndDownMoveWithinABlockFirst() throws {
    let terminal = try probe()
    try terminal.submit("older", gives: "older")
    terminal.send(
      "abc {" + Key.enter + "d" + Key.enter + "efgh" + Key.up + "1" + Key.up + "2" + Key.down + "3")
    try terminal.submit(Key.control("e") + Key.down + Key.end + "}", gives: "ab2c {\\nd13\\nefgh}")
    // Out of the first line: the history, and back to the draft.
    terminal.send("x {" + Key.enter + "}" + Key.up + Key.up)
    try terminal.expect("ab2c {")
    terminal.send(Key.down)
    try terminal.submit(gives: "x {\\n}")
  }

  @Test func homeAndEndStayOnTheLine() throws {
    let terminal = try probe()
    terminal.send("a {" + Key.enter + "bc" + Key.home + "1" + Key.end + "2" + Key.up + Key.control("a") + "3")
    try terminal.submit(Key.down + Key.control("e") + "}", gives: "3a {\\n1bc2}")
  }

  @Test func enterInTheMiddleOfACompleteBlockSubmitsAllOfIt() throws {
    let terminal = try probe()
    terminal.send(Self.block + Key.up + Key.up)
    try terminal.submit(gives: Self.escaped)
    try terminal.expectScreen(Self.shown + ["LINE<\(Self.escaped)>", "probe>"])
  }

  @Test func controlCDropsTheBlock() throws {
    let terminal = try probe()
    terminal.send("for {" + Key.enter + "b" + Key.enter + "c" + Key.up + Key.up)
    // Ctrl-C makes the terminal driver forget what has not been read yet.
    try terminal.expectScreen(["probe> for {", "..... b", "..... c"], row: 0)
    terminal.send(Key.control("c"))
    try terminal.expectScreen(["probe> for {", "..... b", "..... c^C", "INTERRUPTED", "probe>"])
    try terminal.submit("next", gives: "next")
  }

  @Test func aBlockTallerThanTheScreenIsSubmittedWhole() throws {
    let terminal = try probe(size: .init(rows: 5, columns: 30))
    let lines = (1...12).map { "line \($0)" }
    terminal.send("x {" + Key.enter + lines.map { $0 + Key.enter }.joined())
    try terminal.expectScreen(["..... line 9", "..... line 10", "..... line 11", "..... line 12", "....."])
    try terminal.submit("}", gives: "x {\\n\(lines.joined(separator: "\\n"))\\n}")
    terminal.send(Key.up)
    try terminal.submit(gives: "x {\\n\(lines.joined(separator: "\\n"))\\n}")
  }
}
