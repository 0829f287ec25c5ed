import Foundation
import PseudoTerminals
import Testing

/// Scripts and files that nobody would write by hand: each works or ends with a clear error.
@Suite struct HostileInputTests {
  private func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  /// A script on standard input that must not run.
  private func expectUsageError(_ script: String, _ message: String) throws {
    let result = try ipsh([], stdin: script)
    #expect(result.status == 2 && result.stdout == "", "\(script.prefix(40))")
    #expect(result.stderr.contains("error: \(message)"), "\(script.prefix(40)): \(result.stderr.suffix(400))")
    #expect(result.stderr.utf8.count < 2000)
  }

  @Test func deepNestingIsRefused() throws {
    let count = 20_000
    for (opening, closing) in [("(", ")"), ("[", "]"), ("if true { ", "}"), ("not ", ""), ("f(", ")")] {
      let inside = opening.hasPrefix("if") || opening == "[" ? "" : "true"
      let start = opening.hasPrefix("if") ? "" : "print "
      let script = start + repeated(opening, count) + inside + repeated(closing, count)
      let result = try ipsh([], stdin: script)
      #expect(result.status == 2 && result.stderr.contains("nested more than 200 levels deep"), "\(opening)")
    }
    #expect(try ipsh([], stdin: "print " + repeated("(", 150) + "7" + repeated(")", 150)).stdout == "7\n")
  }

  @Test func hugeLiterals() throws {
    let result = try ipsh([], stdin: "let s = \"\(repeated("x", 1_000_000))\"\nprint s.count\n")
    #expect((result.status, result.stdout, result.stderr) == (0, "1000000\n", ""))
    for number in [repeated("9", 400), "1e400"] {
      try expectUsageError("print 1\nprint \(number)", "this number is too large")
    }
    #expect(try ipsh([], stdin: "print 0.\(repeated("3", 400))").stdout == "0.3333333333333333\n")
    try expectUsageError("print L\(repeated("9", 400))", "")
  }

  @Test func controlCharactersAndEncodings() throws {
    try expectUsageError("print 1\0", "unexpected character U+0000")
    try expectUsageError("print \"a\0b\"", "unexpected character U+0000")
    try expectUsageError("print 1\rprint 2", "unexpected character U+000D")
    let script = "\u{FEFF}print 1\r\nfor i in 2..3 {\r\n  print i\r\n}\r\n"
    #expect(try ipsh([], stdin: script).stdout == "1\n2\n3\n")
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.ipscript")
      for bytes in [
        Data("print 1\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }), Data([0xFF, 0xFE]),
      ] {
        try bytes.write(to: file)
        let result = try ipsh([file.path])
        #expect(result.status == 2 && result.stderr.contains("error: "), "\(result.stderr)")
      }
      try Data("\u{FEFF}#!/usr/bin/env ipsh\r\nprint 4\r\n".utf8).write(to: file)
      #expect(try ipsh([file.path]).stdout == "4\n")
    }
  }

  /// Messages show the place, not the line.
  @Test func giganticLines() throws {
    let blanks = repeated(" ", 10_000_000)
    #expect(try ipsh([], stdin: "print\(blanks)1\n#\(blanks)\nprint 2").stdout == "1\n2\n")
    try expectUsageError("print 1\(blanks))", "")
  }

  @Test func giganticLinesOfTasksAndHistory() throws {
    try withTemporaryFolder { folder in
      let line = repeated("x", 10_000_000)
      let task = folder.appending(path: "t.tsv")
      try Data("masked\tSP\ta [MASK] .\tis\tare\n\(line)\nmasked\tSP\tb\0 [MASK]\tis\tare\n".utf8).write(
        to: task)
      let result = try ipsh(["-c", "print task(\"\(task.path)\").count"])
      #expect((result.status, result.stdout) == (0, "1\n"))
      #expect(result.stderr.contains("2 of 3 rows are left out") && result.stderr.utf8.count < 2000)
      try Data("\u{FEFF}masked\tSP\ta [MASK] .\tis\tare\r\nmasked\tPS\ta [MASK] .\tis\tare\r\n".utf8).write(
        to: task)
      #expect(try ipsh(["-c", "print task(\"\(task.path)\").cases"]).stdout == "[PS, SP]\n")

      let history = folder.appending(path: "history")
      try (Data("first\n\(line)\n".utf8) + Data([0xFF, 0x0A, 0x61, 0x00, 0x0A]) + Data("last\n".utf8))
        .write(to: history)
      var environment = testEnvironment
      environment["IPSH_HISTORY"] = history.path
      let listed = try runProgram(
        executable: builtProgram("ipsh"), arguments: ["--format", "csv", "-c", "history all"],
        environment: environment)
      #expect(listed.status == 0)
      #expect(listed.stdout.contains("first") && listed.stdout.contains("last"))
      #expect(listed.stdout.utf8.count < 1000)
    }
  }

  @Test func filesThatAreNone() throws {
    try withTemporaryFolder { folder in
      let path = folder.path
      for arguments in [[path], ["\(path)/none.ipscript"]] {
        let result = try ipsh(arguments)
        #expect(result.status == 2 && result.stderr.hasPrefix("error: \(arguments[0]): "), "\(result.stderr)")
      }
      for command in ["task", "read", "source", "load", "output"] {
        let result = try ipsh(["-q", "-c", "\(command) \"\(path)\""])
        #expect(result.status == 1 && result.stderr.contains("error: "), "\(command): \(result.stderr)")
      }
      let history = try ipshWithHistory("/")
      #expect(history.status == 1 && history.stderr.contains("the history / is not a regular file"))
      guard getuid() != 0 else { return }
      let file = folder.appending(path: "s.ipscript")
      try Data("print 1".utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: file.path)
      let result = try ipsh([file.path])
      #expect(result.status == 2 && result.stderr.contains("Permission denied"))
    }
  }

  private func ipshWithHistory(_ path: String) throws -> ProgramResult {
    var environment = testEnvironment
    environment["IPSH_HISTORY"] = path
    return try runProgram(
      executable: builtProgram("ipsh"), arguments: ["-c", "history all"], environment: environment)
  }

  /// A script is read before it runs.
  @Test func aScriptThatOverwritesItselfGoesOn() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "s.ipscript")
      try Data("once \"\(file.path)\"\nprint \"print 9\"\nprint 2\n".utf8).write(to: file)
      #expect(try ipsh([file.path]).stdout == "2\n")
      #expect(try ipsh([file.path]).stdout == "9\n")
    }
  }
}
