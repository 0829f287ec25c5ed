import PseudoTerminals
import SystemCalls
import Testing

@Suite struct PlainTerminalTests {
  @Test(arguments: [["TERM": "dumb"], ["TERM": ""]])
  func aDumbTerminalGetsNoEscapeCodes(environment: [String: String]) throws {
    let terminal = try probe("--hostile-prompt", environment: environment)
    try terminal.submit("forward é", gives: "forward é")
    terminal.send("for {" + Key.enter)
    try terminal.expect("..... ")
    try terminal.submit("}", gives: "for {\\n}")
    terminal.send("half")
    try terminal.expect("half")
    terminal.send(Key.control("c"))
    try terminal.expect("INTERRUPTED")
    terminal.send("for {" + Key.enter)
    try terminal.expect("..... ")
    terminal.send(Key.control("c"))
    try terminal.expect("INTERRUPTED")
    terminal.send("wait" + Key.enter)
    try terminal.expect("COMPUTING")
    terminal.send(Key.control("c"))
    try terminal.expect("STOPPED")
    // That interrupt is spent.
    #expect(try terminal.expect("probe> ").contains("INTERRUPTED") == false)
    try terminal.submit("next", gives: "next")
    #expect(try terminal.leave() == 0)
    #expect(!terminal.transcript.contains("\u{1B}"))
  }

  @Test func anUnknownTerminalIsPlain() throws {
    let terminal = try probe("--hostile-prompt", environment: ["TERM": "no-such-terminal"])
    try terminal.submit("forward", gives: "forward")
    #expect(!terminal.transcript.contains("\u{1B}"))
  }

  @Test(arguments: ["C", "POSIX", "xx_YY.UTF-8", "en_US.ISO-8859-1", ""])
  func anyLocaleTakesUTF8(locale: String) throws {
    let terminal = try probe(environment: ["LC_ALL": locale, "LANG": locale])
    terminal.send("é漢" + Key.left)
    try terminal.submit("λ", gives: "éλ漢")
  }

  /// libedit would wait for whoever writes into the pipe, and read the device for ever.
  @Test func settingsThatAreNoFileAreTold() throws {
    let folder = temporaryFolder()
    mkfifo(folder + "/pipe", 0o600)
    for path in [folder + "/pipe", folder, "/dev/zero"] {
      let terminal = try probe(environment: ["EDITRC": path])
      #expect(terminal.transcript.contains("SETTINGS<\(path)>"))
      try terminal.submit("forward", gives: "forward")
    }
    let home = try probe(environment: ["HOME": folder])
    #expect(!home.transcript.contains("SETTINGS"))
    mkfifo(folder + "/.editrc", 0o600)
    #expect(try probe(environment: ["HOME": folder]).transcript.contains("SETTINGS<\(folder)/.editrc>"))
    #expect(try !probe(environment: ["EDITRC": "/dev/null"]).transcript.contains("SETTINGS"))
  }

  @Test func editingCanBeSwitchedOff() throws {
    let terminal = try probe(environment: ["EDITRC": fixture("edit off\n")])
    try terminal.submit("forward", gives: "forward")
  }

  @Test func withoutATerminalThereAreNoPrompts() throws {
    let result = try runProgram(
      executable: builtProgram("line-editing-probe"), arguments: [],
      stdin: "forward\nfor {\n  x\n}\nno newline at the end")
    #expect(
      result
        == ProgramResult(
          status: 0,
          stdout: "LINE<forward>\nLINE<for {\\n  x\\n}>\nLINE<no newline at the end>\nEND\n", stderr: ""))
  }

  @Test func anIncompleteBlockAtTheEndIsHandedOver() throws {
    let result = try runProgram(
      executable: builtProgram("line-editing-probe"), arguments: [], stdin: "for {\n  x\n")
    #expect(result.stdout == "LINE<for {\\n  x>\nEND\n")
  }

  @Test func manyLinesFromAPipe() throws {
    let lines = (1...20_000).map { "line λ \($0)" }
    let result = try runProgram(
      executable: builtProgram("line-editing-probe"), arguments: [],
      stdin: lines.joined(separator: "\n") + "\n")
    #expect(result.stdout == lines.map { "LINE<\($0)>\n" }.joined() + "END\n")
  }
}

@Suite struct KeyMapTests {
  @Test func anEditrcChoosesViKeys() throws {
    let terminal = try probe(environment: ["EDITRC": fixture("bind -v\n")])
    terminal.send("abc\u{1B}")
    _ = terminal.settle()
    terminal.send("0x")
    try terminal.submit("i" + "X", gives: "Xbc")
    terminal.send("f {" + Key.enter + "forw" + Key.tab + "}")
    try terminal.submit(gives: "f {\\nforward }")
    // The history from command mode, through the two lines of the newest entry, submitted there.
    terminal.send("\u{1B}")
    _ = terminal.settle()
    try terminal.submit("kkk", gives: "Xbc")
    terminal.send(Key.paste("a\rb"))
    try terminal.submit(gives: "a\\nb")
    // Nothing to delete is no reason to end.
    terminal.send("\u{1B}")
    _ = terminal.settle()
    try terminal.submit("xxiy", gives: "y")
    #expect(try terminal.leave() == 0)
  }

  @Test func anEditrcBindsKeysForThisProgram() throws {
    let editrc = "probe:bind -s ^T forward\nother:bind -s ^T wrong\nbind ^I ed-insert\n"
    let terminal = try probe(environment: ["EDITRC": fixture(editrc)])
    try terminal.submit(Key.control("t"), gives: "forward")
    // Completion does not depend on what an .editrc does to TAB.
    try terminal.submit("forw" + Key.tab, gives: "forward ")
  }

  @Test func anEditrcInTheHomeFolderCounts() throws {
    let folder = temporaryFolder()
    write("bind -s ^T found\n", to: folder + "/.editrc")
    let terminal = try probe(environment: ["HOME": folder])
    try terminal.submit(Key.control("t"), gives: "found")
  }

  @Test func anEditrcWithMistakesIsNoObstacle() throws {
    let terminal = try probe(environment: ["EDITRC": fixture("bind ^T no-such-function\nnonsense\n\u{0}\n")])
    try terminal.submit("forw" + Key.tab, gives: "forward ")
  }
}
