import Attribution
import Transformers
import Foundation
import Testing

/// Agreement with the golden cases, relative to the largest input influence of the sentence.
private let tolerance = 1e-4

/// Compares one sentence's results with a golden case, and keeps the largest relative differences.
private struct Comparison {
  let golden: GoldenCase
  let scale: Double
  var worst: [String: Double] = [:]

  init(_ golden: GoldenCase) {
    self.golden = golden
    scale = golden.input_influence.map(abs).max() ?? 1
  }

  mutating func check(_ value: Double, _ expected: Double, _ what: String) {
    let difference = abs(value - expected) / scale
    #expect(difference <= tolerance, "\(what) of \"\(golden.text)\": \(value), expected \(expected)")
    worst[what] = max(worst[what] ?? 0, difference)
  }

  mutating func check(_ values: [Float], _ expected: [Double], _ what: String) {
    #expect(values.count == expected.count)
    for (value, expected) in zip(values, expected) { check(Double(value), expected, what) }
  }

  /// Whether two choices are equal, or their candidates are closer than the tolerance, so that either is right.
  func agree(_ choice: Int, _ expected: Int, values: [Double]) -> Bool {
    choice == expected || abs(values[choice] - values[expected]) <= tolerance * scale
  }
}

private func text(_ worst: [String: Double]) -> String {
  worst.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.1e", $0.value))" }.joined(
    separator: ", ")
}

@Suite struct GoldenTests {
  @Test(arguments: ["tiny-mlm", "tiny-cls"])
  func bothLevels(_ name: String) throws {
    let (model, cases) = try goldenCases(name)
    var worst: [String: Double] = [:]
    for golden in cases {
      let options = AttributionOptions(points: golden.K, words: golden.words, kept: golden.width)
      let input = golden.input(isClassifier: name == "tiny-cls")
      let found = try #require(
        try Attributor(model: model).patterns([input], options: options, check: {}).first)
      var comparison = Comparison(golden)
      compareInputs(found.inputs, &comparison)
      for (word, expected) in zip(found.words, golden.embedding) { compare(word, expected, &comparison) }
      #expect(found.words.map(\.position) == golden.words)
      for (word, expected) in zip(found.words, golden.attention ?? []) {
        compare(try #require(word.attention), expected, &comparison)
      }
      #expect((found.words.first?.attention != nil) == (golden.width == 1))
      worst.merge(comparison.worst, uniquingKeysWith: max)
    }
    print("golden \(name): \(text(worst)) (\(cases.count) cases)")
  }

  @Test(arguments: ["tiny-mlm", "tiny-cls"])
  func conductances(_ name: String) throws {
    let (model, cases) = try goldenCases(name)
    var worst: [String: Double] = [:]
    for golden in cases {
      guard let expected = golden.conductance else { continue }
      let found = try #require(
        try Attributor(model: model).conductance(
          [golden.input(isClassifier: name == "tiny-cls")], options: AttributionOptions(points: golden.K),
          check: {}
        ).first)
      var comparison = Comparison(golden)
      #expect(found.hidden.map(\.count) == expected.embedding.map(\.count))
      for (row, wanted) in zip(found.hidden.joined(), expected.embedding.joined()) {
        comparison.check(row, wanted, "hidden")
      }
      #expect(found.heads.map { $0.map(\.count) } == expected.head.map { $0.map(\.count) })
      for (head, wanted) in zip(found.heads.joined().joined(), expected.head.joined().joined()) {
        comparison.check(head, wanted, "head")
      }
      worst.merge(comparison.worst, uniquingKeysWith: max)
    }
    #expect(worst.keys.sorted() == ["head", "hidden"])
    print("golden conductance \(name): \(text(worst))")
  }

  private func compareInputs(_ found: InputInfluence, _ comparison: inout Comparison) {
    let golden = comparison.golden
    for (value, expected) in zip(found.influence, golden.input_influence) {
      comparison.check(value, expected, "input")
    }
    comparison.check(found.quantity, golden.qoi_input, "quantity")
    comparison.check(found.quantityAtBaseline, golden.qoi_baseline, "quantity")
  }

  private func compare(
    _ word: WordPattern, _ expected: GoldenCase.Embedding, _ comparison: inout Comparison
  ) {
    let text = comparison.golden.text
    #expect(word.sign == expected.sign, "word \(word.position) of \"\(text)\"")
    for (step, (nodes, values)) in zip(expected.nodes, expected.infl).enumerated() {
      let found = word.embedding.nodes[step + 1]
      #expect(found.count == nodes.count)
      for (node, wanted) in zip(found, nodes) {
        #expect(
          comparison.agree(node, wanted, values: values),
          "word \(word.position) of \"\(text)\", row \(step + 1): \(node), expected \(wanted)")
      }
      comparison.check(word.embedding.steps[step], values, "embedding")
    }
    comparison.check(word.embedding.influence, expected.influence, "embedding")
    #expect(word.embedding.nodes.last == [comparison.golden.target])
  }

  private func compare(
    _ found: AttentionPattern, _ expected: GoldenCase.Attention, _ comparison: inout Comparison
  ) {
    for layer in expected.choice.indices {
      let values = expected.head_infl[layer] + [expected.skip_infl[layer]]
      let skip = values.count - 1
      let (choice, wanted) = (found.choices[layer], expected.choice[layer])
      #expect(
        comparison.agree(choice < 0 ? skip : choice, wanted < 0 ? skip : wanted, values: values),
        "layer \(layer) of word \(expected.word) of \"\(comparison.golden.text)\": \(choice), expected \(wanted)"
      )
      comparison.check(found.heads[layer], expected.head_infl[layer], "attention")
      comparison.check(Double(found.skips[layer]), expected.skip_infl[layer], "attention")
      comparison.check(found.values[layer], expected.selected[layer], "attention")
    }
    comparison.check(found.influence, expected.influence, "attention")
  }
}
