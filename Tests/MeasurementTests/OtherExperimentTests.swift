import Attribution
import Transformers
import Testing

@testable import Measurement

@Suite struct OtherExperimentTests {
  /// All patterns of all words of a model of two layers, by masked passes.
  @Test func ranksAmongAllPatterns() throws {
    var configuration = ExperimentCases.configuration
    configuration = TransformerConfiguration(
      layers: 2, hidden: 12, heads: 2, intermediate: 20, vocabulary: 40, maxPositions: 16, padToken: 0)
    let model = try Transformer.random(
      configuration: configuration, seed: 9, words: true, classifier: false, deviation: 0.35)
    let attributor = Attributor(model: model)
    let rows = Array(ExperimentCases.rows.prefix(2))
    let found = try OptimalityExperiment(samples: 1000).run(
      in: ExperimentCases.context(rows, model: model))
    for (row, finding) in zip(rows, found) {
      let sentence = try attributor.patterns([row.input], options: ExperimentCases.options, check: {})[0]
      for (index, word) in sentence.words.enumerated() {
        var others: [[Node]] = []
        for middle in row.ids.indices where middle != word.embedding.nodes[1][0] {
          others.append([.hidden(row: 1, position: middle)])
        }
        let expected = try rank(word, word.embedding.influence, others, row, attributor)
        #expect(isClose(finding.ranks[0][index], expected))
        let attention = try #require(word.attention)
        var all: [[Node]] = []
        for middle in row.ids.indices {
          let steps = [(word.position, middle), (middle, row.target)].enumerated().map { layer, step in
            (0..<2).map { Node.head(layer: layer, head: $0, position: step.1) }
              + (step.0 == step.1 ? [.skip(layer: layer, position: step.1)] : [])
          }
          for first in steps[0] {
            for second in steps[1] {
              let own = zip(attention.choices, [first, second]).enumerated().allSatisfy { layer, pair in
                let position = word.embedding.nodes[layer + 1][0]
                return pair.1
                  == (pair.0 < 0
                    ? .skip(layer: layer, position: position)
                    : .head(layer: layer, head: pair.0, position: position))
              }
              if !own { all.append([.hidden(row: 1, position: middle), first, second]) }
            }
          }
        }
        let expectedAttention = try rank(word, attention.influence, all, row, attributor)
        #expect(isClose(finding.ranks[1][index], expectedAttention))
      }
    }
    let summary = OptimalitySummary(found, levels: PatternLevel.published)
    // One free row: guided refinement is exhaustive at the embedding level.
    #expect(summary.lines[0].meanRank == 1 && summary.lines[0].best == 1)
  }

  private func rank(
    _ word: WordPattern, _ influence: Double, _ others: [[Node]], _ row: ExperimentRow,
    _ attributor: Attributor
  ) throws -> Double {
    let values = try attributor.influence(
      of: others.map { PathPattern(word: word.position, nodes: $0) }, in: row.input,
      options: ExperimentCases.options, check: {})
    let sign = Double(word.sign)
    return Double(values.count { sign * $0 < sign * influence }) / Double(values.count)
  }

  @Test func randomPatternsDependOnTheSeedAlone() throws {
    let experiment = OptimalityExperiment(samples: 12)
    let first = try experiment.findings([3, 7], in: ExperimentCases.context(seed: 1))
    #expect(try experiment.findings([3, 7], in: ExperimentCases.context(seed: 1)) == first)
    #expect(try experiment.findings([3, 7], in: ExperimentCases.context(seed: 2)) != first)
    for finding in first {
      #expect(OptimalityFinding(numbers: finding.numbers) == finding)
      #expect(finding.exceeding.joined().allSatisfy { 0...12 ~= $0 })
    }
    // Written before there were counts of patterns that carry more.
    #expect(OptimalityFinding(numbers: NamedNumbers(["ranks0": [1], "ranks1": [1]])) == nil)
    #expect(first.allSatisfy { $0.ranks.joined().allSatisfy { 0...1 ~= $0 } })
  }

  /// Ties leave a pattern the best; a NaN is no lowest rank but spreads.
  @Test func bestIsWhatNothingExceeds() throws {
    func finding(_ ranks: [Double], _ exceeding: [Double]) throws -> OptimalityFinding {
      try #require(OptimalityFinding(numbers: NamedNumbers(["ranks0": ranks, "exceeding0": exceeding])))
    }
    let ties = OptimalitySummary([try finding([1, 0.5, 0.9], [0, 0, 2])], levels: [.embedding]).lines[0]
    #expect(isClose(ties.best, 2.0 / 3) && ties.lowestRank == 0.5 && ties.words == 3)
    let undefined = OptimalitySummary(
      [try finding([1, 0.5], [0, 1]), try finding([.nan], [.nan])], levels: [.embedding]
    ).lines[0]
    #expect(undefined.best.isNaN && undefined.lowestRank.isNaN && undefined.meanRank.isNaN)
  }

  /// A model whose output does not depend on its words: every pattern carries 0, as does every other one.
  @Test func equalInfluencesCountHalf() throws {
    let rows = ExperimentCases.rows.prefix(1).map { row in
      var row = row
      row.interventions = Interventions([
        Replacement(node: Node(layer: 2, component: .block), value: .zero)
      ])
      return row
    }
    let context = ExperimentCases.context(rows)
    let found = try OptimalityExperiment(samples: 20).findings([0], in: context)[0]
    #expect(found.ranks.joined().allSatisfy { $0 == 0.5 })
    #expect(found.exceeding.joined().allSatisfy { $0 == 0 })
  }

  /// The routes are made and followed in parts, between which it can be stopped.
  @Test func stopsBetweenParts() throws {
    struct Stop: Error {}
    let row = ExperimentCases.rows[2]
    let patterns = try Attributor(model: ExperimentCases.model).patterns(
      [row.input], options: ExperimentCases.options, check: {})
    let calls = Counter()
    let context = ExperimentContext(
      model: ExperimentCases.model, rows: [row], options: ExperimentCases.options,
      patterns: [0: patterns[0]],
      check: {
        calls.value += 1
        if calls.value == 2 { throw Stop() }
      })
    #expect(throws: Stop.self) { try OptimalityExperiment(samples: 1 << 50).findings([0], in: context) }
  }

  @Test func randomRoutesAreValid() {
    let generator = SplitMix64(state: 4)
    let sampler = RouteSampler(
      word: 1, target: 2, length: 5, heads: 3, level: .attention, masks: Array(repeating: .full, count: 4))
    var iterator = sampler.routes(200, generator)
    let routes = iterator.next(150) + iterator.next(150)
    #expect(routes.count == 200 && Set(routes).count > 150 && iterator.next() == nil)
    for route in routes {
      #expect(route.nodes.first == 1 && route.nodes.last == 2 && route.nodes.count == 5)
      for (layer, choice) in (route.choices ?? []).enumerated() where choice < 0 {
        #expect(route.nodes[layer] == route.nodes[layer + 1])
      }
    }
    // (C^2)[1, 2] = 3 (3 5 + 2) with C = 3 ones(5, 5) + I.
    let small = RouteSampler(
      word: 1, target: 2, length: 5, heads: 3, level: .attention, masks: [.full, .full])
    #expect(small.count == 51)
    var all = small.routes(51, generator)
    #expect(Set(all.next(100)).count == 51)
    var drawn = small.routes(50, generator)
    #expect(drawn.next(100).count == 50)
    let nodes = RouteSampler(
      word: 1, target: 2, length: 5, heads: 3, level: .embedding, masks: [.full, .full, .full])
    var inner = nodes.routes(25, generator)
    #expect(nodes.count == 25 && Set(inner.next(100)).count == 25)
  }

  /// Drawn or gone through, routes are those that there are.
  @Test(arguments: [false, true]) func routesThroughMasksAndBranches(isParallel: Bool) {
    let masks: [AttentionMask] = [.causal(window: nil), .causal(window: 2), .window(reach: 1)]
    let sampler = RouteSampler(
      word: 0, target: 2, length: 5, heads: 2, level: .feedForward, masks: masks, isParallel: isParallel)
    let generator = SplitMix64(state: 4)
    var all = sampler.routes(1 << 20, generator)
    let routes = Set(all.next(1 << 20))
    #expect(Double(routes.count) == sampler.count)
    // 0 -> 0 1 2 ..., then two back, then one to either side: nodes 0 1 1, 0 1 2, 0 2 2, 0 2 3, 0 0 1 and 0 3 3 lead to 2.
    #expect(
      Set(routes.map { Array($0.nodes[1...2]) })
        == [[0, 1], [1, 1], [1, 2], [2, 2], [2, 3], [3, 3]])
    for route in routes {
      for (layer, step) in (route.steps ?? []).enumerated() {
        #expect((step == nil) == (isParallel && (route.choices ?? [])[layer] >= 0))
      }
    }
    var drawn = sampler.routes(40, generator)
    #expect(routes.isSuperset(of: drawn.next(40)))
    let behind = RouteSampler(
      word: 4, target: 2, length: 5, heads: 2, level: .embedding, masks: [.causal(window: nil)])
    var none = behind.routes(5, generator)
    #expect(behind.count == 0 && none.next() == nil)
  }

  /// Of all third-level patterns of a small model, counted by masked passes.
  @Test func ranksAmongAllThirdLevelPatterns() throws {
    let configuration = TransformerConfiguration(
      layers: 2, hidden: 12, heads: 2, intermediate: 20, vocabulary: 40, maxPositions: 16, padToken: 0)
    let model = try Transformer.random(
      configuration: configuration, seed: 9, words: true, classifier: false, deviation: 0.35)
    let row = ExperimentCases.rows[0]
    let context = ExperimentCases.context([row], model: model, level: .feedForward)
    let finding = try OptimalityExperiment(samples: 1 << 20, levels: [.feedForward]).findings(
      [0], in: context)[0]
    let sentence = try context.patterns([0])[0]
    for (index, word) in sentence.words.enumerated() {
      let own = Route(word, level: .feedForward)
      let sampler = RouteSampler(
        word: word.position, target: row.target, length: row.length, heads: 2, level: .feedForward,
        masks: [.full, .full])
      var iterator = sampler.routes(1 << 20, SplitMix64(state: 1))
      let others = iterator.next(1 << 20).filter { $0 != own }.map(\.path)
      let expected = try rank(
        word, try #require(word.feedForward).influence, others, row, Attributor(model: model))
      #expect(isClose(finding.ranks[0][index], expected))
    }
  }

  @Test func gapsAreThoseOfTheInfluences() throws {
    let experiment = ConvergenceExperiment(settings: ConvergenceExperiment.settings(upTo: 5))
    #expect(experiment.settings.map(\.points) == [2, 3, 5, 2, 3, 5])
    let found = try experiment.run(in: ExperimentCases.context())
    let summary = ConvergenceSummary(found, settings: experiment.settings)
    let inputs = ExperimentCases.rows.map(\.input)
    for line in summary.lines {
      let options = AttributionOptions(points: line.setting.points, quadrature: line.setting.quadrature)
      let results = try Attributor(model: ExperimentCases.model).inputInfluence(
        inputs, options: options, check: {})
      let gaps = results.map { abs($0.influence.reduce(0, +) - ($0.quantity - $0.quantityAtBaseline)) }
      #expect(isClose(line.meanGap, gaps.reduce(0, +) / Double(gaps.count), 1e-4))
      let change = results.map { abs($0.quantity - $0.quantityAtBaseline) }.reduce(0, +)
      #expect(isClose(line.relativeGap, gaps.reduce(0, +) / change, 1e-4))
    }
    #expect(summary.lines[5].meanGap < summary.lines[0].meanGap)
    for finding in found { #expect(ConvergenceFinding(numbers: finding.numbers) == finding) }
  }

  @Test func attentionBesideInfluence() throws {
    let found = try AttentionExperiment().run(in: ExperimentCases.context())
    let row = ExperimentCases.rows[2]
    let influence = try Attributor(model: ExperimentCases.model).inputInfluence(
      [row.input], options: ExperimentCases.options, check: {})[0].influence
    for (index, method) in FlowMethod.general.enumerated() {
      let flow = try FlowAnalyzer(model: ExperimentCases.model).analyze(
        FlowInput(ids: row.ids, types: row.types, target: row.target), options: FlowOptions(method: method),
        check: {})
      let expected = try #require(rankCorrelation(flow.scores, influence.map(abs)))
      #expect(isClose(try #require(found[2].correlations[index]), expected))
    }
    for finding in found { #expect(AttentionFinding(numbers: finding.numbers) == finding) }
    let summary = AttentionSummary(found, methods: FlowMethod.general)
    #expect(summary.lines.allSatisfy { -1...1 ~= $0.mean && $0.minimum <= $0.mean && $0.mean <= $0.maximum })
  }
}

private final class Counter: @unchecked Sendable {
  var value = 0
}
