import PseudoTerminals
import Testing

@Suite struct TypingTests {
  @Test func aTypedLineIsSubmitted() throws {
    let terminal = try probe()
    try terminal.submit("forward top=5", gives: "forward top=5")
    try terminal.submit(gives: "")
    try terminal.expectScreen(["probe> forward top=5", "LINE<forward top=5>", "probe>", "LINE<>", "probe>"])
    #expect(try terminal.leave() == 0)
  }

  @Test(arguments: [
    ("aé", Key.left + "λ", "aλé"),
    ("aé", Key.backspace, "a"),
    ("漢字", Key.left + Key.left + Key.delete, "字"),
    ("漢字", Key.left + "é", "漢é字"),
    ("one two", Key.control("w") + "three", "one three"),
    ("one two", Key.home + "zero ", "zero one two"),
    ("one two", Key.control("a") + Key.control("k") + "x", "x"),
    ("one two", Key.control("a") + Key.right + Key.control("d"), "oe two"),
    ("one two", "\u{1B}[1;5D" + "X", "one Xtwo"),
    ("one", Key.control("d"), "one"),
    ("one\\", "", "one\\\\"),
  ])
  func keysEditTheLine(typed: String, keys: String, result: String) throws {
    let terminal = try probe()
    terminal.send(typed)
    try terminal.submit(keys, gives: result)
    #expect(try terminal.leave() == 0)
  }

  @Test func theCursorStandsWhereTheTextIsWide() throws {
    let terminal = try probe()
    terminal.send("é λ 漢字" + Key.left + Key.left)
    try terminal.expectScreen(["probe> é λ 漢字"], column: 11)
    terminal.send("x")
    try terminal.expectScreen(["probe> é λ x漢字"], column: 12)
    terminal.send(Key.delete)
    let screen = try terminal.expectScreen(["probe> é λ x字"], column: 12)
    #expect(screen.unknown == [])
  }

  @Test func invalidBytesAreNotLost() throws {
    let terminal = try probe()
    terminal.send(bytes: [0x61, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x62])
    try terminal.submit(gives: "a\u{FFFD}\u{FFFD}(\u{FFFD}b")
  }

  @Test func aCharacterInPiecesArrivesWhole() throws {
    let terminal = try probe()
    for byte in "漢".utf8 {
      terminal.send(bytes: [byte])
      _ = terminal.settle(quietMilliseconds: 60)
    }
    try terminal.submit(gives: "漢")
  }

  @Test func aLongLineWrapsAndIsEditedAnywhere() throws {
    let terminal = try probe(size: .init(rows: 10, columns: 20))
    let text = String(repeating: "0123456789", count: 5)
    terminal.send(text)
    try terminal.expectScreen(["probe> 0123456789012", "34567890123456789012", "34567890123456789"])
    terminal.send(Key.control("a") + "X")
    try terminal.expectScreen(["probe> X012345678901", "23456789012345678901", "234567890123456789"])
    terminal.send(Key.enter)
    try terminal.expect("LINE<X\(text)>")
  }

  @Test func aLineLongerThanLibeditsBufferIsKept() throws {
    let terminal = try probe()
    let text = String(repeating: "漢0123456789", count: 300)
    terminal.send(text)
    // Going to the history and back would cut a draft of this length: it stays.
    try terminal.submit(Key.up + Key.down + "!", gives: text + "!")
    try terminal.submit(Key.up, gives: text + "!")
    try terminal.submit("short" + Key.up + Key.up + Key.down + Key.down, gives: "short")
  }

  @Test(arguments: [1, 2, 3, 5] as [UInt16])
  func tinyTerminalsAreSurvived(columns: UInt16) throws {
    let terminal = try probe(size: .init(rows: 2, columns: columns), prompt: ">")
    terminal.send("漢 for {" + Key.enter + "a\t" + Key.up + Key.left + "é" + Key.tab)
    _ = terminal.settle()
    terminal.send(Key.control("c"))
    try terminal.expect("INTERRUPTED")
    try terminal.expect(">")
    terminal.send(Key.control("d"))
    #expect(try terminal.waitForExit() == 0)
  }
}
