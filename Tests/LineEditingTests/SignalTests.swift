import PseudoTerminals
import SystemCalls
import Testing

@Suite struct SignalTests {
  @Test func controlCClearsTheLine() throws {
    let terminal = try probe()
    terminal.send("half a li")
    try terminal.expectScreen(["probe> half a li"])
    terminal.send(Key.control("c"))
    try terminal.expectScreen(["probe> half a li^C", "INTERRUPTED", "probe>"])
    try terminal.submit("whole", gives: "whole")
    #expect(try terminal.leave() == 0)
  }

  @Test func controlCStopsAComputationAndOnlyThat() throws {
    let terminal = try probe()
    for _ in 0..<3 {
      terminal.send("wait" + Key.enter)
      try terminal.expect("COMPUTING")
      terminal.send(Key.control("c"))
      try terminal.expect("STOPPED")
      try terminal.expect("probe> ")
    }
    terminal.signal(SIGINT)
    try terminal.expect("INTERRUPTED")
    try terminal.submit("next", gives: "next")
    #expect(try terminal.leave() == 0)
  }

  @Test func manyInterruptsAreOne() throws {
    let terminal = try probe()
    terminal.send("stubborn" + Key.enter)
    try terminal.expect("COMPUTING")
    for _ in 0..<5 { terminal.signal(SIGINT) }
    try terminal.expect("STOPPED")
    try terminal.expect("probe> ")
    try terminal.submit("next", gives: "next")
  }

  /// A shell with job control on the terminal, and the probe as its foreground job.
  private func shellWithProbe() throws -> PseudoTerminal {
    var environment = PseudoTerminal.plainEnvironment
    environment["PS1"] = "shell$ "
    let terminal = try PseudoTerminal(
      executable: "/bin/bash", arguments: ["--norc", "--noprofile", "-i"], environment: environment)
    try terminal.expect("shell$ ")
    terminal.send(try builtProgram("line-editing-probe") + Key.enter)
    try terminal.expect("probe> ")
    return terminal
  }

  @Test func controlZSuspendsAtThePromptAndFgRestoresTheLine() throws {
    let terminal = try shellWithProbe()
    terminal.send("for {" + Key.enter + "abc" + Key.left + Key.left)
    try terminal.expectScreen("the cursor on b") { $0.lines.last == "..... abc" && $0.column == 7 }
    terminal.send(Key.control("z"))
    // Before the shell says so itself, the program has switched bracketed paste off.
    try terminal.expect("Stopped")
    #expect(terminal.transcript.contains("..... abc\u{1B}[J\r\u{1B}[7C\r\u{1B}[9C\u{1B}[?2004l"))
    try terminal.expect("shell$ ")
    terminal.send("echo mode-$(stty -a | grep -o '[-]*icanon')" + Key.enter)
    try terminal.expect("mode-icanon")
    terminal.send("fg" + Key.enter)
    try terminal.expect("probe> for {\r\n..... abc")
    try terminal.expectScreen("the cursor on b") { $0.column == 7 && $0.bracketedPaste }
    try terminal.submit("X}", gives: "for {\\naX}bc")
  }

  @Test func controlZSuspendsAComputation() throws {
    let terminal = try shellWithProbe()
    terminal.send("wait" + Key.enter)
    try terminal.expect("COMPUTING")
    terminal.send(Key.control("z"))
    try terminal.expect("Stopped")
    try terminal.expect("shell$ ")
    terminal.send("fg" + Key.enter)
    try terminal.expectScreen("the job in the foreground") { _ in
      terminal.foregroundGroup != terminal.process
    }
    terminal.send(Key.control("c"))
    try terminal.expect("STOPPED")
    try terminal.expect("probe> ")
    terminal.send(Key.control("d"))
    try terminal.expect("END")
    try terminal.expect("shell$ ")
  }

  @Test func aStopFromOutsideIsRepaired() throws {
    let terminal = try probe()
    terminal.send("typed")
    try terminal.expect("typed")
    terminal.signal(SIGSTOP)
    var modes = terminal.modes
    modes.c_lflag |= tcflag_t(ICANON | ECHO)
    terminal.modes = modes
    terminal.signal(SIGCONT)
    try terminal.expectScreen("modes for editing") { _ in
      terminal.modes.c_lflag & tcflag_t(ICANON | ECHO) == 0
    }
    try terminal.expectScreen(["probe> typed"])
    try terminal.submit("!", gives: "typed!")
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGQUIT])
  func aDeadlySignalLeavesTheTerminalInOrder(number: Int32) throws {
    let terminal = try probe(environment: ["SWIFT_BACKTRACE": "enable=no"])
    terminal.send("typed")
    try terminal.expect("typed")
    #expect(terminal.modes.c_lflag & tcflag_t(ICANON) == 0)
    terminal.signal(number)
    #expect(try terminal.waitForExit() == 128 + number)
    #expect(terminal.modes.c_lflag & tcflag_t(ICANON) != 0)
    #expect(terminal.screen.bracketedPaste == false)
  }

  @Test func aHangUpEndsTheProgram() throws {
    let terminal = try probe()
    terminal.hangUp()
    #expect([0, 128 + SIGHUP].contains(try terminal.waitForExit()))
  }

  @Test func aResizeRedraws() throws {
    let terminal = try probe(size: .init(rows: 10, columns: 40))
    try terminal.submit("above", gives: "above")
    let above = ["probe> above", "LINE<above>"]
    terminal.send("one two three four five six seven eight")
    try terminal.expectScreen(above + ["probe> one two three four five six seven", " eight"])
    try terminal.resize(.init(rows: 10, columns: 20))
    try terminal.expectScreen(above + ["probe> one two three", " four five six seven", " eight"])
    terminal.send("!" + Key.control("a") + "?")
    try terminal.expectScreen(above + ["probe> ?one two thre", "e four five six seve", "n eight!"])
    try terminal.resize(.init(rows: 10, columns: 60))
    try terminal.expectScreen(above + ["probe> ?one two three four five six seven eight!"], column: 8)
    terminal.send("!")
    try terminal.expectScreen(above + ["probe> ?!one two three four five six seven eight!"])
    try terminal.submit(gives: "?!one two three four five six seven eight!")
  }

}
