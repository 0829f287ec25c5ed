import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

@Suite struct ExpectationTests {
  private func groups(_ text: String) throws -> [ExpectedOutput] {
    let source = Source(name: nil, text: text)
    return try TestShell().interpreter.parse(source).expectedOutputs
  }

  @Test func expectationsFollowTheLineOfAStatement() throws {
    let found = try groups("print 1 # c\n#=> 1\n#=>\n#=>x\nlet a = 1; print 2\n#=> 2\n\n#=> 3\n")
    #expect(found.map(\.text) == [["1", "", "x"], ["2"]])
    #expect(found.map(\.statements) == [0..<1, 1..<3])
    #expect(found.map(\.lines) == [1..<4, 5..<6])
  }

  @Test func blocksHaveTheirsAtTheEnd() throws {
    let found = try groups("for i in 0..1 {\n  print i\n#=> 7\n}\n#=> 0\n#=> 1")
    #expect(found.map(\.text) == [["0", "1"]])
  }

  @Test func marksInTextsAreText() throws {
    let found = try groups("print r\"#=> 1\"\nprint \"#=> 2\"\n")
    #expect(found.map(\.text) == [[], []])
  }

  @Test func blanksBeforeTheMarkAndNoneBehindItAreNoMatter() throws {
    let (verification, report) = try verify("print 1\n  #=> 1\nprint 4\n#=>4\nprint 5\n\t#=>6\n")
    #expect((verification.compared, verification.differing) == (3, 1))
    #expect(report.hasPrefix("v.ipscript:6: the result differs\n  expected  6\n"), "\(report)")
  }

  /// What nobody would compare is an error.
  @Test(arguments: [
    ("#=> 7\nprint 1\n", 1, 1, "belongs to no command"),
    ("print 1\n\n#=> 1\n", 3, 1, "belongs to no command"),
    ("print 1\n# note\n  #=> 1 \n", 3, 3, "belongs to no command"),
    ("print 1\n#=> 1\n# note\n#=> 2\n", 4, 1, "belongs to no command"),
    ("for i in 0..1 {\n  print i\n  #=> 0\n}\n", 3, 3, "stands inside a statement"),
    ("print [1,\n#=>1\n2]", 2, 1, "stands inside a statement"),
    ("# nothing\n#=>", 2, 1, "belongs to no command"),
  ])
  func misplacedOnesAreRefused(text: String, line: Int, column: Int, message: String) throws {
    let script = try TestShell().interpreter.parse(Source(name: "m.ipscript", text: text))
    let fault = #expect(throws: Diagnostic.self) { try Verification(script) }
    let rendered = fault?.rendered() ?? ""
    #expect(
      rendered.hasPrefix("m.ipscript:\(line):\(column): error: this expectation \(message)\n  #=>"),
      "\(rendered)")
    #expect(fault?.code == "misplaced-expectation" && rendered.contains("\nnote: "))
  }

  @Test func commandsOfALineAndLastLinesOfStatementsHaveTheirs() throws {
    let text = "print [1,\n2] # c\n#=> [1, 2]\nlet x = 1; x\n"
    #expect(try verify(text + "#=> 1\nif x > 0 {\n  x\n} else {\n  2\n}\n#=> 1").verification.compared == 3)
  }

  /// Runs a script to compare, in a session of its own.
  private func verify(_ text: String) throws -> (verification: Verification, report: String) {
    let shell = try TestShell()
    let path = shell.path("v.ipscript")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let verification = try Verification(
      shell.interpreter.parse(Source(name: "v.ipscript", text: text)))
    var report = ""
    try verification.run(in: shell.interpreter) { report += $0 }
    return (verification, report)
  }

  @Test func differencesAreReportedAtTheirLines() throws {
    let (verification, report) = try verify(
      "print 1 / 3\n#=> 0.33334\nprint [1, 2]\n#=> [1, 2]\nprint 5\n#=> 6\n")
    #expect(
      report == """
        v.ipscript:6: the result differs
          expected  6
          found     5
          6 -> 5: difference -1, relative 0.16666667

        """)
    #expect((verification.expectations, verification.differing) == (3, 1))
    #expect(verification.summary == "v.ipscript: 3 expectations, 1 differs")
  }

  @Test func theToleranceIsASetting() throws {
    #expect(try verify("print 1 / 3\n#=> 0.334\n").verification.differing == 1)
    #expect(try verify("set tolerance 1e-2\nprint 1 / 3\n#=> 0.334\n").verification.differing == 0)
  }

  /// Neither the format nor a file that results go to matters.
  @Test func whatIsComparedIsATable() throws {
    let folder = URL.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = "set format \"json\"\nonce \"\(folder)\"\nprint {a: 1}\n#=> a  1\n"
    #expect(try verify(script).report == "")
    #expect(FileManager.default.fileExists(atPath: folder))
  }

  private func bless(_ text: String, all: Bool = false) throws -> String {
    let shell = try TestShell()
    let path = shell.path("b.ipscript")
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    let verification = try Verification(shell.interpreter.parse(ScriptFile.source(at: path)))
    try verification.run(in: shell.interpreter) { _ in }
    _ = try verification.bless(addsMissing: all)
    // Not as a file of text, which would hide a byte order mark.
    return String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  @Test(arguments: [
    ("print 1\n#=> 2\n", "print 1\n#=> 1\n"),
    ("print 1\n#=> 2", "print 1\n#=> 1\n"),
    ("print 1\r\n#=> 2\r\n#=> 3\r\nprint 2\r\n", "print 1\r\n#=> 1\r\nprint 2\r\n"),
    ("print 1 / 3\n#=> 0.33333\n", "print 1 / 3\n#=> 0.33333\n"),
    (
      "\u{FEFF}# é\nfor i in 0..1 { print i } # x\n#=> 0\n# y\n",
      "\u{FEFF}# é\nfor i in 0..1 { print i } # x\n#=> 0\n#=> 1\n# y\n"
    ),
    ("let x = 1\n#=> 2\nprint x\n", "let x = 1\nprint x\n"),
  ])
  func blessingReplacesWhatDiffers(before: String, after: String) throws {
    #expect(try bless(before) == after)
    #expect(try bless(after) == after)
  }

  @Test func blessingAllAddsTheMissing() throws {
    #expect(
      try bless("let x = 1\nprint x; print 2\nprint 3", all: true)
        == "let x = 1\nprint x; print 2\n#=> 1\n#=> 2\nprint 3\n#=> 3\n")
  }

  /// What blessing writes is what verifying accepts, for results of every kind.
  @Test func blessedScriptsVerify() throws {
    let text = """
      load "demo"
      text "paris [MASK] the capital of france ."
      qoi is - was
      forward top=3
      tokenize "a cat"
      influence points=4
      let p = patterns(points=4)
      p
      plot p
      stats L2.pattern
      show L2.pattern[0]
      heatmap L2H3
      print "two\\n\\nlines  " [1.5, null]
      """
    let blessed = try bless(text, all: true)
    #expect(blessed.contains("#=> paris") || blessed.contains("paris"))
    let (verification, report) = try verify(blessed)
    #expect(report == "")
    #expect(verification.compared >= 10)
  }
}
