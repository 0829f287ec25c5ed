import PseudoTerminals
import SystemCalls
import Testing

/// The harness itself, with programs that every system has.
@Suite struct PseudoTerminalTests {
  private func shell(_ script: String, size: PseudoTerminal.Size = .init(rows: 24, columns: 80)) throws
    -> PseudoTerminal
  {
    try PseudoTerminal(executable: "/bin/sh", arguments: ["-c", script], size: size)
  }

  @Test func keysReachTheProgramAndItsOutputComesBack() throws {
    let terminal = try shell("read name; echo \"hello $name\"")
    terminal.send("λ\n")
    #expect(try terminal.expect("hello λ") == "λ\r\nhello λ")
    #expect(try terminal.waitForExit() == 0)
  }

  @Test func matchesGoForward() throws {
    let terminal = try shell("echo one two one; read x")
    try terminal.expect("one")
    #expect(try terminal.expect("one") == " two one")
    #expect(throws: TerminalFailure.self) { try terminal.expect("two", timeout: 0.2) }
  }

  @Test func escapeSequencesDoNotCount() throws {
    let terminal = try shell("printf 'a\\033[1mb\\033]0;title\\007c\\033(Bd\\033[0m'; read x")
    #expect(try terminal.expect("abcd") == "abcd")
    #expect(terminal.transcript.contains("\u{1B}[1m"))
  }

  @Test func failuresShowTheTranscript() throws {
    let terminal = try shell("echo something else")
    let failure = #expect(throws: TerminalFailure.self) { try terminal.expect("expected") }
    let description = failure?.description ?? ""
    #expect(description.hasPrefix("the program ended without \"expected\" after"), "\(description)")
    #expect(description.contains("transcript: \"something else"), "\(description)")
  }

  @Test func exitCodesAndSignalsAreTold() throws {
    #expect(try shell("exit 3").waitForExit() == 3)
    #expect(try shell("kill -TERM $$").waitForExit() == 128 + SIGTERM)
    let terminal = try shell("echo ready; read x")
    try terminal.expect("ready")
    terminal.signal(SIGKILL)
    #expect(try terminal.waitForExit() == 128 + SIGKILL)
    #expect(throws: TerminalFailure.self) { try shell("sleep 5").waitForExit(timeout: 0.1) }
  }

  @Test func theSizeIsKnownAndCanChange() throws {
    let terminal = try shell("stty size; read x; stty size", size: .init(rows: 11, columns: 33))
    try terminal.expect("11 33")
    try terminal.resize(.init(rows: 7, columns: 99))
    terminal.send("\n")
    try terminal.expect("7 99")
  }

  @Test func onlyTheGivenEnvironmentAndFolderCount() throws {
    let terminal = try PseudoTerminal(
      executable: "/bin/sh", arguments: ["-c", "pwd; echo \"[$ONE][$HOME][$USER]\""],
      environment: ["ONE": "1 2"], directory: "/usr")
    try terminal.expect("/usr\r\n[1 2][][]")
  }

  @Test func aProgramThatIsNotThereIsAFailure() {
    #expect(throws: TerminalFailure.self) {
      try PseudoTerminal(executable: "/no/such/program", arguments: [])
    }
  }

  @Test func theScreenIsEmulated() {
    var screen = Screen(rows: 3, columns: 6)
    screen.show("abcdefg\r\n漢字x\u{8}\u{8}\u{8}\u{1B}[Ky\u{1B}[A\u{1B}[2C!\n")
    #expect(screen.lines == ["abcdef", "g    !", "漢y"])
    screen.show("\r\u{1B}[Jnew\r\n")
    #expect(screen.unknown == [])
    #expect(screen.lines == ["g    !", "new"])
    #expect(screen.scrolledOff == ["abcdef"])
    screen.show("e\u{301}\u{1B}[2J\u{1B}[Hx\u{1B}[99z\u{1B}[1K")
    #expect(screen.lines == ["x"])
    #expect(screen.unknown == ["CSI 99z", "CSI 1K"])
  }

  @Test func aResizedScreenWrapsAnew() {
    var screen = Screen(rows: 4, columns: 4)
    screen.show("abcdef\r\nx")
    screen.resize(rows: 4, columns: 10)
    #expect(screen.lines == ["abcdef", "x"])
    #expect((screen.row, screen.column) == (1, 1))
    screen.resize(rows: 2, columns: 3)
    #expect(screen.lines == ["def", "x"])
    #expect(screen.scrolledOff == ["abc"])
  }
}

@Suite struct RunProgramTests {
  @Test func inputAndBothOutputsAreComplete() throws {
    let result = try runProgram(
      executable: "/bin/sh", arguments: ["-c", "cat; echo done >&2; exit 4"], stdin: "é\n")
    #expect(result == ProgramResult(status: 4, stdout: "é\n", stderr: "done\n"))
  }

  @Test func muchInputAndOutputDoNotBlock() throws {
    let text = String(repeating: "0123456789abcdef\n", count: 100_000)
    let result = try runProgram(
      executable: "/bin/sh", arguments: ["-c", "tee /dev/stderr"], stdin: text)
    #expect(result.status == 0)
    #expect(result.stdout == text)
    #expect(result.stderr == text)
  }

  @Test func aProgramThatReadsNothingIsNoObstacle() throws {
    let text = String(repeating: "x", count: 1_000_000)
    let result = try runProgram(executable: "/bin/sh", arguments: ["-c", "exit 5"], stdin: text)
    #expect(result == ProgramResult(status: 5, stdout: "", stderr: ""))
  }
}
