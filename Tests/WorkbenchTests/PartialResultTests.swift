import Faults
import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// A command that is interrupted leaves no value and no record; what it had is shown, as a part of a result.
@Suite struct PartialResultTests {
  private let looks: Looks
  private let shell: TestShell

  init() throws {
    let looks = Looks()
    self.looks = looks
    // At the first look the user has stopped asking: what is shown is not stopped as well.
    shell = try TestShell(
      format: "json", checkInterruption: { try looks.look() }, acknowledgeInterruption: { looks.begin() })
    let masked = (0..<300).map { "number\tcase\($0 % 3)\tthe author [MASK] old .\tis\tare\n" }.joined()
    try masked.write(toFile: shell.path("masked.tsv"), atomically: true, encoding: .utf8)
    try String(repeating: "the author is old .\n", count: 300).write(
      toFile: shell.path("text.txt"), atomically: true, encoding: .utf8)
    try shell.run(
      """
      load "\(FixtureFiles.model("tiny-mlm").path)"
      let masked = task("\(shell.path("masked.tsv"))")
      let texts = task("\(shell.path("text.txt"))")
      qoi is - are
      """)
  }

  @Test(arguments: [
    ("sweep(heads, on=masked, rows=4)", #"of 12 rows""#),
    ("patterns(masked, rows=20, points=2, level=embedding)", #"8 of 20 sentences""#),
    ("experiment(accuracy, on=masked, rows=20)", #"of 20 rows""#),
    ("measure(masked)", #"256 of 300 rows""#), ("measure(texts)", #"256 of 300 rows""#),
    ("measure(masked, texts)", #"of 300 rows of text""#), ("accuracy(masked)", #"256 of 300 rows""#),
    ("score(texts)", #"256 of 300 rows""#), ("attribute(heads, on=masked, rows=20)", #"8 of 20 rows""#),
    (#"trace("the author [MASK] old .", words=1, draws=3)"#, #"layers""#),
  ])
  func anInterruptedCommandShowsWhatItHad(command: String, extent: String) throws {
    let record = shell.path("record.ipscript")
    try shell.run("let s = 5\n[1, 2]\nrecord \"\(record)\"")
    let recorded = try String(contentsOfFile: record, encoding: .utf8)
    let moments = try moments(command)
    try shell.run("[1, 2]")
    let before = try String(contentsOfFile: record, encoding: .utf8)
    #expect(before.count > recorded.count)
    var shown: [String] = []
    for moment in moments {
      looks.begin(last: moment)
      shown.append(try #require(try shell.printedUntilInterrupted("let s = \(command)"), "\(moment)"))
      looks.begin()
      #expect(try String(contentsOfFile: record, encoding: .utf8) == before)
      #expect(try kept() == "5 2 elements")
    }
    let parts = shown.filter { !$0.isEmpty }
    #expect(parts.allSatisfy { $0.contains(#""partial": ""#) && $0.hasPrefix(#"{"command": ""#) })
    #expect(parts.contains { $0.contains(extent) }, "\(shown)")
  }

  /// Looks after which to interrupt a command: the closer to its end, the closer together, for most are at the preparation
  /// of the rows.
  private func moments(_ command: String) throws -> [Int] {
    looks.begin()
    try shell.run("let whole = \(command)")
    let count = looks.count
    let fromTheEnd = sequence(first: 2) { $0 + max(1, $0 / 4) }.prefix { $0 < count }
    return fromTheEnd.map { count - $0 }
  }

  /// What is shown when the command has as much as `extent` says.
  private func part(of command: String, _ extent: String) throws -> String {
    for moment in try moments(command) {
      looks.begin(last: moment)
      let printed = try #require(try shell.printedUntilInterrupted(command))
      looks.begin()
      if printed.contains(extent) { return printed }
    }
    return "never \(extent)"
  }

  /// The variable and the last result, read without a command that would become the last.
  private func kept() throws -> String {
    let session = shell.interpreter.session
    return try #require(session.variables["s"]).summary(precision: 5) + " "
      + #require(session.last).summary(precision: 5)
  }

  @Test(arguments: [
    ("table", "(partial: 8 of 20 sentences)\n"), ("csv", ",8 of 20 sentences\r\n"),
    ("json", #""partial": "8 of 20 sentences""#),
  ])
  func everyFormatMarksAPart(format: String, mark: String) throws {
    let command = "patterns(masked, rows=20, points=2, level=embedding)"
    try shell.run("set format \(format)")
    let printed = try part(of: command, "8 of 20 sentences")
    #expect(printed.contains(mark), "\(printed)")
  }

  /// In a file it would pass for the whole.
  @Test func aPartGoesIntoNoFile() throws {
    let command = "patterns(masked, rows=20, points=2, level=embedding)"
    let (output, once) = (shell.path("output.txt"), shell.path("once.json"))
    try shell.run("output \"\(output)\"\nonce \"\(once)\"")
    #expect(try part(of: command, "8 of 20 sentences").contains("partial"))
    try shell.run("1\n2\noutput")
    #expect(try String(contentsOfFile: once, encoding: .utf8) == "1\n")
    #expect(try String(contentsOfFile: output, encoding: .utf8).hasSuffix("\"result\": 2}\n"))
  }
}
