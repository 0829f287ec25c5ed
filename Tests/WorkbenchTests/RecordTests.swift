import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct RecordTests {
  private func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
  }

  @Test func whatSucceedsIsRecordedAsWritten() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.run("print 0\nrecord \"\(path)\"")
    _ = shell.failure("print [][0]")
    try shell.run("let x = 1; print x\nfor i in 0..1 {\n  print i  # twice\n}\n# no command\nprint r\"\\\"")
    _ = shell.failure("for i in 0..1 { print i; print [][0] }")
    try shell.run("record")
    try shell.run("record off\nprint 7")
    let recorded = try lines(path)
    #expect(recorded[0].hasPrefix("# ipsh: version=\(Release.version) kernels="))
    #expect(recorded[0].contains(" threads=") && recorded[0].contains(" seed=0 date=20"))
    #expect(
      recorded.dropFirst() == [
        "let x = 1", "print x", "for i in 0..1 {", "  print i  # twice", "}", "print r\"\\\"", "",
      ])
  }

  @Test func modelsAreNamedWithTheirFingerprints() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.run("load \"demo\" as a\nrecord \"\(path)\"\nload \"demo\" as b\nprint 1")
    let recorded = try lines(path)
    let model = try #require(shell.interpreter.session.bench.model)
    #expect(recorded[1] == "# ipsh: model=a fingerprint=\(model.folder.fingerprint) load=demo")
    #expect(
      recorded[2...4] == [
        "load \"demo\" as a", "load \"demo\" as b",
        "# ipsh: model=b fingerprint=\(model.folder.fingerprint) load=demo",
      ])
  }

  /// What follows runs in the session as it was; the record makes it.
  @Test func aRecordBegunLateReplaysByItself() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.run(
      """
      load "demo"
      tokenize "a cat ."
      text "a cat [MASK] here ."
      text "the keys to the cabinet [MASK] here ."
      qoi are - is
      baseline pad
      set seed 3
      set quiet true
      let heads = ["L3H1", "L3H2"]
      def twice(x) { return 2 * x }
      ablate L3H1
      record "\(path)"
      """)
    let commands = "print twice(forward().qoi) heads[1] seed()\ninfluence points=2"
    let printed = try shell.run(commands)
    let recorded = try lines(path)
    #expect(!recorded[0].contains("seed="))
    #expect(
      recorded.dropFirst(2) == [
        "load \"demo\"", "text \"the keys to the cabinet [MASK] here .\"", "qoi are - is", "baseline pad",
        "set seed 3", "let heads = [\"L3H1\", \"L3H2\"]", "def twice(x) { return 2 * x }", "ablate L3H1",
        "print twice(forward().qoi) heads[1] seed()", "influence points=2", "",
      ])
    let replayed = try TestShell().run("source \"\(path)\"")
    #expect(replayed.hasSuffix(printed), "\(replayed)")
  }

  @Test func aModelOfTheCommandLineIsRecorded() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.interpreter.loadFirst("demo")
    try shell.run("record \"\(path)\"\nprint model.layers")
    #expect(try lines(path).dropFirst(2) == ["load \"demo\"", "print model.layers", ""])
  }

  @Test func whatCannotBeRepeatedIsRefusedOrNamed() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"")
    try shell.run("if len(history()) > 0 { text \"a b\" }")
    let failure = shell.failure("record \"\(shell.path("a"))\"")
    #expect(failure.contains("so that a script cannot repeat it"), "\(failure)")
    #expect(!FileManager.default.fileExists(atPath: shell.path("a")))
    _ = shell.failure("for i in 0..1 { text \"a b\"; let x = i; print [][0] }")
    try shell.run("reset\nload \"demo\"\ntext \"c\"\nrecord \"\(shell.path("b"))\"")
    #expect(try lines(shell.path("b")).dropFirst(2) == ["load \"demo\"", "text \"c\"", ""])
    let inside = shell.failure("record off\nif true { text \"d\"; record \"\(shell.path("c"))\" }")
    #expect(inside.contains("begins in a statement that has changed the session"), "\(inside)")
  }

  @Test func aFileThatIsThereIsAddedToOnlyWhenAsked() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try "print 1".write(toFile: path, atomically: true, encoding: .utf8)
    let failure = shell.failure("record \"\(path)\"")
    #expect(failure.contains("exists already") && failure.contains("append"))
    try shell.run("record \"\(path)\" append\nprint 2\nrecord off")
    let recorded = try lines(path)
    #expect(recorded[0] == "print 1" && recorded[1].hasPrefix("# ipsh:") && recorded[2] == "print 2")
  }

  @Test func recordingOnceAtATime() throws {
    let shell = try TestShell()
    try shell.run("record \"\(shell.path("a"))\"")
    #expect(shell.failure("record \"\(shell.path("b"))\"").contains("already"))
    try shell.run("record off")
    #expect(shell.failure("record off").contains("no commands are being recorded"))
    #expect(try shell.run("record") == "not recording\n")
  }

  @Test func shortResultsFollowAsExpectations() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.run("record \"\(path)\" results\nprint 1 / 3\nfor i in 0..30 { print i }\nlet x = 2")
    #expect(
      try lines(path).dropFirst() == [
        "print 1 / 3", "#=> 0.3333333333333333", "for i in 0..30 { print i }", "let x = 2", "",
      ])
  }

  @Test func sourcedScriptsAreOneLine() throws {
    let shell = try TestShell()
    let (path, library) = (shell.path("r.ipscript"), shell.path("l.ipscript"))
    try "print 1\nlet y = 2\n".write(toFile: library, atomically: true, encoding: .utf8)
    try shell.run("record \"\(path)\" results\nsource \"\(library)\"")
    #expect(try lines(path).dropFirst() == ["source \"\(library)\"", "#=> 1", ""])
  }

  @Test func theSessionSoFarCanComeFirst() throws {
    let shell = try TestShell()
    let path = shell.path("r.ipscript")
    try shell.run("let x = 1")
    _ = shell.failure("print y")
    try shell.run("record \"\(path)\" all\nprint x")
    #expect(try lines(path).dropFirst() == ["let x = 1", "print x", ""])
  }

  @Test func aFullDiskEndsTheRecording() throws {
    let shell = try TestShell()
    let failure = shell.failure("record \"/dev/full\" append")
    #expect(failure.contains("cannot record to /dev/full: No space left on device"), "\(failure)")
    #expect(try shell.run("record") == "not recording\n")
  }

  @Test func historyListsAlsoWhatFailed() throws {
    let shell = try TestShell()
    try shell.run("let x = 1")
    _ = shell.failure("print y")
    shell.interpreter.earlierCommands = { ["print 0"] }
    #expect(
      try shell.run("history") == "number  command\n     1  let x = 1\n     2  print y\n     3  history\n")
    #expect(try shell.run("history 2 all").hasSuffix("     4  history\n     5  history 2 all\n"))
    #expect(try shell.run("history all").contains("     1  print 0\n"))
  }

  @Test func resetGivesAFreshSession() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\nlet x = 1\nset precision 3\ntext \"a [MASK] .\"\nqoi is\nreset")
    #expect(shell.interpreter.session.bench.model == nil && shell.interpreter.session.bench.text == nil)
    #expect(
      shell.interpreter.session.bench.quantity == nil && shell.interpreter.session.settings.precision == 5)
    #expect(shell.failure("print x").contains("nothing is called `x`"))
    #expect(try shell.run("history 2").contains("let x") == false)
    #expect(try shell.run("history").contains("let x = 1"))
    #expect(shell.failure("if true { reset }").contains("stands alone"))
  }

  @Test func settingsAreShown() throws {
    let shell = try TestShell()
    #expect(try shell.run("show-settings") == shell.run("set"))
    #expect(try shell.run("set tolerance 0.5\nset tolerance") == "0.5\n")
    #expect(shell.failure("set tolerance -1").contains("a number from 0 to 1"))
  }
}
