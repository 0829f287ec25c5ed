import Foundation
import PseudoTerminals
import Testing

/// Results that are taller than the terminal.
@Suite struct PagerTests {
  private func shell(
    _ settings: [String: String?] = [:], _ arguments: [String] = [], rows: UInt16 = 10
  ) throws -> PseudoTerminal {
    var environment = testEnvironment
    for (name, value) in settings { environment[name] = value }
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: ["-q"] + arguments, environment: environment,
      size: .init(rows: rows, columns: 60))
    if arguments.isEmpty { try terminal.expect("ipsh> ") }
    return terminal
  }

  /// Tells that it was asked, and how many lines it got.
  private static let telling = "printf 'paged '; wc -l"

  /// A text of `count` lines that are not the typed ones.
  private func lines(_ count: Int) -> String { "print join(map(list(0..<\(count)), square), \"\\n\")\r" }

  private func withSquares(_ terminal: PseudoTerminal) throws -> PseudoTerminal {
    terminal.send("def square(x) { return \"line {x * x}\" }\r")
    try terminal.expect("ipsh> ")
    return terminal
  }

  private func answers(_ terminal: PseudoTerminal) throws {
    terminal.send("print 6 * 7\r")
    try terminal.expect("\n42")
    try terminal.expect("ipsh> ")
    terminal.send("quit\r")
    #expect(try terminal.waitForExit() == 0)
  }

  @Test func tallResultsArePaged() throws {
    let terminal = try withSquares(try shell(["PAGER": Self.telling]))
    terminal.send(lines(10))
    try terminal.expect("paged 10")
    try terminal.expect("ipsh> ")
    terminal.send(lines(9))
    try terminal.expect("line 64")
    try terminal.expect("ipsh> ")
    // One line that takes ten rows.
    terminal.send("print join(map(list(0..<100), square), \" \")\r")
    try terminal.expect("paged 1")
    terminal.send("help\r")
    try terminal.expect("paged ")
    try answers(terminal)
    #expect(terminal.transcript.components(separatedBy: "paged ").count == 4)
  }

  @Test(arguments: ["q", "\u{3}"], [nil, "less"])
  func lessIsLeftByAKey(key: String, pager: String?) throws {
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/less") else { return }
    let terminal = try withSquares(try shell(["PAGER": pager]))
    let modes = terminal.modes
    terminal.send(lines(5000))
    try terminal.expect("line 64")
    try terminal.expect(":")
    terminal.send(" ")
    try terminal.expect("line 289")
    try terminal.expect(":")
    try leave(terminal, by: key)
    #expect(!terminal.transcript.contains("line 10000\r"))
    #expect(terminal.modes.c_oflag == modes.c_oflag)
    try answers(terminal)
  }

  /// less misses a Ctrl-C that comes between its prompt and its reading of keys: it is pressed again, as a person does.
  private func leave(_ terminal: PseudoTerminal, by key: String) throws {
    _ = terminal.settle()
    terminal.send(key)
    for _ in 0..<20 where key == "\u{3}" {
      if (try? terminal.expect("ipsh> ", timeout: 5)) != nil { return }
      terminal.send(key)
    }
    try terminal.expect("ipsh> ")
  }

  /// The whole statement stops, not only the pager of one result.
  @Test func ctrlCInThePagerStopsALoop() throws {
    let terminal = try withSquares(try shell(["PAGER": "echo paged; exec sleep 60"]))
    terminal.send("for i in 0..<1000 { " + lines(50).dropLast() + " }\r")
    try terminal.expect("\npaged")
    terminal.send("\u{3}")
    try terminal.expect("interrupted")
    try terminal.expect("ipsh> ")
    try answers(terminal)
    #expect(terminal.transcript.components(separatedBy: "paged").count == 2)
  }

  /// The result that was shown is whole: what is made of it can be made again.
  @Test func ctrlCInThePagerKeepsTheResult() throws {
    try withTemporaryFolder { folder in
      let terminal = try withSquares(try shell(["PAGER": "echo paged; exec sleep 60"]))
      terminal.send(lines(50))
      try terminal.expect("\npaged")
      terminal.send("\u{3}")
      try terminal.expect("ipsh> ")
      terminal.send("save script _ \"\(folder.path)/s.ipscript\"\r")
      try terminal.expect("ipsh> ")
      try answers(terminal)
      #expect(!terminal.transcript.contains("interrupted"))
      #expect(FileManager.default.fileExists(atPath: folder.path + "/s.ipscript"))
    }
  }

  @Test func aKilledPagerLeavesTheTerminalAsItWas() throws {
    let terminal = try withSquares(try shell(["PAGER": "stty -echo -onlcr; kill -9 $$"]))
    terminal.send(lines(20_000))
    try terminal.expect("ipsh> ")
    try answers(terminal)
    let modes = terminal.modes
    #expect(modes.c_lflag & tcflag_t(ECHO) != 0 && modes.c_oflag & tcflag_t(ONLCR) != 0)
  }

  @Test(arguments: [
    ["PAGER": ""], ["PAGER": " "], ["TERM": "dumb"], ["TERM": nil], ["PAGER": "/nonexistent/pager"],
    ["PAGER": nil, "PATH": "/nonexistent"],
  ])
  func withoutAPagerResultsArePrinted(settings: [String: String?]) throws {
    let terminal = try withSquares(
      try shell(
        [("PAGER", Self.telling)].reduce(into: settings) { settings, pair in
          if settings["PAGER"] == nil { settings[pair.0] = pair.1 }
        }))
    terminal.send(lines(60))
    try terminal.expect("line 3481")
    try terminal.expect("ipsh> ")
    try answers(terminal)
    #expect(!terminal.transcript.contains("paged "))
  }

  @Test func theSettingSwitchesIt() throws {
    let terminal = try withSquares(try shell(["PAGER": Self.telling]))
    terminal.send("set pager off\r" + lines(60))
    try terminal.expect("line 3481")
    try terminal.expect("ipsh> ")
    terminal.send("set pager \"on\"\r" + lines(60))
    try terminal.expect("paged 60")
    terminal.send("set pager\r")
    try terminal.expect("on")
    terminal.send("set pager sometimes\r")
    try terminal.expect("on or off")
    terminal.send("quit\r")
    #expect(try terminal.waitForExit() == 1)
  }

  @Test func resultsInFilesAndOfScriptsAreNotPaged() throws {
    try withTemporaryFolder { folder in
      let terminal = try withSquares(try shell(["PAGER": Self.telling]))
      terminal.send("output \"\(folder.path)/o.txt\"\r" + lines(60) + "output\r")
      try terminal.expect("output\r")
      terminal.send("once \"\(folder.path)/p.txt\"\r" + lines(60))
      _ = terminal.settle()
      try answers(terminal)
      #expect(!terminal.transcript.contains("paged "))
      #expect(try String(contentsOfFile: folder.path + "/o.txt", encoding: .utf8).hasSuffix("line 3481\n"))
    }
    let script = "def square(x) { return \"line {x * x}\" }\n" + lines(60).dropLast()
    let terminal = try shell(["PAGER": Self.telling], ["-c", script])
    try terminal.expect("line 3481")
    #expect(try terminal.waitForExit() == 0)
    #expect(!terminal.transcript.contains("paged "))
  }
}
