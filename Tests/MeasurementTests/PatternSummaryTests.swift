import Attribution
import Transformers
import Foundation
import Testing

@testable import Measurement

/// Summaries of patterns beside their definitions, spelled out.
@Suite struct PatternSummaryTests {
  private static func word(
    _ position: Int, _ input: Double, _ nodes: [Int], _ choices: [Int], embedding: Double = 0,
    attention: Double = 0, feedForward: PatternFinding.FeedForward? = nil
  ) -> PatternFinding.Word {
    PatternFinding.Word(
      position: position, input: input, embedding: embedding, attention: attention, sign: input < 0 ? -1 : 1,
      nodes: nodes, choices: choices, feedForward: feedForward)
  }

  @Test func concentrationIsARatioOfSums() throws {
    let findings = try PatternExperiment().run(in: ExperimentCases.context(level: .feedForward))
    let summary = ConcentrationSummary(findings)
    var ratios: [[Double]] = [[], [], [], [], [], []]
    for sentence in try ExperimentCases.patterns() {
      for (index, isPositive) in [true, false].enumerated() {
        let words = sentence.words.filter { isPositive ? $0.influence > 0 : $0.influence < 0 }
        if words.isEmpty { continue }
        let total = words.map(\.influence).reduce(0, +)
        ratios[index].append(words.map(\.embedding.influence).reduce(0, +) / total)
        ratios[2 + index].append(words.compactMap(\.attention?.influence).reduce(0, +) / total)
        ratios[4 + index].append(words.compactMap(\.feedForward?.influence).reduce(0, +) / total)
      }
    }
    let means = ratios.map { $0.reduce(0, +) / Double($0.count) }
    let third = try #require(summary.feedForward)
    let found = [
      summary.embedding.positive, summary.embedding.negative, summary.attention.positive,
      summary.attention.negative, third.positive, third.negative,
    ]
    #expect(ConcentrationSummary(Self.findings).feedForward == nil)
    #expect(summary.rows == ExperimentCases.rows.count)
    // The batches differ, so the products round differently.
    for (value, expected) in zip(found, means) { #expect(isClose(value, expected, 1e-4)) }
  }

  /// A path of a small graph: its nodes, and for each layer whether it came by a head.
  private struct EdgePath: Equatable {
    var nodes: [Int]
    var usesHead: [Bool]
  }

  /// All paths, one by one.
  private func enumeratedPaths(_ counts: PathCounts, from: Int, to: Int) -> [EdgePath] {
    var paths = [EdgePath(nodes: [from], usesHead: [])]
    let isThird = counts.level == .feedForward
    for mask in counts.masks {
      paths = paths.flatMap { path in
        (0..<counts.length).flatMap { next -> [EdgePath] in
          func copies(_ count: Int, _ usesHead: Bool) -> [EdgePath] {
            let longer = EdgePath(nodes: path.nodes + [next], usesHead: path.usesHead + [usesHead])
            return Array(repeating: longer, count: count)
          }
          let last = path.nodes[path.nodes.count - 1]
          guard mask.keys(of: next, length: counts.length).contains(last) else { return [] }
          return copies(counts.heads * (isThird && !counts.isParallel ? 2 : 1), true)
            + copies(last == next ? (isThird ? 2 : 1) : 0, false)
        }
      }
    }
    return paths.filter { $0.nodes.last == to }
  }

  private static let maskLists: [[AttentionMask]] = [
    [.full, .full, .full, .full], Array(repeating: .causal(window: nil), count: 4),
    [.causal(window: 2), .causal(window: nil), .window(reach: 1), .full],
  ]

  @Test(arguments: maskLists, [(PatternLevel.attention, false), (.feedForward, false), (.feedForward, true)])
  func countsPathsAsEnumeration(masks: [AttentionMask], graph: (level: PatternLevel, isParallel: Bool)) {
    let counts = PathCounts(
      length: 3, heads: 2, masks: masks, level: graph.level, isParallel: graph.isParallel)
    let all = counts.logarithmsOfAll(to: 1)
    for word in 0..<3 {
      let paths = enumeratedPaths(counts, from: word, to: 1)
      #expect(isClose(exp(all[word]), Double(paths.count)))
      for path in paths.prefix(40) {
        #expect(
          isClose(exp(counts.logarithm(along: path.nodes)), Double(paths.count { $0.nodes == path.nodes })))
        // Of the heads that are alike, one.
        let own = path.usesHead.map { $0 ? 1 : -1 }
        let alike = path.usesHead.reduce(1) { $0 * ($1 ? 2 : 1) }
        #expect(
          isClose(exp(counts.logarithm(through: own)), Double(paths.count { $0 == path }) / Double(alike)))
      }
    }
  }

  @Test func countsBeyondTheLargestDouble() {
    let counts = PathCounts(
      length: 512, heads: 16, masks: Array(repeating: .full, count: 200), level: .attention)
    #expect(isClose(counts.logarithmsOfAll(to: 4)[3], 200 * log(8193) - log(512)))
    // Alone before itself a token has only itself to read.
    let causal = PathCounts(
      length: 512, heads: 16, masks: Array(repeating: .causal(window: nil), count: 400), level: .feedForward)
    #expect(isClose(causal.logarithmsOfAll(to: 0)[0], 400 * log(34)))
    #expect(causal.logarithmsOfAll(to: 3)[4] == -.infinity)
  }

  @Test func pathShare() throws {
    let numbers = NamedNumbers([
      "qoi": [1], "correct": [1], "tokens": [3], "positions": [0, 1], "influence": [1, -1],
      "embedding": [1, -1], "attention": [1, -1], "signs": [1, -1], "nodes": [0, 0, 1, 1, 1, 1],
      "heads": [-1, 0, 1, -1],
    ])
    var configuration = TransformerConfiguration(
      layers: 2, hidden: 12, heads: 2, intermediate: 20, vocabulary: 40, maxPositions: 16, padToken: 0)
    let finding = try #require(PatternFinding(numbers: numbers))
    let summary = PathShareSummary([finding], configuration)
    // (C^2)[0, 1] = 16 and (C^2)[1, 1] = 17 with C = 2 ones(3, 3) + I.
    #expect(isClose(summary.embedding.mean, (3.0 * 2 / 16 + 9.0 / 17) / 2))
    #expect(isClose(summary.attention.mean, (1.0 / 16 + 1.0 / 17) / 2))
    #expect(isClose(summary.logarithmOfAll, (log10(16) + log10(17)) / 2))
    #expect(summary.words == 2 && summary.feedForward == nil)
    let third = NamedNumbers(
      numbers.fields + [("feedforward", [0.5, -0.5]), ("branches", [1, -1, -1, 0])])
    let refined = try #require(PatternFinding(numbers: third))
    #expect(refined.words.map { $0.feedForward?.steps } == [[.feedForward, nil], [nil, .skip]])
    let sequential = PathShareSummary([refined], configuration)
    #expect(isClose(sequential.attention.mean, summary.attention.mean))
    #expect(isClose(try #require(sequential.feedForward).mean, summary.attention.mean / 4))
    // C = 2 ones(3, 3) + 2 I, squared 12 + 8 and 4 more where it stays; each pattern has one skip connection: two paths.
    configuration.blocks.order = .parallel
    let parallel = PathShareSummary([refined], configuration)
    #expect(isClose(parallel.embedding.mean, (4.0 * 2 / 20 + 16.0 / 24) / 2))
    #expect(isClose(parallel.attention.mean, (2.0 / 20 + 2.0 / 24) / 2))
    #expect(isClose(try #require(parallel.feedForward).mean, (1.0 / 20 + 1.0 / 24) / 2))
  }

  private static let findings: [PatternFinding] = [
    finding(0.5, [[1, 1, 2], [2, 2, 2]], [[-1, 0], [-1, -1]], [1, 2]),
    finding(2, [[1, 1, 2], [2, 0, 2]], [[-1, 0], [0, 1]], [1, -2]),
    finding(-1, [[1, 2, 2], [2, 2, 2]], [[1, -1], [-1, -1]], [-1, 2]),
    finding(3, [[1, 1, 2], [2, 2, 2]], [[-1, 1], [-1, -1]], [1, 2]),
  ]

  private static func finding(
    _ value: Double, _ nodes: [[Int]], _ choices: [[Int]], _ inputs: [Double]
  ) -> PatternFinding {
    let words = nodes.indices.map { word(nodes[$0][0], inputs[$0], nodes[$0], choices[$0]) }
    return PatternFinding(
      numbers: NamedNumbers([
        "qoi": [value], "correct": [value > 0 ? 1 : 0], "tokens": [3],
        "positions": words.map { Double($0.position) }, "influence": inputs, "embedding": inputs,
        "attention": inputs, "signs": words.map { Double($0.sign) },
        "nodes": nodes.flatMap { $0.map(Double.init) }, "heads": choices.flatMap { $0.map(Double.init) },
      ]))!
  }

  @Test func skipsByLayerRoleAndSign() {
    let summary = SkipSummary(Self.findings, layers: 2) { position in position == 1 ? "one" : "two" }
    #expect(summary.lines.map(\.role) == [nil, nil, "one", "one", "two", "two"])
    #expect(summary.lines.map(\.isPositive) == [true, false, true, false, true, false])
    #expect(summary.lines.map(\.words) == [6, 2, 3, 1, 3, 1])
    #expect(
      summary.lines.map(\.layers) == [[1, 0.5], [0, 0.5], [1, 0], [0, 1], [1, 1], [0, 0]])
    #expect(summary.lines[0].mean == 0.75)
  }

  @Test func feedForwardSkipsOfThoseWithAChoice() {
    func word(_ steps: [FeedForwardPattern.Step?], _ input: Double = 1) -> PatternFinding.Word {
      Self.word(1, input, [1, 1, 2], [-1, 0], feedForward: .init(influence: input, steps: steps))
    }
    let findings = [[word([.skip, nil])], [word([.feedForward, nil])], [word([.skip, nil])]].map {
      PatternFinding(value: 1, isCorrect: true, length: 3, words: $0)
    }
    let summary = SkipSummary(findings, level: .feedForward, layers: 2) { _ in "a" }
    #expect(isClose(summary.lines[0].layers[0], 2.0 / 3) && summary.lines[0].layers[1].isNaN)
    #expect(isClose(summary.lines[0].mean, 2.0 / 3))
    let entropy = EntropySummary(findings, level: .feedForward, bins: 1) { _ in "a" }
    #expect(entropy.lines[0].distinct == 2)
    #expect(isClose(entropy.lines[0].entropy, entropyInBits([0, 0, 1])))
    #expect(EntropySummary(findings, level: .attention, bins: 1) { _ in "a" }.lines[0].distinct == 1)
  }

  /// The sign is that of the search: 1 for influences of 0 and NaN, which are no negative ones.
  @Test func undefinedInfluencesAreNotNegative() {
    let findings = [Self.finding(1, [[1, 1, 2], [2, 2, 2]], [[-1, 0], [-1, -1]], [.nan, -2])]
    let summary = SkipSummary(findings, layers: 2) { _ in "a" }
    #expect(summary.lines.map(\.words) == [1, 1, 1, 1])
    #expect(summary.lines[1].layers == [1, 1])
    let concentration = ConcentrationSummary(findings).embedding
    #expect(concentration.positive.isNaN && concentration.negative == 1)
    let still = ConcentrationSummary([Self.finding(1, [[1, 1, 2]], [[-1, 0]], [0])])
    #expect(still.embedding.positive.isNaN && still.embedding.negative.isNaN)
  }

  /// Right is what all of a row's criteria say, not the quantity alone.
  @Test func findingsKnowWhatIsRight() throws {
    var rows = Array(ExperimentCases.rows.prefix(6))
    rows[2].criteria = [
      rows[2].quantity,
      QuantityOfInterest(
        terms: rows[2].quantity.terms.map {
          .init(coefficient: -$0.coefficient, readout: $0.readout, output: $0.output)
        }),
    ]
    let findings = try PatternExperiment().run(in: ExperimentCases.context(rows))
    let outcomes = try AccuracyExperiment().run(in: ExperimentCases.context(rows)).map(\.outcome)
    #expect(findings.map(\.isCorrect) == outcomes.map(\.isCorrect))
    #expect(!findings[2].isCorrect && Set(findings.map(\.isCorrect)).count == 2)
  }

  @Test func entropyOfFrequencies() {
    #expect(entropyInBits(["a", "a", "b", "c"]) == 1.5)
    #expect(entropyInBits(["a", "a"]) == 0)
    #expect(entropyInBits(Array(0..<8)) == 3)
  }

  @Test func entropyOfPatterns() throws {
    let embedding = EntropySummary(Self.findings, level: .embedding, bins: 2) { "\($0)" }
    let quarter = 2 - 0.75 * log2(3)
    #expect(embedding.lines.map(\.role) == ["1", "2"])
    for line in embedding.lines {
      #expect(isClose(line.entropy, quarter))
      #expect(line.words == 4 && line.distinct == 2)
      #expect(isClose(line.layers[0], quarter) && line.layers[1] == 0)
    }
    #expect(isClose(embedding.mean, quarter))
    let attention = EntropySummary(Self.findings, level: .attention, bins: 2) { "\($0)" }
    #expect(isClose(attention.lines[0].entropy, 1.5))
    #expect(isClose(attention.lines[0].layers[1], 1.5))
    #expect(isClose(attention.lines[1].layers[1], quarter))
    // Rows 2, 0 and rows 1, 3 by ascending quantity: of words 1 and 2 different and the same, the same and different.
    #expect(embedding.bins.map(\.rows) == [2, 2])
    #expect(embedding.bins.map(\.entropy) == [0.5, 0.5])
    #expect(embedding.bins.map(\.minimum) == [-1, 2] && embedding.bins.map(\.maximum) == [0.5, 3])
    #expect(embedding.bins.map(\.meanValue) == [-0.25, 2.5])
    #expect(embedding.bins.map(\.accuracy) == [0.5, 1])
    // Rows by quantity 2 < 0 < 1 < 3; rows 2 and 1 have an unusual word, 0 and 3 none: ranks 1 2 3 4 and 1.5 3.5 1.5 3.5.
    #expect(isClose(try #require(embedding.correlation), 2 / (5.0 * 4).squareRoot()))
  }

  @Test func findingsSurviveAFile() throws {
    let findings = try PatternExperiment().run(in: ExperimentCases.context())
    let refined = try PatternExperiment().run(in: ExperimentCases.context(level: .feedForward))
    #expect(refined.flatMap(\.words).allSatisfy { $0.feedForward?.steps.count == 3 })
    let cut = refined[0].numbers.fields.filter { $0.name != "branches" }
    #expect(PatternFinding(numbers: NamedNumbers(cut)) == nil)
    for finding in findings + refined + Self.findings {
      #expect(PatternFinding(numbers: finding.numbers) == finding)
    }
    #expect(PatternFinding(numbers: NamedNumbers(["qoi": [1]])) == nil)
    // Written before there was what is right.
    let fields = findings[0].numbers.fields.filter { $0.name != "correct" }
    #expect(PatternFinding(numbers: NamedNumbers(fields)) == nil)
  }

  @Test func someRowsAreTheSame() throws {
    let all = try PatternExperiment().run(in: ExperimentCases.context())
    var finished: [Int] = []
    let some = try PatternExperiment().run(
      [1, 5, 2, 10], in: ExperimentCases.context(), finished: { row, _ in finished.append(row) })
    #expect(finished == [1, 5, 2, 10])
    #expect(some == [1, 5, 2, 10].map { all[$0] })
  }
}
