import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

@Suite struct UndoTests {
  private func shell(_ setup: String = "") throws -> TestShell {
    let shell = try TestShell()
    shell.interpreter.keepChanges()
    try shell.run(setup)
    return shell
  }

  @Test func theLastChangeIsTakenBack() throws {
    let shell = try shell("let x = 1\nlet x = 2\nset precision 3")
    try shell.run("undo")
    #expect(try shell.run("set precision") == "5\n")
    try shell.run("undo")
    #expect(try shell.run("print x") == "1\n")
    try shell.run("undo")
    #expect(shell.failure("print x").contains("nothing is called `x`"))
    #expect(shell.failure("undo").contains("no command before this has changed the session"))
  }

  @Test func theModelTheTextAndInterventionsComeBack() throws {
    let shell = try shell("load \"demo\"\ntext \"a [MASK] .\"\nqoi is - are\nablate L3H1")
    try shell.run("text \"b [MASK] .\"\nload \"demo\" as other\nrestore all")
    for _ in 0..<3 { try shell.run("undo") }
    let bench = shell.interpreter.session.bench
    #expect(bench.text?.text == "a [MASK] ." && bench.currentModel == "demo" && bench.models.keys.count == 1)
    #expect(bench.interventions.all.count == 1)
    try shell.run("undo")
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
  }

  /// What only shows something, fails or is caught is passed over; `_` stays.
  @Test func whatChangesNothingIsPassedOver() throws {
    let shell = try shell("let x = 1\nlet x = 2\nprint 7")
    _ = shell.failure("let x = 1 / 0")
    try shell.run("undo")
    #expect(try shell.run("print x") == "1\n")
    #expect(try shell.run("print 7\nundo\nprint _") == "7\n7\n")
  }

  @Test func aBlockIsOneChange() throws {
    let shell = try shell("let x = 1\nfor i in 0..<3 { let x = x + i; let y = i }")
    try shell.run("undo")
    #expect(try shell.run("print x") == "1\n")
    #expect(shell.failure("print y").contains("nothing is called"))
  }

  @Test func itStandsAloneAtTheTopLevel() throws {
    let shell = try shell("let x = 1")
    for line in ["if true { undo }", "def f() { undo }\nf()", "undo()", "time undo"] {
      #expect(shell.failure(line).contains("`undo` stands alone at the top level"), "\(line)")
    }
    #expect(try shell.run("print x") == "1\n")
  }

  @Test func neitherResetNorTheStartOfARecordingIsTakenBack() throws {
    let shell = try shell("let x = 1\nreset")
    #expect(shell.failure("undo").contains("no command before this"))
    try shell.run("let x = 1\nrecord \"\(shell.path("r.ipscript"))\"")
    #expect(shell.failure("undo").contains("no command before this"))
  }

  /// A script that says it keeps what it needs.
  @Test func scriptsTakeBackAsWell() throws {
    let shell = try TestShell()
    #expect(try shell.run("let x = 1\nlet x = 2\nundo\nprint x") == "1\n")
  }

  // MARK: Replay

  private func replayed(_ path: String) throws -> String {
    try TestShell().run(try String(contentsOfFile: path, encoding: .utf8))
  }

  @Test func aRecordTakesBackTheSame() throws {
    let shell = try shell()
    let path = shell.path("r.ipscript")
    try shell.run("record \"\(path)\"\nlet x = 1\nlet x = 2\nlet y = 3\nundo\nundo\nlet z = x\nrecord off")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.hasSuffix("let x = 1\nlet x = 2\nlet y = 3\nundo\nundo\nlet z = x\n"), "\(text)")
    #expect(try TestShell().run(text + "print x z") == "1 1\n")
  }

  @Test func aSavedScriptMakesWhatWasThereAfterwards() throws {
    let shell = try shell("let a = 1\nlet b = a\nlet a = 5\nlet c = a\nundo\nundo\nlet d = a + b")
    let path = shell.path("d.ipscript")
    try shell.run("save script d \"\(path)\"")
    #expect(try replayed(path) == "2\n")
    // A value that was made by what was taken back later.
    try shell.run("let a = 7\nprint a + 1\nundo\nlet e = a")
    try shell.run("save script e \"\(path)\"")
    #expect(try replayed(path) == "1\n")
  }

  @Test func aResultOfWhatWasTakenBackIsMadeAgain() throws {
    let shell = try shell("let a = 1\nlet a = 7\na + 1\nundo\nlet b = a")
    let path = shell.path("last.ipscript")
    try shell.run("save script _ \"\(path)\"")
    #expect(try replayed(path).hasPrefix("8\n"))
    try shell.run("save script b \"\(path)\"")
    #expect(try replayed(path).hasSuffix("1\n"))
  }

  /// Whatever is done and taken back, a saved script makes the same values.
  @Test func anyHistoryIsMadeAgain() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<40 {
      let shell = try shell("let a = 0\nlet b = 0\nlet c = 0")
      for _ in 0..<12 {
        let (name, other) = ("abc".randomElement(using: &generator)!, "abc".randomElement(using: &generator)!)
        let line = Int.random(in: 0..<3, using: &generator) == 0 ? "undo" : "let \(name) = \(other) * 2 + 1"
        _ = try? shell.run(line)
      }
      for name in ["a", "b", "c"] where shell.interpreter.session.variables[name] != nil {
        let path = shell.path("\(name).ipscript")
        try shell.run("save script \(name) \"\(path)\"")
        #expect(try replayed(path).hasSuffix(shell.run("print \(name)")))
      }
    }
  }

  @Test func aCheckDoesNotJudgeWhatFollows() throws {
    let shell = try shell()
    let script = try shell.interpreter.parse(Source(name: nil, text: "let x = 1\nundo\nprint x"))
    #expect(try shell.interpreter.check([script]).diagnostics.isEmpty)
  }
}

/// Numbers that are the same in each run (SplitMix64).
private struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
