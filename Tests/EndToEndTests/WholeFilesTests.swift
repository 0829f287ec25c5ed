import Foundation
import PseudoTerminals
import Testing

/// What a failed run, or two runs at once, leave of files.
@Suite struct WholeFilesTests {
  /// The old file stays, nothing that was computed is lost, and the mended script runs.
  @Test(arguments: [
    "ipsh -q s.ipscript", "ipsh -q < s.ipscript", "ipsh -q --verify s.ipscript",
    "ipsh -q -c \"$(cat s.ipscript)\"",
  ])
  func aFailedScriptLeavesItsOutputsFile(command: String) throws {
    let line = """
      echo old > o.txt
      printf 'output "o.txt"\\nprint 1\\nprint [][0]\\nprint 2\\n' > s.ipscript
      \(command); echo $?; cat o.txt; cat o.txt.partial
      printf 'output "o.txt"\\nprint 3\\n' > s.ipscript
      ipsh -q s.ipscript; echo $?; cat o.txt o.txt.partial~; ls
      """
    let replays = command.contains("--verify")
    try runInShell(line) { result, _ in
      guard !replays else { return #expect(result.stdout.hasPrefix("1\nold\n"), "\(result)") }
      #expect(result.stdout == "1\nold\n1\n0\n3\n1\no.txt\no.txt.partial~\ns.ipscript\n", "\(result)")
      #expect(
        result.stderr.contains("warning: the output to o.txt has not ended, so o.txt is as it was\n"),
        "\(result.stderr)")
      #expect(result.stderr.contains("note: the results so far are in o.txt.partial\n"), "\(result.stderr)")
    }
  }

  @Test func anInterruptedScriptLeavesItsOutputsFile() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "o.txt")
      try "old\n".write(to: file, atomically: true, encoding: .utf8)
      let script = "output \"\(file.path)\"\nprint 1\nwarn \"begun\"\nwhile true { }"
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-c", script], environment: testEnvironment)
      _ = try terminal.expect("begun")
      terminal.send("\u{3}")
      #expect(try terminal.waitForExit() == 130)
      #expect(try String(contentsOf: file, encoding: .utf8) == "old\n")
      #expect(try String(contentsOfFile: file.path + ".partial", encoding: .utf8) == "1\n")
    }
  }

  /// Commands of two sessions in one script would be a third that nobody ran.
  @Test func twoSessionsDoNotRecordToOneFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "r.ipscript").path
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["--no-init"], environment: testEnvironment)
      _ = try terminal.expect("ipsh> ")
      terminal.send("record \"\(path)\"\r")
      _ = try terminal.expect("recording to")
      _ = try terminal.expect("ipsh> ")
      let script = "record \"\(path)\" append\nlet theirs = 1"
      let other = try ipsh(["-q", "-c", script])
      #expect(other.status == 1)
      #expect(other.stderr.contains("error: another session records to \(path)"), "\(other.stderr)")
      terminal.send("let mine = 1\r")
      _ = try terminal.expect("ipsh> ")
      terminal.send("record off\r")
      _ = try terminal.expect("ipsh> ")
      #expect(try ipsh(["-q", "-c", script]).status == 0)
      terminal.send("quit\r")
      #expect(try terminal.waitForExit() == 0)
      let commands = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        .filter { !$0.hasPrefix("#") }
      #expect(commands == ["let mine = 1", "let theirs = 1"])
    }
  }

  @Test func aOnceWithoutAResultIsAnError() throws {
    try runInShell("ipsh -q -c 'print 1\nonce \"a.json\"\nlet x = 2'; echo $?; ls") { result, _ in
      #expect(result.stdout == "1\n1\n")
      #expect(
        result.stderr.hasPrefix("-c:2:6: error: no result followed, so a.json is not written\n"),
        "\(result.stderr)")
    }
    try runInShell("ipsh -q -c 'once \"a.json\"\nonce \"b.json\"\n[3]'; echo $?; cat b.json; ls") {
      result, _ in
      #expect(result.stdout == "0\n[3]\nb.json\n")
      #expect(
        result.stderr.contains("warning: a.json gets no result: another `once` follows"), "\(result.stderr)")
    }
    // A script that fails by it has failed.
    let both = "echo old > o.txt; ipsh -q -c 'output \"o.txt\"\nprint 1\nonce \"a.json\"'; echo $?; cat o.txt"
    try runInShell(both) { result, _ in #expect(result.stdout == "1\nold\n", "\(result.stderr)") }
    for check in ["save \"x.json\"", "save 5", "once \"a.json\"\noutput \"b.txt\""] {
      let checked = try ipsh(["--check", "-c", check])
      #expect(checked.status == 2, "\(check)")
    }
    let typed = try ipsh([], stdin: "once \"/nonexistent/a.json\"\n")
    #expect(typed.status == 1 && typed.stderr.contains("no result followed"))
  }

  /// The name of a file is bytes; whatever else is not text is refused, not repaired.
  @Test func aScriptsNameNeedNotBeUTF8() throws {
    let name = "\"$(printf 's\\351.ipscript')\""
    try runInShell("echo 'print len(ARGV); print [][0]' > \(name); ipsh -q \(name) a b; echo $?") {
      result, _ in
      #expect(result.stdout == "2\n1\n")
      #expect(result.stderr.hasPrefix(#"s\xE9.ipscript:1:27: error: "#), "\(result.stderr)")
    }
    try runInShell("ipsh -q \(name); echo $?") { result, _ in
      #expect(result.stdout == "2\n")
      #expect(result.stderr == "error: s\\xE9.ipscript: No such file or directory\n")
    }
    let folder = "\"$(printf 'd\\351')\""
    try runInShell(
      "mkdir \(folder); echo 'print 1' > \(folder)/s.ipscript; ipsh -q \(folder)/s.ipscript; echo $?"
    ) {
      result, _ in
      #expect(
        result.stdout == "2\n" && result.stderr.contains(#"is not UTF-8 text: d\xE9/s.ipscript"#), "\(result)"
      )
    }
    for arguments in ["-c \(name)", "--model \(name) -c 1", "x.ipscript \(name)", "--bless \(name)"] {
      try runInShell("echo 'print 1' > x.ipscript; ipsh -q \(arguments); echo $?") { result, _ in
        #expect(result.stdout == "2\n", "\(arguments)")
        #expect(
          result.stderr.contains(#"is not UTF-8 text: s\xE9.ipscript"#), "\(arguments): \(result.stderr)")
      }
    }
  }
}
