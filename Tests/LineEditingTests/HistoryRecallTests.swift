import PseudoTerminals
import Testing

@Suite struct HistoryRecallTests {
  @Test func upAndDownWalkTheHistory() throws {
    let terminal = try probe()
    try terminal.submit("first", gives: "first")
    try terminal.submit("second", gives: "second")
    try terminal.submit(Key.up + Key.up, gives: "first")
    try terminal.submit("draft" + Key.up + Key.down, gives: "draft")
    try terminal.submit(Key.control("p") + Key.control("p") + Key.control("n"), gives: "draft")
  }

  @Test func whereTheHistoryEndsTheTextStays() throws {
    let terminal = try probe()
    try terminal.submit("draft" + Key.down + Key.up + "!", gives: "draft!")
    try terminal.submit("new" + Key.down + Key.down + "er", gives: "newer")
    try terminal.submit(Key.up + Key.up + Key.up + Key.up, gives: "draft!")
  }

  @Test func changesToOlderEntriesStayWhileOneLooksOn() throws {
    let terminal = try probe()
    for text in ["first ", "second"] { try terminal.submit(text, gives: text) }
    try terminal.submit(Key.up + "X" + Key.up + "Y" + Key.down + "Z", gives: "secondXZ")
    // The entries themselves are as they were, blanks at the end included.
    try terminal.submit(Key.up + Key.up + Key.up + "|", gives: "first |")
  }

  @Test func whatWasKilledSurvivesALookAtTheHistory() throws {
    let terminal = try probe()
    for text in ["first", "second"] { try terminal.submit(text, gives: text) }
    try terminal.submit(
      "killed" + Key.control("u") + Key.up + Key.up + " " + Key.control("y"), gives: "first killed")
  }

  @Test func upAfterASearchGoesOnFromWhatWasFound() throws {
    let terminal = try probe()
    for text in ["one", "two", "three", "four"] { try terminal.submit(text, gives: text) }
    terminal.send(Key.control("r") + "thr")
    try terminal.expect("> ")
    try terminal.submit(Key.control("e") + Key.up + Key.up + Key.down, gives: "two")
  }

  @Test func repetitionsAndBlankLinesAreLeftOut() throws {
    let terminal = try probe()
    try terminal.submit("first", gives: "first")
    for _ in 0..<2 { try terminal.submit("second", gives: "second") }
    try terminal.submit("  ", gives: "  ")
    try terminal.submit(Key.up + Key.up, gives: "first")
  }

  @Test func incrementalSearchFindsAnEntry() throws {
    let terminal = try probe()
    try terminal.submit("patterns(s, level=attention)", gives: "patterns(s, level=attention)")
    try terminal.submit("forward λ", gives: "forward λ")
    terminal.send(Key.control("r") + "level=")
    try terminal.expect("search: level=")
    try terminal.submit(gives: "patterns(s, level=attention)")
    try terminal.submit(Key.control("r") + "λ" + Key.control("e") + "!", gives: "forward λ!")
  }

  @Test func controlCLeavesASearch() throws {
    let terminal = try probe()
    try terminal.submit("first", gives: "first")
    terminal.send(Key.control("r") + "fir" + Key.control("c"))
    try terminal.expect("INTERRUPTED")
    try terminal.submit("next", gives: "next")
  }
}
