import FixtureFiles
import Foundation
import Testing

/// Interventions and paths between texts and their counterfactuals, against transformers in float64
/// (`scripts/fixtures/make-counterfactual-fixtures.py`).
@Suite struct CounterfactualTests {
  private struct Pair: Decodable {
    let text: String
    let counterfactual: String
    let counterfactual_ids: [Int]
    let correct: Int
    let wrong: Int
    let clean: Double
    let corrupt: Double
    let patch: [String: Double]
    let denoise: [String: Double]
    let nodes: [String: Double]
    let influence: [Double]

    var start: String {
      "load \"demo-gpt2\"\ntext \"\(text)\" counterfactual=\"\(counterfactual)\"\nqoi id[\(correct)] - id[\(wrong)]\n"
    }
  }

  private struct Family: Decodable {
    let family: String
    let ids: [Int]
    let counterfactual: [Int]
    let target: Int
    let correct: Int
    let wrong: Int
    let clean: Double
    let patch: [String: Double]
  }

  private struct Sums: Decodable {
    let text: String
    let counterfactual: String
    let year: Int
    let value: Double
    let corrupt: Double
    let influence: [Double]
    let influence_eos: [Double]

    var start: String {
      let (year, later) = (String(format: "%02d", year), String(format: "%02d", year + 1))
      return "load \"demo-gpt2\"\ntext \"\(text)\" counterfactual=\"\(counterfactual)\"\n"
        + "qoi prob[{\"\(later)\"..\"99\"}] - prob[{\"00\"..\"\(year)\"}]\n"
    }
  }

  private struct Influence: Decodable {
    let influence: [Double]
    let qoi: Double
    let qoi_baseline: Double
  }

  private struct Forward: Decodable { let qoi: Double }

  private static func read<Value: Decodable>(_ name: String) throws -> [Value] {
    let file = FixtureFiles.folder.appending(path: "counterfactuals/\(name).json")
    return try JSONDecoder().decode([Value].self, from: Data(contentsOf: file))
  }

  private func difference(_ a: [Double], _ b: [Double]) -> Double {
    #expect(a.count == b.count)
    return zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  // MARK: Activation patching

  @Test(arguments: ["noise", "denoise"]) func sweepsAreActivationPatching(_ direction: String) throws {
    for pair: Pair in try Self.read("demo-gpt2") {
      let sweep: SweepTests.Sweep = try jsonResult(
        pair.start + "sweep heads by=counterfactual direction=\(direction)")
      let (from, expected) = direction == "noise" ? (pair.clean, pair.patch) : (pair.corrupt, pair.denoise)
      #expect(sweep.rows.count == expected.count && sweep.baseline.rows == 1)
      #expect(abs(sweep.baseline.qoi_mean - from) < 2e-5)
      for row in sweep.rows {
        let value = try #require(expected[row.node])
        #expect(abs(row.qoi_mean - value) < 2e-5, "\(row.node): \(row.qoi_mean) \(value)")
        #expect(abs(row.delta_qoi - (value - from)) < 3e-5)
      }
    }
  }

  @Test func everyComponentTakesItsOwnPosition() throws {
    for pair: Pair in try Self.read("demo-gpt2") {
      for (node, value) in pair.nodes {
        for verb in ["patch \(node)", "ablate \(node) by=counterfactual"] {
          let result: Forward = try jsonResult(pair.start + verb + "\nforward top=1")
          #expect(abs(result.qoi - value) < 2e-5, "\(verb): \(result.qoi) \(value)")
        }
      }
    }
  }

  @Test func familiesPatchHeads() throws {
    for case let family: Family in try Self.read("families") {
      let folder = FixtureFiles.folder.appending(path: "families/\(family.family)").path
      let sweep: SweepTests.Sweep = try jsonResult(
        """
        load "\(folder)"
        text ids=\(family.ids) counterfactual=\(family.counterfactual)
        qoi id[\(family.correct)] - id[\(family.wrong)] at=\(family.target)
        sweep heads by=counterfactual
        """)
      #expect(abs(sweep.baseline.qoi_mean - family.clean) < 2e-5)
      let values = sweep.rows.compactMap { row in family.patch[row.node].map { abs($0 - row.qoi_mean) } }
      #expect(values.count == family.patch.count)
      #expect(values.max()! < 2e-5, "\(family.family): \(values.max()!)")
    }
  }

  // MARK: Paths

  @Test func pathsStartAtTheCounterfactual() throws {
    for pair: Pair in try Self.read("demo-gpt2") {
      for verb in [
        "influence points=8 baseline=counterfactual", "baseline counterfactual; influence points=8",
      ] {
        let result: Influence = try jsonResult(pair.start + verb)
        #expect(difference(result.influence, pair.influence) < 5e-5)
        #expect(abs(result.qoi - pair.clean) < 2e-5 && abs(result.qoi_baseline - pair.corrupt) < 2e-5)
        let still = zip(result.influence, pair.influence).filter { $1 == 0 }
        #expect(!still.isEmpty && still.allSatisfy { $0.0 == 0 })
      }
    }
  }

  @Test func wordsThatAreTheSameHaveNoPattern() throws {
    let pairs: [Pair] = try Self.read("demo-gpt2")
    let shell = try TestShell()
    try shell.run(pairs[0].start + "let p = patterns(points=8, baseline=counterfactual)")
    #expect(try shell.run("for w in p.words { print w.position }") == "10\n")
    #expect(try shell.run("print p.baseline p.counterfactual_tokens[10]") == "counterfactual ĠPeter\n")
    try shell.run("save p \"\(shell.path("p.json"))\"; let q = read(\"\(shell.path("p.json"))\")")
    #expect(try shell.run("print q.counterfactual_tokens[10]") == "ĠPeter\n")
  }

  /// By an oracle with a backward pass for each candidate, in float64 on transformers' own modules.
  @Test func patternsOfTheDifferenceAreTheOracles() throws {
    struct Path: Decodable {
      let nodes: [Int]
      let influence: Double
    }
    struct Word: Decodable {
      let position: Int
      let influence: Double
      let embedding: Path
      let attention: Path
    }
    struct Case: Decodable {
      let text: String
      let counterfactual: String
      let correct: Int
      let wrong: Int
      let qoi_baseline: Double
      let words: [Word]
    }
    struct Found: Decodable {
      let words: [Word]
      let qoi_baseline: Double
    }
    for one: Case in try Self.read("patterns") {
      let found: Found = try jsonResult(
        """
        load "demo-gpt2"
        text "\(one.text)" counterfactual="\(one.counterfactual)"
        qoi id[\(one.correct)] - id[\(one.wrong)]
        patterns points=8 baseline=counterfactual
        """)
      #expect(abs(found.qoi_baseline - one.qoi_baseline) < 2e-5)
      #expect(found.words.map(\.position) == one.words.map(\.position))
      for (word, expected) in zip(found.words, one.words) {
        let bound = 1e-4 * abs(expected.influence)
        #expect(abs(word.influence - expected.influence) < bound)
        #expect(word.embedding.nodes == expected.embedding.nodes)
        #expect(word.attention.nodes == expected.attention.nodes)
        #expect(abs(word.embedding.influence - expected.embedding.influence) < bound)
        #expect(abs(word.attention.influence - expected.attention.influence) < bound)
      }
    }
  }

  /// Sums of probabilities and their gradients are exact.
  @Test func sumsOverSetsAreExact() throws {
    for row: Sums in try Self.read("sets") {
      let forward: Forward = try jsonResult(row.start + "forward top=1")
      #expect(abs(forward.qoi - row.value) < 2e-6)
      let own: Influence = try jsonResult(row.start + "influence points=8 baseline=counterfactual")
      #expect(difference(own.influence, row.influence) < 2e-6)
      #expect(abs(own.qoi_baseline - row.corrupt) < 2e-6)
      let eos: Influence = try jsonResult(row.start + "influence points=8 baseline=eos")
      #expect(difference(eos.influence, row.influence_eos) < 3e-5)
    }
  }

  // MARK: Tasks

  private func task(_ shell: TestShell, _ rows: [(String, String?)]) throws -> String {
    let path = shell.path("t.jsonl")
    let lines = rows.map { clean, corrupt in
      "{\"clean_prefix\": \"\(clean)\", \"clean_answer\": \" is\", \"patch_answer\": \" are\""
        + (corrupt.map { ", \"patch_prefix\": \"\($0)\"" } ?? "") + "}"
    }
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    return "task(\"\(path)\")"
  }

  private static let rows: [(String, String?)] = [
    ("The guard near the farmers", "The guards near the farmers"),
    ("The author that the guards like", "The authors that the guards like"),
  ]

  /// What is measured of each row of a task is what is measured of it as the session's text.
  @Test func rowsTakeTheirOwnCounterfactual() throws {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"\nlet t = \(try task(shell, Self.rows))")
    var (sum, changed) = (0.0, 0.0)
    for (clean, corrupt) in Self.rows {
      try shell.run("text \"\(clean)\" counterfactual=\"\(corrupt!)\"\nqoi \" is\" - \" are\"")
      let values = try shell.run(
        """
        let s = sweep(heads, by="counterfactual", layers=3)
        print s[0].qoi_mean
        with ablate(L2H1, L3H0, by="counterfactual") { print forward(top=1).qoi }
        """
      ).split(separator: "\n").compactMap { Double($0) }
      #expect(values.count == 2)
      (sum, changed) = (sum + values[0] / 2, changed + values[1] / 2)
    }
    let values = try shell.run(
      """
      print sweep(heads, on=t, by="counterfactual", layers=3)[0].qoi_mean
      with ablate(L2H1, L3H0, by="counterfactual") { print measure(t).qoi_mean }
      with ablate(L2H1, L3H0, by="counterfactual") { print experiment(accuracy, on=t).table[0].qoi_mean }
      """
    ).split(separator: "\n").compactMap { Double($0) }
    #expect(values.count == 3)
    #expect(abs(values[0] - sum) < 1e-4)
    #expect(abs(values[1] - changed) < 1e-4 && abs(values[2] - changed) < 1e-4)
  }

  @Test func rowsWithoutAFitAreLeftOut() throws {
    let shell = try TestShell()
    let rows = Self.rows + [("The guard", "The guards near"), ("The farmer", nil)]
    let all = try task(shell, rows)
    try shell.run("load \"demo-gpt2\"\nlet t = \(all)")
    #expect(try shell.run("print measure(t).rows measure(t).skipped") == "3 1\n")
    #expect(shell.failure("measure t strict").contains("they part at position"))
    // Of the row without one nothing can be taken.
    #expect(try shell.run("print sweep(layers, on=t, by=\"counterfactual\").baseline.rows") == "2\n")
    #expect(try shell.run("print patterns(t, points=4, baseline=counterfactual).count") == "2\n")
    #expect(try shell.run("print patterns(t, points=4).count") == "3\n")
    let changed = try shell.run("with ablate(L3H0, by=\"counterfactual\") { print measure(t).rows }")
    #expect(changed == "2\n")
  }

  @Test func denoisingATaskExchangesItsTexts() throws {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"")
    let t = try task(shell, Self.rows)
    let other = try task(shell, Self.rows.map { ($0.1!, $0.0) })
    let exchanged = try shell.run("sweep layers on=\(other) by=counterfactual")
    _ = try task(shell, Self.rows)
    let denoised = try shell.run("sweep layers on=\(t) by=counterfactual direction=denoise")
    let heads = [exchanged, denoised].map { $0.split(separator: "\n").dropFirst() }
    #expect(heads[0].count == 14 && heads[0].elementsEqual(heads[1]))
  }

  // MARK: Faults

  @Test func faultsSayWhatIsMissing() throws {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"\ntext \"The guard near the farmers\"\nqoi is - are")
    for command in [
      "influence baseline=counterfactual", "patch L3H0", "sweep heads by=counterfactual",
      "with ablate(L3H0, by=\"counterfactual\") { forward }", "patterns baseline=counterfactual",
    ] {
      #expect(
        shell.failure(command).contains("has no counterfactual"), "\(command): \(shell.failure(command))")
    }
    #expect(shell.failure("sweep heads by=zero direction=denoise").contains("direction"))
    #expect(shell.failure("sweep heads rows=3").contains("only a task has rows"))
    #expect(shell.failure("text counterfactual=\"a\"").contains("stands beside a text"))
    #expect(shell.failure("text \"a\" counterfactual=[1]").contains("its counterfactual by ids"))
    #expect(shell.failure("text ids=[1, 2] counterfactual=\"a\"").contains("its counterfactual by words"))
    #expect(shell.failure("text ids=[1, 2] counterfactual=[1]").contains("they part at position 1"))
    #expect(shell.failure("text ids=[1, 2] counterfactual=[1, 6000]").contains("out of range"))
    let lengths = shell.failure("text \"The guard sat\" counterfactual=\"The senators sat\"")
    #expect(lengths.contains("4 tokens, its counterfactual 5; they part at position 2"))
    #expect(lengths.contains("`Ġguard` in the text, `Ġsen` `ators`"))
    // What failed changed nothing.
    #expect(try shell.run("print text().text") == "The guard near the farmers\n")
  }

  @Test func prefixesNeedACausalModel() throws {
    let shell = try TestShell()
    let t = try task(shell, Self.rows)
    try shell.run("load \"demo\"")
    for name in [t, "ioi", "greater_than"] {
      #expect(shell.failure("measure(\(name))").contains("does not predict what follows a text"))
    }
  }

  @Test func pairsOfTextsKeepTheSecond() throws {
    let shell = try TestShell()
    try shell.run(
      "load \"demo\"\ntext \"the guard likes\" pair=\"the author\" counterfactual=\"the guards likes\"")
    #expect(try shell.run("print text().differing") == "[2]\n")
    #expect(try shell.run("print text().counterfactual_tokens[5..6]") == "[the, author]\n")
  }

  // MARK: Sets

  @Test(arguments: [
    ("prob[{\"33\", \"34\"}]", "prob[{33, 34}]"),
    ("prob[{Mary, John, Mary}] - 2 * prob[Tom]", "prob[{ĠMary, ĠJohn}] - 2 * prob[ĠTom]"),
    ("logit[{Mary,id[5]}]", "logit[{ĠMary, %}]"),
    ("prob[{\"33\"..\"99\"}]", "prob[{33, 34, ..., 99}: 67 entries]"),
    ("prob[{\"08\"..\"10\", Mary}]", "prob[{08, 09, 10, ĠMary}]"), ("prob[\"\\{\"]", "prob[{]"),
  ])
  func setsShowTheirEntries(_ quantity: String, _ shown: String) throws {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"")
    #expect(try shell.run("qoi \(quantity)") == shown + "\n")
  }

  @Test(arguments: [
    ("prob[{xyzzyplugh, Mary}]", "\"xyzzyplugh\" is not one vocabulary entry"),
    ("prob[{\"99\"..\"33\"}]", "no range of two-digit numerals"),
    ("prob[{33..99}]", "no range of two-digit numerals"), ("logprob[{is, are}]", "log-probability of a set"),
    ("prob[{is, }]", "expected a word"),
    ("prob[{]", "\"{\" is not one vocabulary entry"), ("prob[{is]", "expected `}`"),
    ("{is, are}", "is not one vocabulary entry"),
  ])
  func setsThatAreNone(_ quantity: String, _ cause: String) throws {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"")
    let failure = shell.failure("qoi \(quantity)")
    #expect(failure.contains(cause), "\(failure)")
  }
}
