import Attribution
import Transformers
import Testing

/// The same points that a `Quadrature` takes, written down by hand.
func points(_ quadrature: Quadrature) -> [(alpha: Double, weight: Double)] {
  let half = (0.6).squareRoot() / 2
  return switch quadrature {
  case .uniform: [(0, 1.0 / 3), (0.5, 1.0 / 3), (1, 1.0 / 3)]
  case .left: [(0, 1.0 / 3), (1.0 / 3, 1.0 / 3), (2.0 / 3, 1.0 / 3)]
  case .trapezoid: [(0, 0.25), (0.5, 0.5), (1, 0.25)]
  case .gauss: [(0.5 - half, 5.0 / 18), (0.5, 8.0 / 18), (0.5 + half, 5.0 / 18)]
  }
}

private func largest(_ values: some Sequence<Double>) -> Double { values.map(abs).max() ?? 0 }

private func difference(_ values: [Float], _ expected: [Double]) -> Double {
  values.count == expected.count ? largest(zip(values, expected).map { Double($0) - $1 }) : .infinity
}

/// The fast algorithm against the definition, in Double.
@Suite struct OracleTests {
  private let tolerance = 2e-5

  @Test(arguments: RandomCase.all)
  func searchesAgree(_ random: RandomCase) throws {
    let input = random.input(length: 5)
    let oracle = try Oracle(random.configuration, random.weights, input, points: points(random.quadrature))
    let options = AttributionOptions(points: 3, quadrature: random.quadrature, words: Array(0..<5))
    let found = try #require(
      try Attributor(model: random.model()).patterns([input], options: options, check: {}).first)
    let expected = (0..<5).map(oracle.refine)
    let scale = largest(expected.map(\.influence))
    var worst = 0.0
    for (word, expected) in zip(found.words, expected) {
      #expect(Double(word.sign) == expected.sign)
      #expect(word.embedding.nodes == expected.nodes.map { [$0] })
      worst = max(worst, abs(word.influence - expected.influence) / scale)
      for (step, values) in zip(word.embedding.steps, expected.steps) {
        worst = max(worst, difference(step, values) / scale)
      }
      let attention = try #require(word.attention)
      #expect(attention.choices == expected.choices)
      worst = max(worst, difference(attention.skips, expected.skips) / scale)
      for (heads, values) in zip(attention.heads, expected.heads) {
        worst = max(worst, difference(heads, values) / scale)
      }
    }
    #expect(worst < tolerance)
    print("oracle \(random.testDescription): maximum difference \(worst)")
  }

  @Test(arguments: RandomCase.all)
  func handGivenPatternsAgree(_ random: RandomCase) throws {
    let input = random.input(length: 4, seed: 1)
    let oracle = try Oracle(random.configuration, random.weights, input, points: points(random.quadrature))
    let t = input.target
    let patterns = [
      PathPattern(word: nil, nodes: []), PathPattern(word: 1, nodes: []),
      PathPattern(word: 1, nodes: [.hidden(row: 0, position: 1), .hidden(row: 3, position: t)]),
      PathPattern(word: 2, nodes: [.hidden(row: 1, position: 0), .hidden(row: 1, position: 2)]),
      PathPattern(word: 3, nodes: [.head(layer: 0, head: 1, position: 2), .skip(layer: 0, position: 3)]),
      PathPattern(word: 0, nodes: [.skip(layer: 1, position: 0), .head(layer: 1, head: 0, position: 0)]),
      PathPattern(word: nil, nodes: [.head(layer: 2, head: 0, position: t), .hidden(row: 2, position: 1)]),
      PathPattern(word: 3, nodes: [.skip(layer: 2, position: t), .head(layer: 0, head: 0, position: t)]),
      PathPattern(word: 1, nodes: [.hidden(row: 3, position: (t + 1) % 4)]),
    ]
    let options = AttributionOptions(points: 3, quadrature: random.quadrature)
    let found = try Attributor(model: random.model())
      .influence(of: patterns, in: input, options: options, check: {})
    let expected = patterns.map { oracle.influence(OracleMask($0)) }
    let scale = largest((0..<4).map { oracle.influence(OracleMask(word: $0)) })
    #expect(largest(zip(found, expected).map(-)) / scale < tolerance, "\(found), expected \(expected)")
    #expect(expected[8] == 0 && found[8] == 0)
  }

  @Test func oneLayerHasNoEmbeddingSteps() throws {
    let random = RandomCase(
      activation: .gelu, isClassifier: false, quadrature: .uniform, readout: .logit, layers: 1)
    let input = random.input(length: 4)
    let oracle = try Oracle(random.configuration, random.weights, input, points: points(.uniform))
    let found = try #require(
      try Attributor(model: random.model())
        .patterns([input], options: AttributionOptions(points: 3), check: {}).first)
    #expect(found.words.map(\.position) == [1, 2, 3])
    for word in found.words {
      let expected = oracle.refine(word: word.position)
      #expect(abs(word.embedding.influence - expected.influence) < tolerance)
      #expect(word.embedding.nodes == [[word.position], [input.target]])
      #expect(word.attention?.choices == expected.choices)
    }
  }
}
