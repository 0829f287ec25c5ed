import Foundation
import PseudoTerminals
import Testing

/// Standard streams and files that are closed, full or no files at all.
@Suite struct StreamTests {
  @Test(arguments: [
    "ipsh -c 'print 1' > /dev/full", "ipsh --format json -c 'print 1' > /dev/full",
    "ipsh --version > /dev/full", "ipsh --help > /dev/full", "ipsh --verify -c 'print 1' > /dev/full",
  ])
  func aFullDiskIsAnError(line: String) throws {
    try runInShell(line) { result, _ in
      #expect(result.status == 1)
      let start = line.contains("json") ? "{\"error\": {\"code\": \"output\", \"message\": \"" : "error: "
      #expect(result.stderr.contains(start + "cannot write the result: No space left on device"))
    }
  }

  @Test(arguments: [
    ("output \"/dev/full\"\nprint 1\noutput", "cannot write /dev/full: not a regular file"),
    ("once \"/dev/full\"\nprint 1", "cannot write /dev/full: not a regular file"),
    ("record \"/dev/full\" append\nprint 1", "cannot record to /dev/full: No space left on device"),
    (
      "load demo\nsweep heads on=sva_obj rows=1 file=\"/dev/full\"",
      "/dev/full: cannot write: not a regular file"
    ),
    ("output \"/nonexistent/o.txt\"", "cannot write /nonexistent/o.txt.partial: No such file or directory"),
    ("save 1 \"/nonexistent/o.json\"", "cannot write /nonexistent/o.json: No such file or directory"),
  ])
  func whatCannotBeWrittenIsAnError(script: String, message: String) throws {
    func kind() throws -> FileAttributeType? {
      try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type] as? FileAttributeType
    }
    let result = try ipsh(["-q", "-c", script])
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: \(message)"), "\(result.stderr)")
    #expect(try kind() == .typeCharacterSpecial)
  }

  /// Half a file would be worse than none.
  @Test func aFullDiskLeavesTheOldFile() throws {
    let lines = "ulimit -f 8\nipsh -q -c 'save list(0..<20000) \"v.json\"'; echo $?; cat v.json; ls"
    try runInShell("trap '' XFSZ; echo '[1]' > v.json\n" + lines) { result, _ in
      #expect(result.stdout == "1\n[1]\nv.json\n")
      #expect(result.stderr.contains("error: cannot write v.json: File too large"), "\(result.stderr)")
    }
  }

  /// A file that has lost a part never gets its name, and what follows prints again.
  @Test func aFullDiskEndsTheOutput() throws {
    let script = """
      output "o.txt"
      print "first"
      try { print list(0..<20000) } catch e { print e.code }
      print "second"
      """
    let lines = "ipsh -q -c '\(script)'; echo $?; head -n 1 o.txt.partial; cat o.txt; ls"
    try runInShell("trap '' XFSZ; echo old > o.txt; ulimit -f 8\n" + lines) { result, _ in
      #expect(result.stdout == "output\nsecond\n0\nfirst\nold\no.txt\no.txt.partial\n", "\(result.stderr)")
    }
    let failing = "output \"n.txt\"\nprint list(0..<20000)"
    try runInShell("trap '' XFSZ; ulimit -f 8\nipsh -q -c '\(failing)'; echo $?; ls") { result, _ in
      #expect(result.stdout == "1\nn.txt.partial\n")
      #expect(
        result.stderr.contains(
          "error: cannot write the results to n.txt: File too large\n  print list(0..<20000)\n"),
        "\(result.stderr)")
      #expect(
        result.stderr.contains(
          "note: `output` has ended and n.txt is as it was; what was written is in n.txt.partial"),
        "\(result.stderr)")
    }
  }

  @Test func outputThroughALinkReplacesItsTarget() throws {
    try runInShell("echo old > real; ln -s real link; ipsh -c 'output \"link\"\nprint 7'; cat real; ls -F") {
      result, _ in
      #expect(result.stdout == "7\nlink@\nreal\n", "\(result.stderr)")
    }
  }

  @Test(arguments: [
    "ipsh -c 'for i in 0..<100000 { print i }' | head -n 1", "ipsh --verify -c 'print 1' | true",
    "ipsh --format json -c 'for i in 0..<100000 { print i }' | true",
  ])
  func aReaderThatLeavesEndsItQuietly(line: String) throws {
    let program = try builtProgram("ipsh")
    let result = try runProgram(
      executable: "/bin/bash",
      arguments: [
        "-c", line.replacingOccurrences(of: "ipsh ", with: "\(program) ") + "; exit ${PIPESTATUS[0]}",
      ],
      environment: testEnvironment)
    // Not 0: the script was not run to its end. `true` may leave later than the program does.
    let mayFinish = line.contains("--verify")
    #expect(result.status == 1 || mayFinish && result.status == 0)
    #expect(result.stderr == "")
  }

  @Test func closedStreams() throws {
    try runInShell("ipsh -c 'print 1' >&-") { result, _ in
      #expect(result.status == 1 && result.stderr.contains("cannot write the result: Bad file descriptor"))
    }
    try runInShell("ipsh -c 'print 1; warn \"x\"' 2>&-") { result, _ in
      #expect(result == ProgramResult(status: 0, stdout: "1\n", stderr: ""))
    }
    try runInShell("ipsh <&-") { result, _ in
      #expect(result.status == 2 && result.stderr == "error: stdin: Bad file descriptor\n")
    }
    try runInShell("ipsh -c 'print 1' <&-") { result, _ in #expect(result.stdout == "1\n") }
    // Messages do not go into files that are opened later.
    try runInShell("ipsh -c 'record \"r.ipscript\"\nlet x = 1\nwarn \"oops\"\nprint [][0]' >&- 2>&-") {
      result, folder in
      let recorded = try String(contentsOf: folder.appending(path: "r.ipscript"), encoding: .utf8)
      let commands = recorded.split(separator: "\n").filter { !$0.hasPrefix("# ipsh:") }
      #expect(result.status == 1 && commands == ["let x = 1", "warn \"oops\""], "\(recorded)")
    }
  }

  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130)] as [(Int32, Int32)])
  func signalsEndALoop(signal: Int32, status: Int32) throws {
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"),
      arguments: ["-q", "-c", "print \"go\"\nlet i = 1\nwhile true { let x = [i, i * 2] }\nprint \"end\""],
      environment: testEnvironment)
    try terminal.expect("go")
    usleep(50_000)
    terminal.signal(signal)
    #expect(try terminal.waitForExit() == status)
    #expect(!terminal.transcript.contains("end"))
  }
}

/// Terminals that are unknown, tiny or huge.
@Suite struct TerminalSizeTests {
  private static let sizes: [(UInt16, UInt16)] = [(1, 1), (3, 10), (2, 2), (500, 1000), (24, 1)]

  @Test(arguments: sizes)
  func anySizeWorks(rows: UInt16, columns: UInt16) throws {
    var environment = testEnvironment
    environment["PAGER"] = "cat"
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: ["-m", "demo"], environment: environment,
      size: .init(rows: rows, columns: columns))
    // The editor has the keys: before and after, Ctrl-C would end the program or take back what is typed ahead.
    func reachPrompt() throws {
      _ = terminal.settle()
      try terminal.expectScreen("a prompt") { $0.bracketedPaste }
    }
    try reachPrompt()
    for keys in [
      "text \"paris [MASK] big .\"\r", "forward top=3\r", "heatmap L2H1\r", "tokeni\t\"a cat\"\r",
      "show L\t\tn",
      "\u{3}", "print [][0]\r", "help\r", "for i in 1..2 {\rprint i\r}\r", "\u{1B}[A\u{1B}[A\u{3}",
      "漢字é\u{3}",
    ] {
      terminal.send(keys)
      try reachPrompt()
    }
    try terminal.resize(.init(rows: columns, columns: rows))
    terminal.send("quit\r")
    #expect(try terminal.waitForExit() == 1)
  }

  @Test(arguments: [nil, "", "dumb", "no-such-terminal", "vt52"])
  func anyTerminalTypeWorks(name: String?) throws {
    var environment = testEnvironment
    environment["TERM"] = name
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: ["-q"], environment: environment)
    try terminal.expect("ipsh> ")
    terminal.send("print 6 * 7\r")
    try terminal.expect("42")
    try terminal.expect("ipsh> ")
    terminal.send("for i in 1..2 {\rprint i * 50\r}\r")
    try terminal.expect("100")
    terminal.send("quit\r")
    #expect(try terminal.waitForExit() == 0)
  }
}
