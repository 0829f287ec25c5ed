import Attribution
import FixtureFiles
import Foundation
import Testing
import Transformers

/// A sentence of a family's fixture: numbers of the oracle on transformers' own modules in float64.
struct FamilyCase: Decodable {
  struct Level<Node: Decodable>: Decodable {
    let nodes: [Node]
    let influence: Double
  }

  struct Embedding: Decodable {
    let nodes: [Int]
    let influence: Double
    /// (L-1, n), unsigned.
    let steps: [[Double]]
  }

  struct Attention: Decodable {
    let nodes: [Int]
    let influence: Double
    /// (L, A + 1): heads, then the skip connection.
    let steps: [[Double]]
  }

  struct FeedForward: Decodable {
    let nodes: [String?]
    let influence: Double
    /// (L, 2): the branch, then its skip connection.
    let steps: [[Double]?]
  }

  struct Word: Decodable {
    let position: Int
    let influence: Double
    let sign: Int
    let embedding: Embedding
    let attention: Attention
    let feedforward: FeedForward
  }

  let ids: [Int32]
  let target: Int
  let correct: Int
  let wrong: Int?
  let baseline: Int
  let points: Int
  let qoi: Double
  let qoi_baseline: Double
  let influence: [Double]
  let words: [Word]

  var input: AttributionInput {
    let terms = [(id: correct, coefficient: 1.0)] + (wrong.map { [(id: $0, coefficient: -1.0)] } ?? [])
    let quantity = QuantityOfInterest(
      terms: terms.map { .init(coefficient: $0.coefficient, readout: .logit, output: .token($0.id)) })
    return AttributionInput(
      ids: ids, types: ids.map { _ in 0 }, target: target, quantity: quantity,
      baseline: Baseline(.token(baseline)))
  }
}

/// Cases of a folder, as `golden/families` has them (a list) or as the random models do (one, beside its ids).
func familyCases(in folder: URL, file: String = "expected.json") throws -> [FamilyCase] {
  struct Random: Decodable {
    let ids: [[Int32]]
    let patterns: Patterns?

    struct Patterns: Decodable {
      let target: Int, correct: Int, baseline: Int, points: Int
      let wrong: Int?
      let qoi: Double, qoi_baseline: Double
      let influence: [Double]
      let words: [FamilyCase.Word]
    }
  }
  let data = try Data(contentsOf: folder.appending(path: file))
  let decoder = JSONDecoder()
  if let list = try? decoder.decode([FamilyCase].self, from: data) { return list }
  let random = try decoder.decode(Random.self, from: data)
  return random.patterns.map { p in
    [
      FamilyCase(
        ids: random.ids[0], target: p.target, correct: p.correct, wrong: p.wrong, baseline: p.baseline,
        points: p.points, qoi: p.qoi, qoi_baseline: p.qoi_baseline, influence: p.influence, words: p.words)
    ]
  } ?? []
}

@Suite struct FamilyPatternTests {
  static let folders = ["families", "families-random"].flatMap { part in
    let folder = FixtureFiles.folder.appending(path: part)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { !$0.contains(".") }.map { "\(part)/\($0)" }
  }

  /// The largest difference of each kind, of the sentence's largest influence.
  struct Differences {
    var quantity = 0.0
    var influence = 0.0
    var levels = [0.0, 0.0, 0.0]
  }

  @Test func thereAreFixtures() {
    #expect(Self.folders.count { $0.hasPrefix("families/") } == 15)
    #expect(Self.folders.count { $0.hasPrefix("families-random/") } > 30)
  }

  @Test(arguments: folders)
  func threeLevelsAgree(_ name: String) throws {
    let folder = FixtureFiles.folder.appending(path: name)
    let cases = try familyCases(in: folder)
    guard !cases.isEmpty else { return }
    let attributor = Attributor(model: try model(in: folder))
    var worst = Differences()
    for one in cases {
      let options = AttributionOptions(
        points: one.points, words: one.words.map(\.position), level: .feedForward)
      let result = try attributor.patterns([one.input], options: options, check: {})[0]
      compare(result, one, &worst)
    }
    print(
      "\(name): qoi \(worst.quantity), influence \(worst.influence), levels \(worst.levels)")
    for difference in [worst.quantity, worst.influence] + worst.levels { #expect(difference < 1e-4) }
  }

  /// The embedded decoder: 3 pairs of texts.
  @Test func theEmbeddedDecoderAgrees() throws {
    let golden = FixtureFiles.folder.appending(path: "golden")
    let cases = try familyCases(in: golden, file: "demo-gpt2.json")
    #expect(cases.count == 3)
    let attributor = Attributor(model: try model(in: FixtureFiles.model("demo-gpt2")))
    var worst = Differences()
    for one in cases {
      let options = AttributionOptions(
        points: one.points, words: one.words.map(\.position), level: .feedForward)
      compare(try attributor.patterns([one.input], options: options, check: {})[0], one, &worst)
    }
    print("demo-gpt2: qoi \(worst.quantity), influence \(worst.influence), levels \(worst.levels)")
    for difference in [worst.quantity, worst.influence] + worst.levels { #expect(difference < 1e-4) }
  }

  /// A real checkpoint: the reaction of scripts/examples/leaving-group.ipscript.
  @Test(.enabled(if: FixtureFiles.hasRxnfp, "rxnfp is not in the cache: scripts/fetch-rxnfp"))
  func aRealCheckpointAgrees() throws {
    let fixtures = FixtureFiles.folder.appending(path: "rxnfp")
    let cases = try familyCases(in: fixtures, file: "patterns.json")
    let attributor = Attributor(model: try model(in: FixtureFiles.model("bert_pretrained")))
    var worst = Differences()
    for one in cases {
      let options = AttributionOptions(
        points: one.points, words: one.words.map(\.position), level: .feedForward)
      compare(try attributor.patterns([one.input], options: options, check: {})[0], one, &worst)
    }
    print("bert_pretrained: qoi \(worst.quantity), influence \(worst.influence), levels \(worst.levels)")
    for difference in [worst.quantity, worst.influence] + worst.levels { #expect(difference < 1e-4) }
  }

  /// The oracle's third-level patterns written by hand, as patterns and as routes; and what its two candidates of a layer
  /// say of the branch and the skip connection beside it.
  @Test(arguments: ["gpt2", "gpt_neox", "gpt_neox_parallel", "gemma2", "roberta"])
  func writtenPatternsAgree(_ name: String) throws {
    let folder = FixtureFiles.folder.appending(path: "families/\(name)")
    let attributor = Attributor(model: try model(in: folder))
    var worst = 0.0
    for one in try familyCases(in: folder) {
      let options = AttributionOptions(points: one.points)
      let routes = one.words.map { word in
        Route(
          nodes: word.embedding.nodes, choices: word.attention.nodes,
          steps: word.feedforward.nodes.map { $0.flatMap(FeedForwardPattern.Step.init(rawValue:)) })
      }
      let first = zip(one.words, routes).compactMap { word, route -> ([PathPattern], [Double])? in
        guard let values = word.feedforward.steps[0] else { return nil }
        let path = route.coarsened(to: .attention).path
        let position = route.nodes[1]
        return (
          [false, true].map {
            PathPattern(
              word: word.position, nodes: path + [.feedForward(layer: 0, isSkip: $0, position: position)])
          }, values
        )
      }
      let patterns = zip(one.words, routes).map { PathPattern(word: $0.position, nodes: $1.path) }
      let found =
        try attributor.influence(of: [routes], in: [one.input], options: options, check: {})[0]
        + attributor.influence(of: patterns + first.flatMap(\.0), in: one.input, options: options, check: {})
      let influences = one.words.map(\.feedforward.influence)
      let expected = influences + influences + first.flatMap(\.1)
      let largest = one.influence.map(abs).max() ?? 1
      for (value, wanted) in zip(found, expected) { worst = max(worst, abs(value - wanted) / largest) }
      #expect(found.count == expected.count)
    }
    print("\(name): written patterns \(worst)")
    #expect(worst < 1e-4)
  }

  /// A parallel block's branch is reached by the skip connection alone, and leaves the heads to other patterns.
  @Test func partsOfAParallelBlockAddUp() throws {
    let folder = FixtureFiles.folder.appending(path: "families/gpt_neox_parallel")
    let model = try model(in: folder)
    let one = try familyCases(in: folder)[0]
    let (position, layer) = (one.target, 1)
    let heads = (0..<model.configuration.heads).map { Node.head(layer: layer, head: $0, position: position) }
    let parts: [[Node]] = [
      [.hidden(row: layer + 1, position: position)], heads, [.skip(layer: layer, position: position)],
      [.feedForward(layer: layer, position: position)],
      [.feedForward(layer: layer, isSkip: true, position: position)],
    ]
    let values = try Attributor(model: model).influence(
      of: parts.map { PathPattern(word: one.words[0].position, nodes: $0) }, in: one.input,
      options: AttributionOptions(points: 4), check: {})
    let scale = one.influence.map(abs).max() ?? 1
    #expect(abs(values[0] - values[1] - values[2]) < 1e-5 * scale)
    #expect(abs(values[2] - values[3] - values[4]) < 1e-5 * scale)
    #expect(abs(values[3]) > 1e-4 * scale)
  }

  private func compare(_ found: SentencePatterns, _ expected: FamilyCase, _ worst: inout Differences) {
    let largest = expected.influence.map(abs).max() ?? 1
    func note(_ a: Double, _ b: Double, _ place: WritableKeyPath<Differences, Double>) {
      worst[keyPath: place] = max(worst[keyPath: place], abs(a - b) / largest)
    }
    note(found.inputs.quantity, expected.qoi, \.quantity)
    note(found.inputs.quantityAtBaseline, expected.qoi_baseline, \.quantity)
    #expect(found.inputs.influence.count == expected.influence.count)
    for (a, b) in zip(found.inputs.influence, expected.influence) { note(a, b, \.influence) }
    #expect(found.words.count == expected.words.count)
    for (a, b) in zip(found.words, expected.words) {
      let sign = Double(b.sign)
      #expect(a.position == b.position && a.sign == b.sign)
      #expect(a.embedding.nodes.map { $0[0] } == b.embedding.nodes)
      note(a.embedding.influence, b.embedding.influence, \.levels[0])
      for (row, steps) in zip(a.embedding.steps, b.embedding.steps) {
        for (x, y) in zip(row, steps) { note(sign * Double(x), y, \.levels[0]) }
      }
      #expect(a.attention?.choices == b.attention.nodes)
      note(a.attention?.influence ?? .nan, b.attention.influence, \.levels[1])
      for (layer, steps) in b.attention.steps.enumerated() {
        let row = (a.attention?.heads[layer] ?? []) + [a.attention?.skips[layer] ?? .nan]
        #expect(row.count == steps.count)
        for (x, y) in zip(row, steps) { note(sign * Double(x), y, \.levels[1]) }
      }
      #expect(a.feedForward?.steps.map { $0?.rawValue } == b.feedforward.nodes)
      note(a.feedForward?.influence ?? .nan, b.feedforward.influence, \.levels[2])
      for (layer, steps) in b.feedforward.steps.enumerated() {
        guard let steps else { continue }
        note(sign * Double(a.feedForward?.feedForwards[layer] ?? .nan), steps[0], \.levels[2])
        note(sign * Double(a.feedForward?.skips[layer] ?? .nan), steps[1], \.levels[2])
      }
    }
  }
}
