import FixtureFiles
import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// What is mistyped, or typed as elsewhere, gets the line that would have worked.
@Suite struct HabitTests {
  private struct Mistake {
    let kind: String
    let typed: String
    /// What is proposed, one of several; nil where nothing may be.
    let proposals: [String]?
  }

  private static let mistakes: [Mistake] = {
    let file = FixtureFiles.folder.appending(path: "mistakes/mistakes.tsv")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map { line in
      let parts = line.split(separator: "\t").map(String.init)
      return Mistake(
        kind: parts[0], typed: parts[1],
        proposals: parts[2] == "-" ? nil : parts[2].split(separator: "|").map(String.init))
    }
  }()

  /// Words that a person finds sense in, although another was meant.
  private static let unclear: Set<String> = ["contribs"]

  private func shell() throws -> TestShell {
    let shell = try TestShell()
    try shell.run(
      """
      load "demo"
      text "the author that the guards like [MASK] young ."
      qoi is - are
      let r = {accuracy: 1, name: "a"}
      let n = 2
      """)
    return shell
  }

  private func diagnostic(_ text: String, _ shell: TestShell) -> Diagnostic? {
    do { try shell.run(text) } catch { return error as? Diagnostic }
    return nil
  }

  /// In the first line behind `write`, or as what may have been meant.
  private func proposal(of diagnostic: Diagnostic) -> String {
    if let write = diagnostic.message.range(of: "write `") {
      return String(diagnostic.message[write.upperBound...])
    }
    let note = diagnostic.notes.first { $0.hasPrefix("did you mean") || $0.contains("`") } ?? ""
    return note.isEmpty ? diagnostic.message : note
  }

  @Test func mistakesAreAnswered() throws {
    let shell = try shell()
    var answered = 0
    for mistake in Self.mistakes {
      guard let found = diagnostic(mistake.typed, shell) else {
        Issue.record("`\(mistake.typed)` is no mistake")
        continue
      }
      let proposal = proposal(of: found)
      let isRight =
        if let proposals = mistake.proposals {
          proposals.contains { proposal.contains($0) || found.message.contains($0) }
        } else {
          !found.message.contains("write `") && !found.notes.contains { $0.hasPrefix("did you mean") }
        }
      if isRight { answered += 1 }
      #expect(
        isRight || Self.unclear.contains(mistake.typed),
        "`\(mistake.typed)`: \(found.message) \(found.notes) for \(mistake.proposals ?? ["nothing"])")
    }
    #expect(Self.mistakes.count == 274 && answered >= 273, "\(answered) of \(Self.mistakes.count)")
  }

  /// What is proposed is a script; most of it runs.
  @Test func whatIsProposedIsRead() throws {
    let shell = try shell()
    for mistake in Self.mistakes {
      guard let found = diagnostic(mistake.typed, shell), let start = found.message.range(of: "write `"),
        let end = found.message.lastIndex(of: "`"), start.upperBound < end
      else { continue }
      let line = String(found.message[start.upperBound..<end])
      if line.contains("...") || line.contains("` or `") { continue }
      #expect(throws: Never.self, "\(line)") { try shell.interpreter.parse(Source(name: nil, text: line)) }
    }
  }

  @Test(arguments: [
    ("exit", "quit"), ("exit()", "quit"), (":q", "quit"), (#"\q"#, "quit"), (".quit", "quit"),
    ("  .exit ", "quit"),
    ("?", "help"), ("forward?", "help forward"), ("?forward", "help forward"),
    ("show-settings?", "help show-settings"),
    ("help?", "help"), ("forward -h", "help forward"), ("man forward", "help forward"), (#"\d"#, "variables"),
    (".tables", "variables"), ("show interventions", "interventions"), ("show settings", "show-settings"),
    // What means something, or is to be shown only.
    ("forward", "forward"), ("show L3.z", "show L3.z"), ("let x = True", "let x = True"), ("ls", "ls"),
  ])
  func thePromptRunsWhatIsPlainlyMeant(typed: String, command: String) throws {
    #expect(try shell().interpreter.command(for: typed) == command)
  }

  /// Texts of programs are longer than what a person types.
  @Test func longLinesAreNotLookedThrough() throws {
    let (shell, blanks) = (try shell(), String(repeating: " ", count: 2000))
    let line = "help?" + blanks
    #expect(shell.interpreter.command(for: line) == line)
    #expect(shell.failure("ablate l3h5" + blanks + "+").hasPrefix("test.ipscript:1:"))
  }

  @Test func aWordWithAValueMeansThat() throws {
    let shell = try shell()
    try shell.run("let exit = 3\nlet who = 1")
    #expect(shell.interpreter.command(for: "exit") == "exit")
    #expect(shell.interpreter.command(for: "who") == "who")
  }

  @Test func aHabitInAFunctionOrABlockIsAnsweredThere() throws {
    let shell = try shell()
    let failure = shell.failure("def f(a) {\n  return True\n}\nf(1)")
    #expect(
      failure.hasPrefix("test.ipscript:2:10: error: that is `true` here: write `return true`"), "\(failure)")
    #expect(failure.contains("in `f`, called from test.ipscript:4:1"))
    #expect(shell.failure("if n > 1 { ablate l3h5 }").contains("write `if n > 1 { ablate L3H5 }`"))
  }

  @Test func aCheckAnswersAsARunDoes() throws {
    let shell = try shell()
    let script = try shell.interpreter.parse(Source(name: nil, text: "ablate l3h5"))
    let found = try shell.interpreter.check([script]).diagnostics
    #expect(found.map(\.message) == ["that is `L3H5` here: write `ablate L3H5`"])
  }

  /// A text may be as long as a book.
  @Test func longLinesAreNoHabits() throws {
    let shell = try shell()
    let long = String(repeating: "a'", count: 100_000)
    #expect(diagnostic(long, shell)?.code == "invalid-character")
  }

  // MARK: Tasks

  @Test func aTaskIsNamedInWhateverWay() throws {
    let shell = try shell()
    let plain = try shell.run("measure sva_obj rows=4")
    #expect(try shell.run("measure \"sva_obj\" rows=4") == plain)
    #expect(
      try shell.run("print accuracy(\"sva_obj\", rows=4)") == shell.run("print accuracy(sva_obj, rows=4)"))
    let sweep = try shell.run("sweep layers on=sva_obj rows=2 layers=0")
    #expect(try shell.run("sweep layers sva_obj rows=2 layers=0") == sweep)
    #expect(try shell.run("sweep layers on=\"sva_obj\" rows=2 layers=0") == sweep)
    try shell.run("let t = task(sva_obj, rows=2)")
    #expect(try shell.run("sweep layers t layers=0") == sweep.replacing("sva_obj", with: "sva_obj"))
    try shell.run("ablate L3H5 sva_obj by=mean rows=2")
    #expect(try shell.run("interventions").contains("mean of sva_obj (2 sentences)"))
  }

  @Test func aTaskIsAFileAsWell() throws {
    let shell = try shell()
    let path = shell.path("own.tsv")
    try Data("sentence\tcorrect\twrong\nthe cat [MASK] here .\tis\tare\n".utf8).write(to: URL(filePath: path))
    #expect(try shell.run("print measure(\"\(path)\").rows") == "1\n")
    #expect(try shell.run("measure \(path)").contains("own"))
    #expect(shell.failure("measure \"nothing\"").contains("no task is called \"nothing\""))
  }

  // MARK: Options for one of several kinds

  @Test func optionsStandBesideAComputedKind() throws {
    let shell = try shell()
    try shell.run(
      "for kind in [\"zero\", \"mean\"] { with ablate(L3H5, by=kind, on=sva_obj, rows=2) { forward top=1 } }")
    try shell.run(
      "for kind in [\"zero\", \"mean\"] { sweep heads by=kind per=position on=sva_obj rows=1 layers=0 }")
    for by in ["zero", "\"zero\""] {
      #expect(shell.failure("ablate L3H5 by=\(by) on=sva_obj").contains("by=zero takes no sentences"))
    }
    #expect(
      shell.failure("sweep heads on=sva_obj direction=denoise").contains("only by=counterfactual has two"))
  }
}
