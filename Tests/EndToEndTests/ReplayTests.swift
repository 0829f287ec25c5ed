import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// Recording, verifying and repeating, with the program as it was built.
@Suite struct ReplayTests {
  private func file(_ text: String, in folder: URL, _ name: String = "s.ipscript") throws -> String {
    let url = folder.appending(path: name)
    try text.write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }

  private func contents(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  @Test func verifyingTellsByItsExitCode() throws {
    try withTemporaryFolder { folder in
      let good = try file("print 1 / 3\n#=> 0.33334\n", in: folder, "good.ipscript")
      let bad = try file("print 1\n#=> 1\nprint 2\n#=> 2.5\n", in: folder, "bad.ipscript")
      let failing = try file("print 1\n#=> 1\nprint [][0]\nprint 2\n#=> 3\n", in: folder, "failing.ipscript")
      let broken = try file("print (\n", in: folder, "broken.ipscript")
      let right = try ipsh(["--verify", good])
      #expect((right.status, right.stderr) == (0, ""))
      #expect(right.stdout == "\(good): 1 expectation holds\n")
      let wrong = try ipsh(["--verify", bad])
      #expect(wrong.status == 3)
      #expect(
        wrong.stdout == """
          \(bad):4: the result differs
            expected  2.5
            found     2
            2.5 -> 2: difference -0.5, relative 0.2
          \(bad): 2 expectations, 1 differs

          """)
      let failed = try ipsh(["--verify", failing])
      #expect(failed.status == 1)
      #expect(failed.stdout == "\(failing): 2 expectations, 1 not reached\n")
      #expect(failed.stderr.hasPrefix("\(failing):3:10: error: index 0"))
      let unparsed = try ipsh(["--verify", "-c", "print 1\n#=> 1", broken])
      #expect((unparsed.status, unparsed.stdout) == (2, ""))
      #expect(try ipsh(["--verify"], stdin: "print 1\n#=> 2\n").status == 3)
      #expect(try ipsh(["-q", "--verify", "-c", "let x = 1", bad]).stdout.hasPrefix("\(bad):4:"))
    }
  }

  /// What follows the script is the script's, as without these options.
  @Test func argumentsReachAScriptThatIsReplayed() throws {
    try withTemporaryFolder { folder in
      let path = try file("print ARGV\n#=> [a, --two]\n", in: folder)
      let held = try ipsh(["--verify", path, "a", "--two"])
      #expect((held.status, held.stdout, held.stderr) == (0, "\(path): 1 expectation holds\n", ""))
      #expect(try ipsh(["--verify", path]).status == 3)
      #expect(try ipsh(["--bless", path, "b"]).status == 0)
      #expect(try contents(path) == "print ARGV\n#=> [b]\n")
    }
  }

  @Test(arguments: ["--verify", "--bless"]) func aMisplacedExpectationIsAnError(option: String) throws {
    try withTemporaryFolder { folder in
      let path = try file("print 1\n#=> 2\n\n#=> 7\n", in: folder)
      let result = try ipsh([option, path])
      #expect((result.status, result.stdout) == (2, ""))
      #expect(
        result.stderr == """
          \(path):4:1: error: this expectation belongs to no command
            #=> 7
            ^~~~~
          note: it stands directly below its command: no empty line and no comment between; other comments begin with `#`

          """)
      #expect(try contents(path) == "print 1\n#=> 2\n\n#=> 7\n")
    }
  }

  /// Numbers in a file of rows are no proof of anything; they are told where a run takes them over.
  @Test(arguments: [
    ("sweep(layers, on=sva_obj, rows=2, layers=0", "s.qoi_mean[0]", "qoi_mean"),
    ("experiment(accuracy, on=sva_obj, rows=2", "s.table.qoi_mean[0]", "qoi"),
  ])
  func verifyingComputesEveryRow(call: String, value: String, field: String) throws {
    try withTemporaryFolder { folder in
      let session =
        "load demo\nrecord \"r.ipscript\" results all\nlet s = \(call), file=\"rows.jsonl\")\nprint \(value)"
      let first = try ipsh(["-q", "-c", session], directory: folder.path)
      #expect(first.status == 0, "\(first.stderr)")
      let rows = folder.appending(path: "rows.jsonl").path
      // Every number of the field is another one.
      let changed = try contents(rows).replacing(try Regex("\"\(field)\": (\\[?)[-0-9.e]+")) {
        "\"\(field)\": \($0[1].substring ?? "")7.5"
      }
      #expect(try changed != contents(rows))
      try changed.write(toFile: rows, atomically: true, encoding: .utf8)
      let verified = try ipsh(["--verify", "r.ipscript"], directory: folder.path)
      #expect(verified.status == 0, "\(verified.stdout)\(verified.stderr)")
      #expect(verified.stderr.contains("rows.jsonl is neither read nor written"), "\(verified.stderr)")
      #expect(try contents(rows) == changed)
      let run = try ipsh(["-q", "r.ipscript"], directory: folder.path)
      #expect(
        run.stderr.contains("warning: 2 of 2 rows come from rows.jsonl and are not computed\n"),
        "\(run.stderr)")
      #expect(run.stdout.contains("7.5"), "\(run.stdout)")
    }
  }

  @Test func anExpectationThatIsNotReachedIsADifference() throws {
    let result = try ipsh(["--verify"], stdin: "print 1\n#=> 1\nquit\nprint 2\n#=> 3\n")
    #expect((result.status, result.stdout) == (3, "stdin: 2 expectations, 1 not reached\n"))
    let held = try ipsh(["--verify"], stdin: "print 1\n#=> 1\nquit\nprint 2\n")
    #expect((held.status, held.stdout) == (0, "stdin: 1 expectation holds\n"))
  }

  /// Run otherwise, expectations are comments.
  @Test func expectationsAreCommentsOtherwise() throws {
    let result = try ipsh(["-c", "print 1\n#=> 2\n"])
    #expect((result.status, result.stdout, result.stderr) == (0, "1\n", ""))
  }

  @Test func blessingRewritesFilesThatRun() throws {
    try withTemporaryFolder { folder in
      let text = "# a\nprint 1\n#=> 5\nprint 2 # b\n"
      let path = try file(text, in: folder)
      let failing = try file(text + "print [][0]\n", in: folder, "failing.ipscript")
      #expect(try ipsh(["--bless", failing]).status == 1)
      let result = try ipsh(["--bless", path])
      #expect(result.status == 0)
      #expect(result.stdout == "\(path): 1 expectation rewritten\n")
      #expect(try contents(path) == "# a\nprint 1\n#=> 1\nprint 2 # b\n")
      #expect(try contents(failing) == text + "print [][0]\n")
      #expect(try ipsh(["--bless-all", path]).status == 0)
      #expect(try contents(path) == "# a\nprint 1\n#=> 1\nprint 2 # b\n#=> 2\n")
      #expect(try ipsh(["--verify", path]).status == 0)
      let leaving = try file("print 1\n#=> 5\nquit\nprint 2\n#=> 2\n", in: folder, "leaving.ipscript")
      let missed = try ipsh(["--bless", leaving])
      #expect(missed.status == 3 && missed.stdout.hasSuffix("1 expectation rewritten, 1 not reached\n"))
    }
  }

  @Test(arguments: [
    ["--bless"], ["--verify", "--bless", "x"], ["--verify", "x", "--echo"], ["--bless", "-"],
  ])
  func meaninglessOptionsAreRefused(arguments: [String]) throws {
    #expect(try ipsh(arguments).status == 2)
  }

  /// Each command is on the disk when the next prompt shows.
  @Test func aKilledSessionLosesNoCommand() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "r.ipscript").path
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-q"], environment: testEnvironment)
      _ = try terminal.expect("ipsh> ")
      terminal.send("record \"\(path)\" results\r")
      _ = try terminal.expect("ipsh> ")
      for number in 1...5 {
        terminal.send("print \"result {\(number) * 11}\"\r")
        _ = try terminal.expect("\nresult \(number * 11)")
        _ = try terminal.expect("ipsh> ")
      }
      terminal.signal(SIGKILL)
      _ = try? terminal.waitForExit()
      let lines = try contents(path).split(separator: "\n").filter { !$0.hasPrefix("# ipsh:") }
      #expect(lines == (1...5).flatMap { ["print \"result {\($0) * 11}\"", "#=> result \($0 * 11)"] })
      #expect(try ipsh(["--verify", path]).status == 0)
    }
  }

  @Test func aScriptWarnsWhereItsOriginDiffers() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "r.ipscript").path
      _ = try ipsh(["-q", "-c", "record \"\(path)\"\nload \"demo\"\nforward \"a [MASK] .\" top=1"])
      let recorded = try contents(path)
      let same = try ipsh(["-q", path])
      #expect((same.status, same.stderr) == (0, ""))
      let changes = [
        ("kernels=", "recorded with kernels xx"), ("version=", "recorded with version xx"),
        ("threads=", "recorded with threads xx"),
        ("fingerprint=", "recorded with model demo of fingerprint xx"),
      ]
      for (key, message) in changes {
        let changed = try file(recorded.replacingOccurrences(of: key, with: key + "xx"), in: folder)
        let result = try ipsh(["-q", "--verify", changed])
        #expect(result.status == 0)
        #expect(result.stderr.contains(": warning: \(message)"), "\(result.stderr)")
      }
      let threads = try ipsh(["-q", "--threads", "1", "--seed", "3", path])
      #expect(
        threads.stderr.contains("here it is 1; recorded with seed 0, here it is 3"), "\(threads.stderr)")
    }
  }

  @Test func twoRunsGiveTheSameBytes() throws {
    let script = """
      load "demo"
      text "the author that the guards like [MASK] young ."
      qoi is - are
      forward top=10
      influence points=5
      patterns points=5
      """
    let arguments = ["-q", "--format", "json", "--threads", "2", "-c", script]
    let first = try ipsh(arguments)
    #expect(first.status == 0 && first.stdout.count > 1000)
    #expect(try ipsh(arguments) == first)
  }

  @Test func aSavedScriptMakesTheResultAgain() throws {
    try withTemporaryFolder { folder in
      let setup = "text \"the keys to the cabinet [MASK] here .\"\nqoi are - is\n"
      let session = setup + "let p = influence(points=4)\nprint p\nlet x = 1\nsave script p \"p.ipscript\""
      let first = try ipsh(
        ["-q", "-m", "demo", "--format", "json", "-c", session], directory: folder.path)
      let path = folder.appending(path: "p.ipscript").path
      let saved = try contents(path)
      #expect(saved.hasSuffix("\nload \"demo\"\n\(setup)let p = influence(points=4)\np\n"))
      let second = try ipsh(["-q", "--format", "json", path])
      let (a, b) = (first.stdout.split(separator: "\n"), second.stdout.split(separator: "\n"))
      #expect(a.last?.split(separator: "\"result\"").last == b.last?.split(separator: "\"result\"").last)
      #expect(a.last?.contains("completeness_gap") ?? false)
    }
  }

  /// What was typed in this session is not in the file a second time, nor is what another adds meanwhile.
  @Test func historyListsOwnCommandsOnce() throws {
    try withTemporaryFolder { folder in
      let history = try file("let old = 1\n", in: folder, "history")
      var environment = testEnvironment
      environment["IPSH_HISTORY"] = history
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-q"], environment: environment)
      _ = try terminal.expect("ipsh> ")
      terminal.send("let mine = 2\r")
      _ = try terminal.expect("ipsh> ")
      try (contents(history) + "let other = 3\n").write(toFile: history, atomically: false, encoding: .utf8)
      terminal.send("print history(all=true).command\r")
      _ = try terminal.expect("[let old = 1, let mine = 2, print history(all=true).command]")
      _ = try terminal.expect("ipsh> ")
      terminal.send("\u{4}")
      #expect(try terminal.waitForExit() == 0)
    }
  }

  @Test func historyKnowsEarlierSessions() throws {
    try withTemporaryFolder { folder in
      let history = try file("let old = 1\nfor i in 0..1 {\\n  print i\\n}\n", in: folder, "history")
      var environment = testEnvironment
      environment["IPSH_HISTORY"] = history
      let result = try runProgram(
        executable: builtProgram("ipsh"), arguments: ["--format", "json", "-c", "history all"],
        environment: environment)
      #expect(result.stdout.contains("\"let old = 1\"") && result.stdout.contains("{\\n  print i\\n}"))
      #expect(result.stdout.contains("\"history all\""))
    }
  }
}

/// `--check` finds what is wrong without running anything.
@Suite struct CheckTests {
  @Test func checkingTellsByItsExitCode() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "s.ipscript")
      try "load \"demo\"\nprint ARGV[0]\nprint nope\nshow L99.pattern\nsave 1 \"x.json\"\n".write(
        to: path, atomically: true, encoding: .utf8)
      let result = try ipsh(["--check", path.path, "argument"], directory: folder.path)
      #expect((result.status, result.stdout) == (2, ""))
      #expect(result.stderr.hasPrefix("\(path.path):3:7: error: nothing is called `nope`"))
      #expect(result.stderr.contains("\n\(path.path):4:7: error: layer 99 is out of range"))
      #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "x.json").path))
      let right = try ipsh(["--check", "-m", "demo", "-c", "print model.layers"])
      #expect((right.status, right.stdout, right.stderr) == (0, "", ""))
    }
  }

  /// What a script without faults takes is a result, as any other.
  @Test func checkingTellsWhatAScriptTakes() throws {
    let arguments = ["--check", "-m", "demo", "-c", "for i in 0..<3 {\n  patterns sva_obj rows=8\n}"]
    let table = try ipsh(arguments)
    #expect((table.status, table.stderr) == (0, ""))
    let lines = table.stdout.split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasPrefix("place"), "\(table.stdout)")
    let cells = lines[1].split(whereSeparator: \.isWhitespace)
    #expect(cells.prefix(6) == ["-c:2", "patterns", "sva_obj", "rows=8", "3", "400"], "\(table.stdout)")
    #expect(lines[2].hasPrefix("estimated time "), "\(table.stdout)")
    let json = try ipsh(["--format", "json"] + arguments).stdout
    #expect(
      json.hasPrefix(#"{"command": "check", "line": 0, "result": {"commands": [{"place": "-c:2""#), "\(json)")
    let csv = try ipsh(["--format", "csv"] + arguments).stdout
    #expect(csv.hasPrefix("place,command,runs_least,runs_most,sequences,operations,seconds,bytes"), "\(csv)")
    #expect(csv.contains("\n-c:2,patterns sva_obj rows=8,3,3,400,"), "\(csv)")
  }

  /// Scripts that run without an error pass the check.
  @Test func scriptsOfTheTestsPass() throws {
    for name in ScriptTests.names where !name.hasPrefix("error-") {
      let path = ScriptTests.folder.appending(path: name + ".ipscript").path
      let result = try withTemporaryFolder { scratch in
        try ScriptTests.putInputs(into: scratch)
        return try ipsh(["-q", "--check", path], directory: scratch.path)
      }
      #expect(result.status == 0 && !result.stderr.contains("error: "), "\(name): \(result.stderr)")
    }
  }
}
