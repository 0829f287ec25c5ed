import Attribution
import Transformers
import FixtureFiles
import Foundation
import Testing

/// The embedded model against `scripts/fixtures/make-attribution-fixtures.py`: the definition by autograd in float64.
@Suite struct DemoTests {
  private struct Fixture: Decodable {
    struct Word: Decodable {
      struct Attention: Decodable {
        let choices: [Int]
        let heads: [[Double]]
        let skips: [Double]
        let influence: Double
      }

      let word: Int
      let sign: Int
      let nodes: [Int]
      let steps: [[Double]]
      let influence: Double
      let attention: Attention
    }

    let ids: [Int32]
    let mask_id: Int
    let target: Int
    let pair: [Int]
    let points: Int
    let quantity: Double
    let quantity_at_baseline: Double
    let influence: [Double]
    let words: [Word]
  }

  @Test func agreesWithAutograd() throws {
    let file = FixtureFiles.folder.appending(path: "attribution/demo.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .token(fixture.pair[0])),
      .init(coefficient: -1, readout: .logit, output: .token(fixture.pair[1])),
    ])
    let input = AttributionInput(
      ids: fixture.ids, types: Array(repeating: 0, count: fixture.ids.count), target: fixture.target,
      quantity: quantity, baseline: Baseline(.token(fixture.mask_id)))
    let options = AttributionOptions(points: fixture.points, words: fixture.words.map(\.word))
    let found = try #require(
      try Attributor(model: model(in: FixtureFiles.demo)).patterns([input], options: options, check: {}).first
    )
    let scale = fixture.influence.map(abs).max() ?? 0
    var worst = ["input": 0.0, "embedding": 0.0, "attention": 0.0]
    func compare(_ value: Double, _ expected: Double, _ what: String) {
      worst[what] = max(worst[what] ?? 0, abs(value - expected) / scale)
    }
    compare(found.inputs.quantity, fixture.quantity, "input")
    compare(found.inputs.quantityAtBaseline, fixture.quantity_at_baseline, "input")
    for (a, b) in zip(found.inputs.influence, fixture.influence) { compare(a, b, "input") }
    #expect(found.words.count == fixture.words.count)
    for (word, expected) in zip(found.words, fixture.words) {
      #expect(word.sign == expected.sign)
      #expect(word.embedding.nodes.map { $0[0] } == expected.nodes)
      compare(word.embedding.influence, expected.influence, "embedding")
      for (a, b) in zip(word.embedding.steps.joined(), expected.steps.joined()) {
        compare(Double(a), b, "embedding")
      }
      let attention = try #require(word.attention)
      #expect(attention.choices == expected.attention.choices)
      compare(attention.influence, expected.attention.influence, "attention")
      for (a, b) in zip(attention.heads.joined(), expected.attention.heads.joined()) {
        compare(Double(a), b, "attention")
      }
      for (a, b) in zip(attention.skips, expected.attention.skips) { compare(Double(a), b, "attention") }
    }
    #expect(worst.values.allSatisfy { $0 < 1e-4 }, "\(worst)")
    print("demo: \(worst.sorted { $0.key < $1.key })")
  }
}
