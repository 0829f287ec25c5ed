import Transformers
import Foundation
import Results
import Testing

@testable import Language
@testable import Workbench

/// The verbs that replace activations, and what results say about it.
@Suite struct InterventionTests {
  private static let start = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are

    """

  private func shell(_ more: String = "", format: String = "table") throws -> TestShell {
    let shell = try TestShell(format: format, isTerminal: format == "table")
    try shell.run(Self.start + more)
    return shell
  }

  private func number(_ shell: TestShell, _ expression: String) throws -> Double {
    try #require(
      Double(try shell.run("let x = \(expression)\nprint x").trimmed.split(separator: "\n").last ?? ""))
  }

  // MARK: What is replaced

  @Test(arguments: [
    ("ablate L1H3@2", "L1H3@2"), ("ablate L1H3", "L1H3@5"), ("ablate L1@2", "L1@2"),
    ("ablate embed", "embed@4"),
    ("ablate embed@4", "embed@4"), ("ablate L2.attn@1", "L2.attn@1"), ("ablate L2.mlp", "L2.mlp@0"),
    ("ablate L2.mlp[7]", "L2.mlp[7]@3"), ("ablate L2.skip@3", "L2.skip@3"), ("ablate L0-5H{1, 4}", "L3H4@3"),
    ("ablate 1.3", "L1H3@1"), ("ablate [L1H3, L2H*]", "L2H11@6"), ("keep L*H0", "L3H1@3"),
    ("keep L3@7", "embed@0"), ("keep L*.skip@7 L*H*", "L3.skip@2"),
  ])
  func replacesByZero(command: String, node: String) throws {
    let shell = try shell()
    #expect(try number(shell, "stats(\(node)).max") != 0)
    try shell.run(command)
    #expect(
      try shell.run("print stats(\(node)).min == 0 and stats(\(node)).max == 0").trimmed.hasSuffix("true"))
    try shell.run("restore")
    #expect(try number(shell, "stats(\(node)).max") != 0)
  }

  @Test func whatIsKeptStays() throws {
    let shell = try shell("let before = L0.z[3, 2]\nkeep L0H2@3 L1H*")
    #expect(try shell.run("print stats(L0.z[3, 2] - before).max == 0").trimmed.hasSuffix("true"))
    #expect(try shell.run("print stats(L0.z[4, 2]).max == 0").trimmed.hasSuffix("true"))
    #expect(try shell.run("print stats(embed).max == 0").trimmed.hasSuffix("false"))
  }

  @Test func meansAreOverPositionsUnlessANodeHasOne() throws {
    let shell = try shell(
      """
      let n = 5
      let overall = L2.z[0, 1] * 0
      let seventh = overall
      let each = L2.z[:, 1] * 0
      for row in sva_obj.rows[0..<5] {
        text row.sentence
        let each = each + L2.z[:, 1] / n
        let seventh = seventh + L2.z[7, 1] / n
        for p in 0..<L2.z.shape[0] { let overall = overall + L2.z[p, 1] / (n * L2.z.shape[0]) }
      }
      text "the author that the guards like [MASK] young ."

      """)
    for (command, expected) in [
      ("ablate L2H1 by=mean on=sva_obj rows=5", "overall"),
      ("ablate L2H1@7 by=mean on=sva_obj rows=5", "seventh"),
      ("ablate L2H1 by=mean on=sva_obj rows=5 per=position", "each[7]"),
      ("keep L2H0 by=mean on=sva_obj rows=5", "overall"),
    ] {
      try shell.run(command)
      let difference = try number(shell, "stats((L2.z[7, 1] - \(expected)) ^ 2).max")
      #expect(difference < 1e-10, "\(command): \(difference)")
      try shell.run("restore")
    }
  }

  @Test func aPatchTakesTheValuesOfItsText() throws {
    let other = "the authors that the guards like [MASK] young ."
    let shell = try shell(
      """
      let mine = forward(top=1).qoi
      text "\(other)"
      let state = L2.resid_post[2]
      let theirs = forward(top=1).qoi
      text "the author that the guards like [MASK] young ."

      """)
    try shell.run("patch L2@2 from=\"\(other)\"")
    #expect(try shell.run("print stats(L2.resid_post[2] - state).max == 0").trimmed.hasSuffix("true"))
    #expect(try number(shell, "forward(top=1).qoi - mine") < -0.5)
    try shell.run("restore\npatch embed from=\"\(other)\"")
    #expect(abs(try number(shell, "forward(top=1).qoi - theirs")) < 1e-4)
  }

  @Test func theBaselineIsTheSentenceWithOtherWords() throws {
    let shell = try shell()
    try shell.run("text \"[MASK] [MASK] [MASK] [MASK] [MASK] [MASK] [MASK] [MASK] [MASK]\"")
    try shell.run("let state = L3.resid_post[2]")
    try shell.run("text \"the author that the guards like [MASK] young .\"\nbaseline mask keep=special")
    try shell.run("ablate L3@2 by=baseline\nbaseline pad")
    #expect(try number(shell, "stats((L3.resid_post[2] - state) ^ 2).max") < 1e-9)
    #expect(try shell.run("interventions").contains("by baseline mask keep=special"))
  }

  @Test func resamplingDependsOnTheSeedAndTheSentence() throws {
    func value(_ seed: Int, _ shell: TestShell) throws -> Double {
      try shell.run("ablate L3.mlp by=resample on=sva_obj seed=\(seed)")
      defer { _ = try? shell.run("restore") }
      return try number(shell, "forward(top=1).qoi")
    }
    let (shell, other) = (try shell(), try shell("seed 9\nablate L0H0\nrestore"))
    let first = try value(1, shell)
    #expect(try value(1, other) == first)
    #expect(try (2...4).map { try value($0, shell) }.contains { $0 != first })
    let intact = try number(shell, "forward(top=1).qoi")
    #expect(first != intact)
  }

  /// Rows of different lengths in one padded batch, each with its own values, equal single runs.
  @Test(arguments: [
    "ablate L1H2 L3@2 by=baseline", "ablate L2.mlp L0.skip@1 by=resample on=mixed",
    "ablate L4.attn by=mean on=mixed", "keep L*@1 L*H*", "keep L*@1 by=mean on=mixed rows=4",
  ])
  func aBatchOfTextsGetsTheInterventionsOfEach(command: String) throws {
    let sentences = [
      "cats [MASK] old .", "the author of the books [MASK] old .", "the cat that runs [MASK] old .",
    ]
    .flatMap { [$0, $0.replacingOccurrences(of: "old", with: "young")] }
    let shell = try shell()
    let path = shell.path("mixed.tsv")
    try sentences.map { "t\tc\t\($0)\tis\tare\n" }.joined().write(
      toFile: path, atomically: true, encoding: .utf8)
    try shell.run("task \"\(path)\" as mixed\n\(command)")
    let (bench, model) = (Bench(shell.interpreter), try #require(shell.interpreter.session.bench.model))
    let texts = try sentences.map {
      try EncodedText(SentenceText(text: $0, pair: nil), model: model)
    }
    #expect(Set(texts.map(\.count)).count == 3)
    let batch = TokenBatch(
      sequences: texts.map { (ids: $0.encoding.ids, types: $0.encoding.types) }, padToken: 0)
    let together = try model.transformer.forward(
      batch,
      ForwardRequest(
        classify: true, interventions: try bench.interventions(for: texts, model)), check: {})
    for (row, text) in texts.enumerated() {
      let alone = try model.transformer.forward(
        text.batch,
        ForwardRequest(classify: true, interventions: [try bench.interventions(for: text, model)]),
        check: {})
      let (a, b) = (try #require(together.classLogits)[row].values, try #require(alone.classLogits)[0].values)
      #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 }, "\(text.source.text): \(a), alone \(b)")
    }
  }

  // MARK: Patterns

  @Test func patternsAreKeptForTheirSentence() throws {
    let shell = try shell(
      "let p = patterns(points=6)\nlet q = patterns(points=6, level=embedding)\nlet intact = forward(top=1).qoi"
    )
    try shell.run("keep p")
    #expect(try shell.run("print stats(L5@1).max == 0").trimmed.hasSuffix("true"))
    #expect(try shell.run("print stats(L5@7).max == 0").trimmed.hasSuffix("false"))
    let attention = try number(shell, "forward(top=1).qoi")
    try shell.run("restore\nkeep p level=embedding")
    let embedding = try number(shell, "forward(top=1).qoi")
    try shell.run("restore\nkeep q")
    #expect(try number(shell, "forward(top=1).qoi") == embedding)
    #expect(attention != embedding)
    #expect(
      shell.failure("forward \"the cat [MASK] old .\"").contains(
        "intervention 1 (keep patterns of 10 words in 1 sentence, level=embedding by zero): "
          + "it has no patterns of \"the cat [MASK] old .\""))
    #expect(shell.failure("keep q level=attention").contains("were not searched at the attention level"))
    #expect(shell.failure("keep q L3@7").contains("nodes or one value of `patterns`, not both"))
    #expect(shell.failure("keep L3@7 level=embedding").contains("`level` does not apply"))
  }

  @Test func patternsOfATaskKeepWhatEachSentencesDo() throws {
    let shell = try shell("let p = patterns(sva_obj, rows=2, points=6)\nkeep p")
    #expect(try shell.run("text sva_obj.rows[1].sentence\nforward top=1").contains("under 1 intervention"))
    #expect(shell.failure("text sva_obj.rows[2].sentence\nforward").contains("it has no patterns of"))
  }

  // MARK: The list

  @Test func theListIsInOrderAndKeepsNumbers() throws {
    let shell = try shell("ablate L1H0\nablate L{1 + 1}H{0, 2}\npatch L3@2 from=\"the guards that the\"")
    #expect(
      try shell.run("interventions") == """
        number  verb    nodes      replacement                 model  acts
             1  ablate  L1H0       by zero                     demo   true
             2  ablate  L2H0 L2H2  by zero                     demo   true
             3  patch   L3@2       from "the guards that the"  demo   true

        """)
    try shell.run("restore 2\nablate L0H0")
    #expect(shell.interpreter.session.bench.interventions.all.map(\.number) == [1, 3, 4])
    try shell.run("restore last")
    #expect(shell.interpreter.session.bench.interventions.all.map(\.number) == [1, 3])
    #expect(shell.failure("restore 2").contains("there is no intervention 2\n"))
    try shell.run("restore\nrestore")
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
    #expect(shell.failure("restore last").contains("there is no intervention to remove"))
  }

  @Test func theLaterOneWins() throws {
    let shell = try shell("ablate L1H0\npatch L1H0@2 from=\"the guards that the\"")
    #expect(try number(shell, "stats(L1H0@2).max") > 0)
    #expect(try number(shell, "stats(L1H0@3).max") == 0)
    try shell.run("ablate L1H0")
    #expect(try number(shell, "stats(L1H0@2).max") == 0)
  }

  @Test func theyBelongToTheirModel() throws {
    let shell = try shell("ablate L1H0\nload \"demo\" as other")
    #expect(try !shell.run("forward top=1").contains("under"))
    #expect(try shell.run("interventions").contains("demo   false"))
    try shell.run("ablate L2H0\nrestore")
    #expect(shell.interpreter.session.bench.interventions.all.map(\.number) == [1])
    try shell.run("model demo")
    #expect(try shell.run("forward top=1").contains("under 1 intervention: ablate L1H0 by zero"))
    // The same files again are the same model.
    try shell.run("load \"demo\"")
    #expect(try shell.run("forward top=1").contains("under 1 intervention"))
    try shell.run("model other\nrestore all")
    #expect(shell.interpreter.session.bench.interventions.all.isEmpty)
  }

  // MARK: What results say

  @Test func resultsSayWhatWasActive() throws {
    let shell = try shell("ablate L1H0\nablate L2.mlp", format: "json")
    let active = #""interventions": ["ablate L1H0 by zero", "ablate L2.mlp by zero"]"#
    for command in [
      "forward top=1", "show L3H0@2", "stats L3", "heatmap L2H3", "print L3.z[0, 0]", "time forward",
    ] {
      #expect(try shell.run(command).contains(active), "\(command)")
    }
    for command in [
      "ablate L3H0; restore last", "tokenize", "interventions", "print 1", "weight \"classifier.bias\"",
    ] {
      #expect(try !shell.run(command).contains("\"interventions\": ["), "\(command)")
    }
    try shell.run("restore 2")
    #expect(try shell.run("forward top=1").contains(#""interventions": ["ablate L1H0 by zero"]"#))
    try shell.run("restore")
    #expect(try !shell.run("forward top=1").contains("\"interventions\""))
  }

  /// Also when it is looked at, or saved, after the network was restored.
  @Test func resultsInVariablesSayWhatWasActive() throws {
    let shell = try shell(
      """
      ablate L3H1
      let i = influence(points=2)
      let b = forward(top=1)
      let f = flow(at=7)
      let s = stats(L3.z)
      let e = experiment(accuracy, on=sva_obj, rows=2)
      let t = {qoi: forward(top=1).qoi}
      restore
      let c = forward(top=1)
      """)
    for name in ["i", "b", "f", "s", "e"] {
      #expect(try shell.run(name).hasPrefix("(under 1 intervention: ablate L3H1 by zero)\n"), "\(name)")
      // Once: the record's own field is not shown below the line that says it.
      #expect(try shell.run(name).components(separatedBy: "ablate L3H1").count == 2, "\(name)")
      let path = shell.path("\(name).json")
      try shell.run("save \(name) \"\(path)\"")
      let saved = try String(contentsOfFile: path, encoding: .utf8)
      #expect(saved.contains("\"interventions\": [\"ablate L3H1 by zero\"]"), "\(saved)")
    }
    #expect(try !shell.run("c").contains("under"))
    let restored = try shell.run("ablate L3H1\nforward top=1\nprint restore()")
    #expect(restored.components(separatedBy: "(under").count == 2, "\(restored)")
  }

  /// They need not have acted together.
  @Test func aResultOfPartsNamesTheInterventionsOfEach() throws {
    let shell = try shell("def abl(h) { with ablate(L3H{h}) { return forward(top=1).qoi } }")
    let output = try shell.run("print abl(1) abl(7)")
    #expect(
      output.hasPrefix("(under interventions: ablate L3H1 by zero; ablate L3H7 by zero)\n"), "\(output)")
  }

  @Test func aLoopsResultsSayItEachForItself() throws {
    let shell = try shell()
    let output = try shell.run(
      "for l in 0..<2 { forward top=1\nablate L{l}H0 }\ntime forward top=1", name: nil)
    let lines = output.split(separator: "\n").filter { $0.hasPrefix("(under") }
    #expect(
      lines == [
        "(under 1 intervention: ablate L0H0 by zero)",
        "(under interventions: ablate L0H0 by zero; ablate L1H0 by zero)",
      ])
  }

  @Test func filesSayWhatWasActive() throws {
    let shell = try shell("ablate L1H0")
    let (saved, once, last) = (shell.path("a.json"), shell.path("b.json"), shell.path("c.json"))
    try shell.run(
      "save forward(top=1) \"\(saved)\"\nonce \"\(once)\"\nforward top=1\nforward top=1\nrestore\nsave \"\(last)\""
    )
    for path in [saved, once] {
      let text = try String(contentsOfFile: path, encoding: .utf8)
      #expect(text.contains(#""interventions": ["ablate L1H0 by zero"]"#), "\(text)")
    }
    #expect(try !String(contentsOfFile: last, encoding: .utf8).contains("interventions"))
    try shell.run("ablate L1H0\nforward top=1\nsave \"\(last)\"")
    #expect(try String(contentsOfFile: last, encoding: .utf8).contains("ablate L1H0 by zero"))
  }

  @Test func whatIsReplacedCarriesNoInfluence() throws {
    let shell = try shell("ablate L1H0\nlet p = patterns(points=4)")
    guard case .object(let object)? = shell.interpreter.session.variables["p"],
      let set = object as? PatternSet
    else { return #expect(Bool(false), "no patterns") }
    #expect(set.interventions == ["ablate L1H0 by zero"])
    let words = try #require(set.sentences.first?.patterns.words)
    #expect(!words.isEmpty)
    for attention in words.compactMap(\.attention) {
      #expect(attention.heads[1][0] == 0)
      #expect(attention.choices[1] != 0)
    }
  }

  @Test func patternSetsCarryWhatTheyWereComputedUnder() throws {
    let shell = try shell("let p = patterns(points=4)")
    guard case .object(let object)? = shell.interpreter.session.variables["p"],
      var set = object as? PatternSet
    else { return #expect(Bool(false), "no patterns") }
    #expect(set.fields["interventions"] == nil)
    set.interventions = ["ablate L1H0 by zero"]
    shell.interpreter.session.variables["p"] = .object(set)
    let path = shell.path("p.json")
    let output = try shell.run("save p \"\(path)\"\nread \"\(path)\"")
    #expect(output.hasPrefix("(under 1 intervention: ablate L1H0 by zero)\n"))
  }
}
