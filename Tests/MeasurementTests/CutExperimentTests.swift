import Attribution
import Testing
import Transformers

@testable import Measurement

@Suite struct CutExperimentTests {
  /// Each word's cost is the difference of two passes; findings survive a file.
  @Test(arguments: AttentionCut.Mode.allCases, [false, true])
  func costsAreDifferences(_ mode: AttentionCut.Mode, _ cutsSkips: Bool) throws {
    let rows = Array(ExperimentCases.rows.prefix(3))
    let context = ExperimentCases.context(rows)
    let experiment = CutExperiment(by: mode, samples: 5, cutsSkips: cutsSkips)
    let found = try experiment.run(in: context)
    for (row, finding) in zip(rows, found) {
      let sentence = try Attributor(model: context.model).patterns(
        [row.input], options: ExperimentCases.options, check: {})[0]
      let routes = sentence.words.compactMap(\.route)
      #expect(routes.count == sentence.words.count)
      #expect(finding.words.count + finding.withoutEdges == routes.count)
      for word in finding.words {
        let route = try #require(routes.first { $0.nodes[0] == word.position })
        let skips = cutsSkips ? route.skips.map { Replacement(node: $0, value: .zero) } : []
        let cut = Interventions(skips, cuts: route.edges.map { AttentionCut($0, by: mode) })
        let outcomes = try context.evaluator.outcomes([row.probe(), row.probe(cut)])
        #expect(isClose(word.cost, outcomes[0].value - outcomes[1].value, 1e-4))
        #expect(isClose(finding.value, outcomes[0].value, 1e-4))
        #expect((0...1).contains(word.rank))
        // The single edge that should matter most does not matter in the other direction.
        if route.edges.count == 1 { #expect(isClose(word.strongest, word.single, 1e-4)) }
      }
      #expect(CutFinding(numbers: finding.numbers) == finding)
    }
    #expect(CutFinding(numbers: NamedNumbers(["qoi": [1]])) == nil)
    let again = try experiment.run(in: ExperimentCases.context(rows))
    #expect(again == found)
    let summary = CutSummary(found, role: { "\($0)" })
    #expect(
      summary.lines.filter { $0.role == nil }.reduce(0) { $0 + $1.words }
        == found.reduce(0) { $0 + $1.words.count })
  }

  /// Random patterns of a shape have its ends and its kinds of steps, and are read along the masks.
  @Test(arguments: [AttentionMask.full, .causal(window: nil), .causal(window: 3), .window(reach: 2)])
  func shapesAreKept(_ mask: AttentionMask) {
    let (heads, length) = (3, 8)
    var generator = SplitMix64(state: 4)
    for (nodes, choices) in [
      ([1, 1, 3, 3, 4], [-1, 2, -1, 0]), ([2, 3, 3, 4, 4], [0, 1, 2, -1]),
      ([4, 4, 4, 4, 4], [-1, -1, -1, -1]),
    ] {
      let route = Route(nodes: nodes, choices: choices)
      let shape = RouteShape(route, masks: Array(repeating: mask, count: 4), heads: heads, length: length)
      var seen: Set<Route> = []
      for _ in 0..<200 {
        let other = shape.random(&generator)
        #expect(other.nodes.first == nodes.first && other.nodes.last == nodes.last)
        #expect((other.choices ?? []).map { $0 < 0 } == choices.map { $0 < 0 })
        for edge in other.edges { #expect(mask.keys(of: edge.reader, length: length).contains(edge.read)) }
        for skip in other.skips { #expect(skip.position == other.nodes[skip.layer ?? 0]) }
        seen.insert(other)
      }
      #expect(choices.allSatisfy { $0 < 0 } ? seen.count == 1 : seen.count > 8)
    }
  }
}
