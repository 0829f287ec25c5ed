import Attribution
import Transformers
import Testing

/// Plans that are counted: nothing is computed, and results have the form of those of a run.
@Suite struct PlanTests {
  private let random = RandomCase.all[0]
  private let options = AttributionOptions(points: 4)

  /// Two sentences of different length, one with padding.
  private var inputs: [AttributionInput] {
    var padded = random.input(length: 6, seed: 1)
    padded.mask[5] = padded.target == 5
    return [random.input(length: 4), padded]
  }

  /// What `ask` finds, and when it is counted instead.
  private func both<Result>(
    _ ask: (Attributor) throws -> Result
  ) throws -> (run: Result, counted: Result, work: Work) {
    let model = try random.model()
    let log = WorkLog()
    let counted = log.work { try ask(Attributor(model: model, execution: .counting(in: log))) }
    return (try ask(Attributor(model: model)), try counted.result.get(), counted.work)
  }

  @Test func influencesHaveTheirForm() throws {
    let found = try both { try $0.inputInfluence(inputs, options: options, check: {}) }
    #expect(found.run.map(\.influence.count) == found.counted.map(\.influence.count))
    #expect(found.counted.map(\.points) == [4, 4])
    #expect(found.work.sequences == 8 && found.work.operations > 0 && found.work.bytes > 0)
  }

  @Test func patternsHaveTheirForm() throws {
    let found = try both { try $0.patterns(inputs, options: options, check: {}) }
    for (run, counted) in zip(found.run, found.counted) {
      #expect(run.target == counted.target && run.words.map(\.position) == counted.words.map(\.position))
      for (a, b) in zip(run.words, counted.words) {
        #expect(a.embedding.nodes.map(\.count) == b.embedding.nodes.map(\.count))
        #expect(a.embedding.steps.map(\.count) == b.embedding.steps.map(\.count))
        #expect(a.attention?.choices.count == b.attention?.choices.count)
        #expect(a.attention?.heads.map(\.count) == b.attention?.heads.map(\.count))
      }
    }
    #expect(found.work.sequences == 8)
  }

  @Test func scoresHaveTheirForm() throws {
    func sizes(_ scores: NodeScores) -> [[Int]] {
      [scores.hidden.map(\.count), scores.heads.map(\.count), scores.heads.flatMap { $0.map(\.count) }]
        + [scores.skips.map(\.count)]
    }
    let all = try both { try $0.conductance(inputs, options: options, check: {}).map(NodeScores.init) }
    #expect(all.run.map(sizes) == all.counted.map(sizes) && all.work.sequences == 8)
    let words = try both { try $0.wordConductance(inputs, options: options, check: {}) }
    #expect(words.run.map { $0.map { $0.map(sizes) } } == words.counted.map { $0.map { $0.map(sizes) } })
    #expect(words.work.operations > all.work.operations)
    let internals = try both { try $0.internalInfluence(inputs, options: options, check: {}) }
    #expect(internals.run.map(sizes) == internals.counted.map(sizes))
    // The ends of each path run once more.
    #expect(internals.work.sequences == 8 + 4)
  }

  @Test func routesAndPatternsByHandHaveTheirForm() throws {
    let input = random.input(length: 5)
    let routes = [Route(nodes: [0, 1, 1, input.target]), Route(nodes: [1, 1, 1, input.target])]
    let found = try both { try $0.influence(of: [routes], in: [input], options: options, check: {}) }
    #expect(found.run.map(\.count) == [2] && found.counted == [[0, 0]] && found.work.sequences == 4)
    let node = Node.hidden(row: 1, position: 2)
    let given = [PathPattern(word: 0, nodes: []), PathPattern(word: nil, nodes: [node])]
    let masked = try both { try $0.influence(of: given, in: input, options: options, check: {}) }
    #expect(masked.run.count == 2 && masked.counted == [0, 0] && masked.work.sequences == 4)
  }

  /// What is wrong with a question is found when its plan is made.
  @Test func faultsAreFoundWithoutRunning() throws {
    let attributor = Attributor(model: try random.model(), execution: .counting(in: WorkLog()))
    #expect(throws: PlaceFault.self) {
      try attributor.influence(
        of: [PathPattern(word: 0, nodes: [.hidden(row: 9, position: 0)])], in: random.input(length: 5),
        check: {})
    }
  }
}
