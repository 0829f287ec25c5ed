import Attribution
import Transformers
import Tensors
import Testing

@testable import Measurement

@Suite struct AblationExperimentTests {
  private static let patterns = try! ExperimentCases.patterns()

  /// Nodes that the conventions keep, one by one.
  private func isKept(_ node: Node, _ sentence: SentencePatterns, _ level: PatternLevel) throws -> Bool {
    let position = try #require(node.position)
    let row = node.component == .embedding ? 0 : (node.layer ?? 0) + 1
    let routes = sentence.words.map { Route($0, level: .feedForward) }
    /// Whether some pattern goes on through the branch, or past it.
    func takes(_ step: FeedForwardPattern.Step) -> Bool {
      routes.contains { $0.nodes[row] == position && $0.steps?[row - 1] == step }
    }
    switch node.component {
    case .embedding, .block:
      return position == sentence.target || routes.contains { $0.nodes[row] == position }
    case .skip:
      return level == .embedding || position == sentence.target
        || routes.contains { $0.nodes[row] == position && $0.choices?[row - 1] == -1 }
    case .head(let head):
      return level == .embedding
        || routes.contains { $0.nodes[row] == position && $0.choices?[row - 1] == head }
    case .feedForward: return level < .feedForward || takes(.feedForward)
    case .feedForwardSkip:
      return level < .feedForward || position == sentence.target || takes(.skip)
    default: return true
    }
  }

  private func nodes(_ length: Int) -> [Node] {
    (0..<length).flatMap { position in
      [Node(layer: nil, component: .embedding, position: position)]
        + (0..<3).flatMap { layer in
          ([.block, .skip, .feedForward, .feedForwardSkip] + (0..<2).map { Node.Component.head($0) }).map {
            Node(layer: layer, component: $0, position: position)
          }
        }
    }
  }

  @Test(arguments: PatternLevel.allCases) func keepOnlyIsADirectForward(level: PatternLevel) throws {
    let experiment = AblationExperiment(variants: [AblationVariant(.patterns, level)])
    let found = try experiment.run(
      in: ExperimentCases.context(
        patterns: Dictionary(uniqueKeysWithValues: Self.patterns.enumerated().map { ($0, $1) }), level: level)
    )
    for (index, row) in ExperimentCases.rows.enumerated() {
      let all = nodes(row.length)
      let removed = try all.filter { try !isKept($0, Self.patterns[index], level) }
      let batch = TokenBatch(sequences: [(ids: row.ids, types: row.types)], padToken: 0)
      let value = try ExperimentCases.model.forward(
        batch,
        ForwardRequest(
          quantities: [(0, row.target, row.quantity)],
          interventions: [Interventions(removed.map { Replacement(node: $0, value: .zero) })]), check: {}
      ).quantities[0]
      let variant = found[index].variants[0]
      #expect(isClose(variant.outcome.value, value, 1e-5))
      #expect(variant.outcome.isCorrect == (value > 0))
      func share(_ kind: KeepMask.Kind) -> Double {
        let own = all.filter { KeepMask.Kind($0.component) == kind }
        return 1 - Double(removed.count { KeepMask.Kind($0.component) == kind }) / Double(own.count)
      }
      #expect(isClose(variant.keptHidden, share(.hidden)))
      #expect(isClose(variant.keptAttention, share(.attention)))
      #expect(isClose(variant.keptFeedForward, share(.feedForward)))
      #expect((variant.keptFeedForward < 1) == (level == .feedForward))
    }
  }

  @Test func intactAndAccuracyAgree() throws {
    let context = ExperimentCases.context()
    let intact = try AblationExperiment(variants: [.intact]).run(in: context)
    let accuracy = try AccuracyExperiment().run(in: context)
    for (a, b) in zip(intact, accuracy) { #expect(isClose(a.variants[0].outcome.value, b.value, 1e-5)) }
    let summary = OutcomeSummary(accuracy.map(\.outcome))
    let right = accuracy.count { $0.value > 0 }
    #expect(isClose(summary.accuracy, Double(right) / Double(accuracy.count)))
    #expect(0 < right && right < accuracy.count)
  }

  /// Another network: all that an experiment runs has the rows' replacements.
  @Test func experimentsUnderInterventions() throws {
    var rows = Array(ExperimentCases.rows.prefix(5))
    for index in rows.indices {
      rows[index].interventions = Interventions([
        Replacement(node: Node(layer: 0, component: .block, position: 1), value: .zero)
      ])
    }
    let context = ExperimentCases.context(rows)
    let intact = try AccuracyExperiment().run(
      in: ExperimentCases.context(Array(ExperimentCases.rows.prefix(5))))
    let changed = try AccuracyExperiment().run(in: context)
    let variants = [AblationVariant.intact, AblationVariant(.patterns, .embedding)]
    let ablation = try AblationExperiment(variants: variants).run(in: context)
    for (index, row) in rows.enumerated() {
      let value = try ExperimentCases.model.forward(
        TokenBatch(sequences: [(ids: row.ids, types: row.types)], padToken: 0),
        ForwardRequest(quantities: [(0, row.target, row.quantity)], interventions: [row.interventions]),
        check: {}
      ).quantities[0]
      #expect(isClose(changed[index].value, value, 1e-5))
      #expect(isClose(ablation[index].variants[0].outcome.value, value, 1e-5))
      #expect(abs(changed[index].value - intact[index].value) > 1e-3)
    }
    // No pattern goes through what is replaced.
    for finding in try PatternExperiment().run(in: context) {
      #expect(finding.words.allSatisfy { $0.nodes[1] != 1 || $0.input == 0 })
    }
    let means = try context.means()
    guard case .positions(let values) = value(Node(layer: 0, component: .block), means) else {
      Issue.record("no positions")
      return
    }
    #expect(values[1].values.allSatisfy { $0 == 0 } && values[0].values.contains { $0 != 0 })
  }

  @Test func meansAreOverTheRowsThatHaveThePosition() throws {
    let means = try ExperimentCases.context().means()
    let rows = ExperimentCases.rows.filter { $0.length > 4 }
    let site = Site(.z, layer: 1)
    var sum = [Float](repeating: 0, count: 6)
    for row in rows {
      let batch = TokenBatch(sequences: [(ids: row.ids, types: row.types)], padToken: 0)
      let z = try #require(
        try ExperimentCases.model.forward(batch, ForwardRequest(capture: [site]), check: {}).activations[site]
      )
      for c in 0..<6 { sum[c] += z[0][4][1].values[c] }
    }
    guard case .positions(let values) = value(Node(layer: 1, component: .head(1), position: 4), means) else {
      Issue.record("no positions")
      return
    }
    for (value, sum) in zip(values[4].values, sum) { #expect(abs(value - sum / Float(rows.count)) < 1e-5) }
    // The skip connection carries what the block before it gives.
    #expect(
      value(Node(layer: 2, component: .skip, position: 0), means)
        == value(Node(layer: 1, component: .block, position: 3), means))
  }

  private func value(_ node: Node, _ means: NodeMeans) -> Replacement.Value {
    Substitute.means(means).replacements(of: [node])[0].value
  }

  @Test func randomMasksHaveTheSizesOfThePatterns() {
    for (index, sentence) in Self.patterns.enumerated() {
      let length = ExperimentCases.rows[index].length
      let mask = KeepMask(
        routes: sentence.words.map { Route($0, level: .feedForward) }, target: sentence.target,
        level: .feedForward, length: length, layers: 3, heads: 2)
      var generator = ExperimentCases.context().generator(index, use: 1)
      let random = KeepMask(randomLike: mask, target: sentence.target, length: length, generator: &generator)
      func sizes(_ mask: KeepMask) -> [Int] {
        (mask.hidden ?? []).map { $0.count { $0 } }
          + (mask.heads ?? []).map { $0.joined().count { $0 } }
          + [mask.skips, mask.feedForwards, mask.feedForwardSkips].flatMap {
            ($0 ?? []).map { $0.count { $0 } }
          }
      }
      #expect(sizes(random) == sizes(mask))
      #expect(random.hidden?.first == mask.hidden?.first && random.hidden?.last == mask.hidden?.last)
      #expect((random.hidden ?? []).allSatisfy { $0[sentence.target] })
      #expect((random.skips ?? []).allSatisfy { $0[sentence.target] })
      #expect((random.feedForwardSkips ?? []).allSatisfy { $0[sentence.target] })
      // Branches are of tokens that are kept behind them.
      for (layer, row) in (random.feedForwards ?? []).enumerated() {
        for (position, isKept) in row.enumerated() where isKept {
          #expect(random.hidden?[layer + 1][position] == true)
        }
      }
    }
  }

  /// What stands behind the target of a causal model is never drawn: nothing flows from there.
  @Test func randomMasksStayBeforeTheirEnd() {
    let mask = KeepMask(
      hidden: [
        [true, false, true, false, false], [true, true, true, false, false],
        [false, false, true, false, false],
      ])
    var generator = ExperimentCases.context().generator(0, use: 1)
    for _ in 0..<20 {
      let random = KeepMask(randomLike: mask, target: 2, length: 5, end: 3, generator: &generator)
      #expect(random.hidden == mask.hidden)
    }
  }

  @Test func thirdLevelIsOfPatternsAlone() throws {
    let variants = AblationVariant.all(levels: PatternLevel.allCases)
    #expect(variants.filter { $0.level == .feedForward }.map(\.source) == [.patterns, .random, .targetOnly])
    #expect(variants.count == 1 + 7 + 8 + 3)
    let context = ExperimentCases.context(Array(ExperimentCases.rows.prefix(4)), level: .feedForward)
    let byMean = AblationVariant.all(levels: [.feedForward], substitutes: [.zero, .mean])
    let found = try AblationExperiment(variants: byMean).run(in: context)
    for finding in found {
      #expect(AblationFinding(numbers: finding.numbers) == finding)
      // As many of each kind are drawn as the patterns keep.
      #expect(finding.variants[1].keptFeedForward == finding.variants[2].keptFeedForward)
      #expect(finding.variants[3].keptFeedForward < finding.variants[1].keptFeedForward)
      #expect(finding.variants[1].outcome.value != finding.variants[4].outcome.value)
    }
  }

  @Test func theSeedDecides() throws {
    let experiment = AblationExperiment(variants: [AblationVariant(.random, .attention)])
    let rows = [8, 2, 5]
    let first = try experiment.findings(rows, in: ExperimentCases.context(seed: 1))
    #expect(try experiment.findings(rows, in: ExperimentCases.context(seed: 1)) == first)
    #expect(try experiment.findings(rows, in: ExperimentCases.context(seed: 2)) != first)
    // A row's choices do not depend on the rows it is run with.
    let alone = try experiment.findings([5], in: ExperimentCases.context(seed: 1))[0].variants[0]
    #expect(isClose(alone.outcome.value, first[2].variants[0].outcome.value, 1e-4))
  }

  @Test func withoutAnySkipConnection() throws {
    for sentence in Self.patterns {
      let routes = sentence.words.map(Route.init(replacingSkipsOf:))
      for (word, route) in zip(sentence.words, routes) {
        let choices = try #require(route.choices), found = try #require(word.attention)
        for layer in 0..<3 {
          if found.choices[layer] >= 0 {
            #expect(choices[layer] == found.choices[layer])
          } else {
            #expect(found.heads[layer][choices[layer]] == found.heads[layer].max())
          }
        }
      }
    }
  }

  /// With nothing chosen before it, the first node of a pattern is that of the largest conductance.
  @Test func conductanceChoosesThePatternsFirstNode() throws {
    let rows = ExperimentCases.rows
    let scores = try Attributor(model: ExperimentCases.model).wordConductance(
      rows.map(\.input), options: ExperimentCases.options, check: {})
    for (sentence, scores) in zip(Self.patterns, scores) {
      for word in sentence.words {
        let own = try #require(scores[word.position])
        let route = Route(word: word.position, target: sentence.target, sign: word.sign, scores: own)
        #expect(route.nodes[1] == word.embedding.nodes[1][0])
        #expect(route.nodes[0] == word.position && route.nodes[3] == sentence.target)
      }
    }
  }

  @Test func findingsSurviveAFile() throws {
    let variants = AblationVariant.all(substitutes: AblationVariant.Substitute.allCases)
    let found = try AblationExperiment(variants: variants).run(in: ExperimentCases.context())
    for finding in found { #expect(AblationFinding(numbers: finding.numbers) == finding) }
    let lines = AblationSummary(found, variants: variants).lines
    #expect(lines.count == 31)
    #expect(lines[0].keptHidden == 1 && lines[0].keptAttention == 1)
    // What is kept does not depend on what stands in for the rest, the outcomes do.
    #expect(lines[1...15].map(\.keptHidden) == lines[16...].map(\.keptHidden))
    #expect(lines[1].outcome.mean != lines[16].outcome.mean)
    #expect(Set(lines.filter { $0.variant.level == .embedding }.map(\.keptAttention)) == [1])
  }
}
