import PseudoTerminals
import Testing

@Suite struct PasteTests {
  @Test func aPasteIsInsertedAsItIs() throws {
    let terminal = try probe()
    terminal.send(Key.paste("for x {\r\tprint \"é 漢\"\r}\rnext"))
    try terminal.expectScreen(["probe> for x {", ".....   print \"é 漢\"", "..... }", "..... next"])
    try terminal.submit(gives: "for x {\\n\\tprint \"é 漢\"\\n}\\nnext")
  }

  @Test func aPasteGoesWhereTheCursorIs() throws {
    let terminal = try probe()
    terminal.send("ad" + Key.left + Key.paste("bc"))
    try terminal.submit(gives: "abcd")
  }

  @Test(arguments: [("a\nb", "a\\nb"), ("a\r\nb\r\n", "a\\nb\\n"), ("a\r\rb", "a\\n\\nb"), ("", "")])
  func lineEndsOfAllKindsAreNewlines(pasted: String, text: String) throws {
    let terminal = try probe()
    terminal.send(Key.paste(pasted))
    try terminal.submit(gives: text)
  }

  @Test func aBrokenMarkIsTakenAsKeys() throws {
    let terminal = try probe()
    terminal.send("ab\u{1B}[20")
    _ = terminal.settle()
    // ESC [ 2 0 is no key: libedit beeps, and what follows is text.
    try terminal.submit("c", gives: "abc")
  }

  @Test func controlCEndsAPasteThatNeverEnds() throws {
    let terminal = try probe()
    terminal.send("\u{1B}[200~lost")
    _ = terminal.settle()
    terminal.send(Key.control("c"))
    try terminal.expect("INTERRUPTED")
    try terminal.submit("next", gives: "next")
  }

  @Test func aBigPasteArrivesWhole() throws {
    let terminal = try probe()
    let lines = (1...2000).map { "let value\($0) = \"λ\($0)\"" }
    terminal.send(Key.paste(lines.joined(separator: "\r")))
    _ = terminal.settle()
    terminal.send(Key.enter)
    try terminal.expect("LINE<" + lines.joined(separator: "\\n") + ">")
  }
}
