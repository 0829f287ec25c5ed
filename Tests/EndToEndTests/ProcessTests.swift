import Foundation
import PseudoTerminals
import Testing

@Suite struct ProcessTests {
  @Test func textsRunInOrderBeforeTheScript() throws {
    try withTemporaryFolder { folder in
      let script = folder.appending(path: "s.ipscript")
      try "print x ARGV\n".write(to: script, atomically: true, encoding: .utf8)
      let result = try ipsh(["-c", "let x = 1", "-c", "let x = x + 1", script.path, "one", "--two"])
      #expect((result.status, result.stdout, result.stderr) == (0, "2 [one, --two]\n", ""))
    }
  }

  @Test func standardInputIsAScript() throws {
    #expect(try ipsh([], stdin: "print 1\nprint 2").stdout == "1\n2\n")
    #expect(try ipsh(["-", "a"], stdin: "print ARGV[0]").stdout == "a\n")
  }

  @Test func aScriptRunsByItsShebang() throws {
    try withTemporaryFolder { folder in
      let script = folder.appending(path: "s.ipscript")
      let program = try builtProgram("ipsh")
      try "#!\(program)\nprint ARGV\n".write(to: script, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
      let result = try runProgram(executable: script.path, arguments: ["x"], environment: testEnvironment)
      #expect((result.status, result.stdout, result.stderr) == (0, "[x]\n", ""))
    }
  }

  @Test func aFailedCommandStopsTheScript() throws {
    let result = try ipsh(["-c", "print 1\nprint [][0]\nprint 3"])
    #expect(result.status == 1)
    #expect(result.stdout == "1\n")
    #expect(
      result.stderr == """
        -c:2:10: error: index 0 into an empty list
          print [][0]
                   ^

        """)
  }

  @Test func nothingRunsWhenAnythingDoesNotParse() throws {
    let result = try ipsh(["-c", "print 1", "-c", "print ("])
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("-c 2:1:"))
    #expect(try ipsh(["-c", "print ("]).stderr.hasPrefix("-c:1:"))
  }

  @Test(arguments: [
    (["--nonsense"], "unknown option --nonsense"), (["--format", "xml"], "table, json or csv"),
    (["--threads", "0"], "from 1 to 256"), (["--max-memory", "lots"], "such as"),
    (["/nonexistent.ipscript"], "/nonexistent.ipscript: No such file or directory"),
  ])
  func usageErrorsExitWith2(arguments: [String], message: String) throws {
    let result = try ipsh(arguments)
    #expect(result.status == 2)
    #expect(result.stdout == "")
    #expect(result.stderr.contains(message), "\(result.stderr)")
  }

  @Test func helpAndVersionAreSuccesses() throws {
    #expect(try ipsh(["--version"]).stdout.hasPrefix("ipsh "))
    let help = try ipsh(["--help"])
    #expect(help.status == 0)
    #expect(help.stdout.contains("--max-memory"))
  }

  @Test func jsonPrintsOneObjectALine() throws {
    let result = try ipsh(
      ["--format", "json", "-q", "-c", "print 1\n\nload demo\ntokenize \"a cat .\"\nlet x = 2\nquit"])
    let lines = result.stdout.split(separator: "\n")
    #expect(result.status == 0)
    #expect(lines.first == #"{"command": "print", "line": 1, "result": 1}"#)
    let tokenized = try #require(lines.last)
    #expect(
      tokenized
        == #"{"command": "tokenize", "line": 4, "result": {"tokens": ["[CLS]", "a", "cat", ".", "[SEP]"], "#
        + #""ids": [2, 43, 2928, 18, 3], "types": [0, 0, 0, 0, 0], "#
        + #""offsets": [[0, 0], [0, 1], [2, 5], [6, 7], [0, 0]]}}"#)
    for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  /// `--format json` makes objects of errors and warnings, one a line.
  @Test func diagnosticsAreObjectsOfJSON() throws {
    struct Line: Decodable {
      struct Place: Decodable, Equatable {
        var function: String?
        var file: String?
        var line: Int?
        var column: Int?
      }
      struct Problem: Decodable {
        let code: String
        let message: String
        let file: String?
        let line: Int?
        let column: Int?
        let notes: [String]
        var calls: [Place]?
        var included_from: [Place]?
      }
      var error: Problem?
      var warning: Problem?
    }
    func lines(_ arguments: [String], _ status: Int32, in folder: URL) throws -> [Line] {
      let result = try ipsh(["-q", "--format", "json"] + arguments, directory: folder.path)
      #expect(result.status == status, "\(result.stderr)")
      return try result.stderr.split(separator: "\n").map {
        try JSONDecoder().decode(Line.self, from: Data($0.utf8))
      }
    }
    try withTemporaryFolder { folder in
      try "def f(x) { return [][x] }\nprint f(\n0)\n".write(
        to: folder.appending(path: "inner.ipscript"), atomically: true, encoding: .utf8)
      let failed = try lines(["-c", "warn \"a \\\"b\\\"\"\nsource \"inner.ipscript\""], 1, in: folder)
      let warning = try #require(failed.first?.warning)
      #expect(failed.count == 2 && warning.message == "a \"b\"" && warning.line == 1)
      let error = try #require(failed.last?.error)
      #expect((error.code, error.message) == ("index-range", "index 0 into an empty list"))
      #expect((error.file, error.line, error.column) == ("inner.ipscript", 1, 22))
      #expect(error.calls == [.init(function: "f", file: "inner.ipscript", line: 2, column: 7)])
      #expect(error.included_from == [.init(file: "-c", line: 2, column: 1)])
      let unparsed = try lines(["-c", "x = 1"], 2, in: folder).first?.error
      #expect(unparsed?.code == "assignment-without-let" && unparsed?.notes == [])
      #expect(unparsed?.message == "a name is bound by `let`: write `let x = 1`")
      let missing = try lines(["none.ipscript"], 2, in: folder).first?.error
      #expect(missing?.code == "unreadable" && missing?.file == nil && missing?.line == nil)
      let checked = try lines(["--check", "-c", "print a\nprint b"], 2, in: folder)
      #expect(checked.map(\.error?.line) == [1, 2])
    }
  }

  @Test(arguments: [
    ("exit", "quit"), ("exit 3", "quit"), ("bye", "quit"), ("exit(1)", "quit"), ("echo \"a\"", "print"),
    ("whos", "variables"),
  ])
  func wordsOfOtherShellsLeadToOurs(text: String, name: String) throws {
    #expect(try ipsh(["-c", text]).stderr.contains(": write `\(name)"))
  }

  @Test func undoTakesBackWhatATextBeforeHasDone() throws {
    let result = try ipsh(["-q", "-c", "let x = 1", "-c", "let x = 2", "-c", "undo; print x"])
    #expect(result.status == 0 && result.stdout.hasSuffix("1\n"), "\(result.stdout)\(result.stderr)")
  }

  @Test func severalTextsSayWhichInJSON() throws {
    func line(_ source: String, _ line: Int, _ value: Int) -> String {
      "{\"command\": \"print\", \(source)\"line\": \(line), \"result\": \(value)}\n"
    }
    let several = try ipsh(["--format", "json", "-c", "print 1", "-c", "\nprint 2"])
    #expect(several.stdout == line("\"file\": \"-c 1\", ", 1, 1) + line("\"file\": \"-c 2\", ", 2, 2))
    #expect(try ipsh(["--format", "json", "-c", "print 1"]).stdout == line("", 1, 1))
  }

  @Test func interventionsAreToldOnceOnStandardError() throws {
    let script = [
      "-m", "demo", "-c",
      "text \"a [MASK] .\"\nablate L3H1\nforward top=1\nforward top=1\nrestore\nforward top=1",
    ]
    let result = try ipsh(script)
    #expect(result.stderr == "results are under 1 intervention: ablate L3H1 by zero\n")
    #expect(!result.stdout.contains("under 1 intervention"))
    let quiet = try ipsh(["-q"] + script)
    #expect(quiet.stderr.isEmpty && quiet.stdout == result.stdout)
    for format in ["json", "csv"] {
      let machine = try ipsh(["--format", format] + script)
      #expect(machine.stderr.isEmpty && machine.stdout.contains("ablate L3H1 by zero"), "\(format)")
    }
  }

  @Test func anEchoedTranscriptPastesBack() throws {
    let script = """
      let x = [1, 2]
      print x # shown
      for i in x { print i }
      def total(list, start=0) {
        let sum = start   # the function's own
        for i in list { let sum = sum + i }
        return sum
      }
      total(x); total(x, start=10)
      let i = 0
      while i < 2 { let i = i + 1; if i == 1 { continue } else { print i; break } }
      with restore() { print "inside" }
      try { print x[5] } catch e { print e.code }
      assert total(x) == 3, "sums"
      print "a\\"b\\\\ \\{x} \\u{1F600} tab\\t. {x}" r"raw \\n {x}"
      print "one\\r\\nprint 5" "two\\nprint 6" "three\\rprint 7"
      let r = {name: "# no comment", list: [1,
        2], text: "; {total([3])}"}
      print r; print r.text
      if x[0] > 0 {
        # a comment inside
        for i in x {
          try { print [][i] } catch e { print "{e.message}" }
        }
      } else { print "not" }
      def nested(n) {
        return total([n]) + 1 }
      print nested(
        4)
      _

      """
    let first = try ipsh(["--echo", "-c", script])
    #expect(first.status == 0 && first.stdout.contains("# [1, 2]"), "\(first.stderr)")
    #expect(try ipsh(["--echo", "-c", first.stdout]).stdout == first.stdout)
  }

  @Test(arguments: [
    "for i in 0..<1000000000 { let x = i }", "while true { }",
    "def f(n) { while true { let n = n + 1 } }\ntry { f(1) } catch e { print e }",
    "let l = list(0..<1000000)\nprint len(sort(reverse(l)))",
  ])
  func interruptsEndAScriptWith130(script: String) throws {
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"),
      arguments: ["-c", "print \"started\"\n" + script],
      environment: testEnvironment)
    _ = try terminal.expect("started")
    terminal.send("\u{3}")
    #expect(try terminal.waitForExit() == 130)
  }

  @Test func aClosedReaderEndsQuietly() throws {
    let program = try builtProgram("ipsh")
    let result = try runProgram(
      executable: "/bin/sh",
      arguments: ["-c", "\(program) -c 'for i in 0..<100000 { print i }' | head -n 2"],
      environment: testEnvironment)
    #expect(result.stdout == "0\n1\n")
    #expect(result.stderr == "")
  }

  @Test func redirectedOutputAppearsWholeAndSavesAreAtomic() throws {
    try withTemporaryFolder { folder in
      let script = """
        output "all.txt"
        print 1
        print 2
        output
        print 3
        once "one.json"
        print [1, 2]
        """
      let result = try ipsh(["-q", "-c", script], directory: folder.path)
      #expect(result.stdout == "3\n", "\(result.stderr)")
      #expect(try String(contentsOf: folder.appending(path: "all.txt"), encoding: .utf8) == "1\n2\n")
      let saved = try String(contentsOf: folder.appending(path: "one.json"), encoding: .utf8)
      #expect(saved.filter { !$0.isWhitespace } == "[1,2]")
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["all.txt", "one.json"])
    }
  }

  @Test func invalidUTF8IsRefusedWithItsPlace() throws {
    try withTemporaryFolder { folder in
      let script = folder.appending(path: "s.ipscript")
      try Data([0x70, 0x20, 0xFF]).write(to: script)
      let result = try ipsh([script.path])
      #expect(result.status == 2)
      #expect(result.stderr == "error: \(script.path): not UTF-8 text (byte 2)\n")
    }
  }
}
