import Attribution
import Transformers
import Testing

/// Everything under interventions against the definition in dual numbers over Double, in which a replaced value is a
/// constant. The largest difference of all cases is 2.5e-6 of the largest input influence.
@Suite struct InterventionOracleTests {
  private let tolerance = 4e-6

  private func largest(_ values: some Sequence<Double>) -> Double { values.map(abs).max() ?? 0 }

  private func options(_ random: RandomCase, words: [Int]? = nil) -> AttributionOptions {
    AttributionOptions(points: 3, quadrature: random.quadrature, words: words)
  }

  private func oracle(_ given: InterventionCase, _ input: AttributionInput) throws -> Oracle {
    try Oracle(
      given.random.configuration, given.random.weights, input, points: points(given.random.quadrature))
  }

  private func words(_ input: AttributionInput) -> [Int] { input.mask.indices.filter { input.mask[$0] } }

  @Test(arguments: InterventionCase.all)
  func searchesAgree(_ given: InterventionCase) throws {
    let input = given.input()
    let words = words(input)
    let oracle = try oracle(given, input)
    let found = try #require(
      try Attributor(model: given.random.model())
        .patterns([input], options: options(given.random, words: words), check: {}).first)
    let expected = words.map(oracle.refine)
    let scale = largest(expected.map(\.influence))
    var worst = 0.0
    func compare(_ values: some Sequence<Float>, _ expected: some Sequence<Double>) {
      worst = max(worst, largest(zip(values, expected).map { Double($0) - $1 }))
    }
    #expect(found.words.count == expected.count)
    for (word, expected) in zip(found.words, expected) {
      #expect(Double(word.sign) == expected.sign)
      // Where nothing flows the oracle takes the first of equals, be it replaced.
      if expected.influence != 0 {
        #expect(word.embedding.nodes == expected.nodes.map { [$0] }, "word \(word.position)")
      }
      let attention = try #require(word.attention)
      #expect(attention.choices == expected.choices, "word \(word.position)")
      worst = max(worst, abs(word.influence - expected.influence))
      compare(word.embedding.steps.joined(), expected.steps.joined())
      compare(attention.heads.joined(), expected.heads.joined())
      compare(attention.skips, expected.skips)
    }
    #expect(worst <= tolerance * scale, "\(worst) of \(scale)")
    print("interventions, searches, \(given.testDescription): \(worst / max(scale, 1e-30)) of \(scale)")
  }

  /// Influences through all words together, through single nodes of each row and layer, and through sets of them.
  @Test(arguments: InterventionCase.all)
  func nodesAgree(_ given: InterventionCase) throws {
    let input = given.input(seed: 1)
    let (oracle, t) = (try oracle(given, input), input.target)
    let attributor = Attributor(model: try given.random.model())
    let scale = largest(words(input).map { oracle.influence(OracleMask(word: $0)) })
    let conductance = try #require(
      try attributor.conductance([input], options: options(given.random), check: {}).first)
    var worst = 0.0
    func compare(_ value: Double, _ nodes: [Node]) {
      worst = max(worst, abs(value - oracle.influence(OracleMask(PathPattern(word: nil, nodes: nodes)))))
    }
    for position in words(input) {
      for row in 0...3 {
        compare(conductance.hidden[row][position], [.hidden(row: row, position: position)])
      }
      for layer in 0..<3 {
        for head in 0..<2 {
          compare(
            conductance.heads[layer][position][head], [.head(layer: layer, head: head, position: position)])
        }
      }
    }
    let patterns = [
      PathPattern(word: nil, nodes: []), PathPattern(word: 3, nodes: []),
      PathPattern(word: 2, nodes: [.hidden(row: 1, position: 0), .hidden(row: 1, position: 2)]),
      PathPattern(word: 3, nodes: [.head(layer: 1, head: 1, position: 2), .skip(layer: 1, position: 3)]),
      PathPattern(word: nil, nodes: [.head(layer: 2, head: 0, position: t), .hidden(row: 2, position: 3)]),
      PathPattern(word: 2, nodes: [.skip(layer: 2, position: t), .head(layer: 0, head: 0, position: t)]),
      PathPattern(word: 2, nodes: [Node(layer: 1, component: .value(1), position: 2)]),
      PathPattern(word: nil, nodes: [Node(layer: 1, component: .key(0), position: 3)]),
      PathPattern(
        word: 3,
        nodes: [
          Node(layer: 0, component: .query(0), position: 3),
          Node(layer: 2, component: .query(1), position: t),
          .head(layer: 2, head: 1, position: t),
        ]),
    ]
    let found = try attributor.influence(
      of: patterns, in: input, options: options(given.random), check: {})
    for (value, pattern) in zip(found, patterns) {
      worst = max(worst, abs(value - oracle.influence(OracleMask(pattern))))
    }
    #expect(worst <= tolerance * scale, "\(worst) of \(scale)")
    print("interventions, nodes, \(given.testDescription): \(worst / max(scale, 1e-30)) of \(scale)")
  }

  /// The oracle's own derivative against central differences of its values, which know no derivative.
  @Test(arguments: InterventionCase.all.filter { $0.random.activation != .relu })
  func theDefinitionIsADerivative(_ given: InterventionCase) throws {
    let oracle = try oracle(given, given.input())
    let mask = OracleMask(word: nil)
    let slope =
      (oracle.quantity(0.4 + 1e-5, mask).value - oracle.quantity(0.4 - 1e-5, mask).value) / 2e-5
    #expect(abs(slope - oracle.quantity(0.4, mask).slope) < 1e-7)
  }
}
