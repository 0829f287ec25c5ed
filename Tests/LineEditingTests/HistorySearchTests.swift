import PseudoTerminals
import Testing

@testable import LineEditing

@Suite struct HistorySearchTests {
  private static let history = [
    "forward top=3", "let Forward = 1", "measure sva_obj", "forward top=3", "plot p",
  ]

  @Test func matchesAreThereOnceNewestFirst() {
    var search = HistorySearch(in: Self.history)
    #expect(search.found == nil)
    for scalar in "for".unicodeScalars { search.type(scalar) }
    #expect(search.matches == ["forward top=3", "let Forward = 1"])
    #expect(search.move(older: true) && search.found == "let Forward = 1")
    #expect(!search.move(older: true) && search.move(older: false) && search.found == "forward top=3")
    search.erase()
    #expect(search.words == "fo" && search.found == "forward top=3")
    search.eraseAll()
    #expect(search.found == nil)
  }

  @Test func aCapitalLetterCounts() {
    #expect(HistorySearch(in: Self.history, for: "Forw").matches == ["let Forward = 1"])
  }

  @Test func rowsFitTheTerminal() {
    let long =
      "measure " + String(repeating: "x", count: 300) + " wanted " + String(repeating: "日本", count: 90)
    let search = HistorySearch(in: [long, "a wanted\nb", "wanted"], for: "wanted")
    for columns in [8, 20, 60, 80, 120] {
      for rows in 1...4 {
        let (lines, cursor) = search.lines(columns: columns, rows: rows)
        #expect(lines.count == min(rows, 4) && cursor < columns)
        for line in lines {
          let plain = line.replacing("\u{1B}[4m", with: "").replacing("\u{1B}[24m", with: "")
          #expect(displayWidth(plain) < columns, "\(columns): \(plain)")
        }
      }
    }
    #expect(search.lines(columns: 80, rows: 2).lines[1].contains("\u{1B}[4mwanted\u{1B}[24m"))
  }

  // MARK: On a terminal

  private func filled(_ size: PseudoTerminal.Size) throws -> PseudoTerminal {
    let terminal = try probe(size: size)
    for text in ["first one", "second two", "third one"] { try terminal.submit(text, gives: text) }
    return terminal
  }

  @Test(arguments: [
    PseudoTerminal.Size(rows: 40, columns: 120), .init(rows: 24, columns: 80), .init(rows: 20, columns: 60),
    .init(rows: 4, columns: 20),
  ])
  func whatMatchesIsShownAndGoesAway(size: PseudoTerminal.Size) throws {
    let terminal = try filled(size)
    terminal.send(Key.control("r") + "one")
    try terminal.expectScreen("the newest match chosen") { screen in
      screen.lines.contains { $0.hasPrefix("> third one") }
    }
    terminal.send(Key.control("r"))
    try terminal.expectScreen("the older match chosen") { screen in
      screen.lines.contains { $0.hasPrefix("> first one") }
    }
    terminal.send(Key.tab)
    try terminal.expectScreen("the text and nothing below") { screen in
      screen.lines[screen.row].hasPrefix("probe> first one")
        && !screen.lines.contains { $0.hasPrefix("search:") }
    }
    try terminal.submit("!", gives: "first one!")
  }

  @Test func givenUpItLeavesTheTextAlone() throws {
    let terminal = try filled(.init(rows: 24, columns: 80))
    for end in [Key.control("g"), "\u{1B}"] {
      terminal.send("draft" + Key.control("a") + Key.control("k") + "dra" + Key.control("r") + "xyz")
      try terminal.expect("no command has this")
      terminal.send(end)
      try terminal.expectScreen("no search") { screen in !screen.lines.contains { $0.hasPrefix("search:") } }
      try terminal.submit("ft", gives: "draft")
    }
  }

  @Test func whatIsTypedIsLookedFor() throws {
    let terminal = try filled(.init(rows: 24, columns: 80))
    try terminal.submit("sec" + Key.control("r"), gives: "second two")
  }

  @Test func arrowsWalkTheList() throws {
    let terminal = try filled(.init(rows: 24, columns: 80))
    try terminal.submit(Key.control("r") + "one" + Key.down + Key.up + Key.down, gives: "first one")
  }

  @Test func upSearchesWithThePrefix() throws {
    let terminal = try filled(.init(rows: 24, columns: 80))
    try terminal.submit("fir" + Key.up, gives: "first one")
    try terminal.submit("fir" + Key.up + Key.down, gives: "fir")
  }
}
