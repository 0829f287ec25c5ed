import Checkpoints
import FamilyFixtures
import Faults
import FixtureFiles
import Foundation
import Tensors
import Testing

@testable import Transformers

/// How tokens are chosen, and where a text ends.
@Suite struct GenerationTests {
  private func sampled(
    _ logits: [Float], _ choice: TokenChoice, seed: Int = 1, count: Int = 20_000
  ) -> [Double] {
    var sampler = TokenSampler(choice, seed: seed)
    var counts = [Double](repeating: 0, count: logits.count)
    logits.withUnsafeBufferPointer { logits in
      for _ in 0..<count { counts[sampler.next(logits)] += 1 / Double(count) }
    }
    return counts
  }

  @Test func sharesAreProbabilities() {
    let logits: [Float] = [1, 3, 2, 2, -1]
    for (temperature, top) in [(1.0, nil), (0.5, nil), (3, nil), (1, 2), (2, 3), (1, 5), (1, 99)] {
      let kept = top.map { [1, 2, 3, 0, 4].prefix($0) } ?? [0, 1, 2, 3, 4]
      let weights = logits.enumerated().map { id, logit in
        kept.contains(id) ? (Double(logit) / temperature).exponential : 0
      }
      let total = weights.reduce(0, +)
      let found = sampled(logits, .sampled(temperature: temperature, top: top))
      for (share, weight) in zip(found, weights) {
        #expect(abs(share - weight / total) < 0.02 && (weight > 0 || share == 0))
      }
    }
  }

  /// The coldest choice is the greedy one, also where differences overflow.
  @Test func coldIsGreedy() {
    for logits: [Float] in [[0, 2, 2, 1], [-3e38, 3e38], [7]] {
      let greedy = sampled(logits, .greedy, count: 1)
      #expect(sampled(logits, .sampled(temperature: 1, top: 1), count: 1) == greedy)
    }
    #expect(
      sampled([0, 2, 1.999], .sampled(temperature: 1e-300, top: nil)).map { $0 > 0 } == [false, true, false])
  }

  @Test func seedsDecide() {
    let logits: [Float] = [0, 0.1, 0.2, 0.3]
    func drawn(_ seed: Int) -> [Int] {
      var sampler = TokenSampler(.sampled(temperature: 1, top: nil), seed: seed)
      return logits.withUnsafeBufferPointer { logits in (0..<40).map { _ in sampler.next(logits) } }
    }
    #expect(drawn(3) == drawn(3) && drawn(3) != drawn(4))
  }

  private func generated(
    _ generation: Generation
  ) throws -> (tokens: [Generation.Token], ending: Generation.Ending) {
    var tokens: [Generation.Token] = []
    let ending = try generation.plan { tokens.append($0) }.run()
    return (tokens, ending)
  }

  private struct Reference: Decodable {
    struct Case: Decodable {
      let prompt: [Int32]
      let ids: [Int32]
    }

    let models: [String: [Case]]
  }

  /// `generate(do_sample=False)`, up to the model's positions or its end token.
  @Test func continuationsAreThoseOfTransformers() throws {
    let file = FixtureFiles.folder.appending(path: "golden/generation.json")
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    #expect(reference.models.count == 14)
    for (name, cases) in reference.models {
      let model = try FamilyFixture.load(name).model
      let ends = try ModelFolder(path: FamilyFixture.folder.appending(path: name).path).endTokens()
      #expect(ends.count == 1)
      for one in cases {
        let found = try generated(
          Generation(model: model, ids: one.prompt, limit: one.ids.count, ends: ends, check: {}))
        #expect(found.tokens.map(\.id) == one.ids, "\(name) \(one.prompt)")
        let isEnded = ends.contains(one.ids[one.ids.count - 1])
        #expect(found.ending == (isEnded ? .endOfText : .length))
      }
    }
  }

  @Test func aTextEndsAsItIsSaid() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let (ids, most) = (fixture.ids[0], model.configuration.maxPositions)
    let all = try generated(Generation(model: model, ids: ids, limit: .max, check: {}))
    // The last token needs no position.
    #expect(all.ending == .positions && all.tokens.count == most - ids.count + 1)
    let few = try generated(Generation(model: model, ids: ids, limit: 4, check: {}))
    #expect(few.ending == .length && few.tokens == Array(all.tokens[..<4]))
    let end = all.tokens[3].id
    let ended = try generated(Generation(model: model, ids: ids, limit: 9, ends: [-1, end], check: {}))
    let first = try #require(all.tokens.firstIndex { $0.id == end })
    #expect(ended.ending == .endOfText && ended.tokens == Array(all.tokens[...first]))
    let full = ids + all.tokens.dropLast().map(\.id)
    let last = try generated(Generation(model: model, ids: full, limit: 5, check: {}))
    #expect(full.count == most && last.ending == .positions && last.tokens.map(\.id) == [all.tokens.last?.id])
    #expect(throws: TransformerFault.self) {
      try generated(Generation(model: model, ids: full + [1], limit: 1, check: {}))
    }
  }

  @Test func probabilitiesAreTheModels() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let ids = fixture.ids[0]
    let found = try generated(
      Generation(
        model: model, ids: ids, limit: 3, choice: .sampled(temperature: 9, top: nil), seed: 5, check: {}))
    var text = ids
    for token in found.tokens {
      let request = ForwardRequest(wordPositions: [(0, text.count - 1)])
      let logits = try #require(try model.forward(single(text), request, check: {}).wordLogits)[0]
      let expected = logits.withUnsafeBufferPointer {
        probability($0[Int(token.id)], logSumExp($0))
      }
      #expect(abs(token.probability - expected) < 1e-6)
      text.append(token.id)
    }
  }

  /// Keys and values count, and a run holds no more than was said.
  @Test func memoryIsBounded() throws {
    let (model, fixture) = try FamilyFixture.load("llama")
    let ids = fixture.ids[0]
    let c = model.configuration
    let cache = 2 * c.layers * c.keyWidth * MemoryLayout<Float>.stride
    let few = GrowingText.memory(model, length: ids.count, capacity: ids.count)
    let more = GrowingText.memory(model, length: ids.count, capacity: ids.count + 10)
    #expect(more - few >= 10 * cache)
    func plan(_ budget: Int) throws -> Plan<Generation.Ending> {
      try Generation(model: model, ids: ids, limit: 11, memoryBudget: budget, check: {}).plan { _ in }
    }
    #expect(throws: MemoryFault(needed: more, budget: more - 1)) { try plan(more - 1) }
    #expect(try plan(more).work.bytes >= more * 9 / 10)
  }

  /// A pass over the text, then for each token but the last all layers and the head once.
  @Test func workIsThatOfTheSteps() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let (ids, c) = (fixture.ids[0], model.configuration)
    func work(_ limit: Int) throws -> Work {
      try Generation(model: model, ids: ids, limit: limit, check: {}).plan { _ in }.work
    }
    let step =
      c.layersWork(tokens: 1, outputs: 1, length: ids.count + 1) + c.headWork(rows: 1, allWords: true)
    let (one, two) = (try work(1), try work(2))
    #expect(abs(two.operations - one.operations - step.operations) < 1e-6 * two.operations)
    #expect(two.layers - one.layers == step.layers && one.sequences == 1 && two.sequences == 1)
  }
}

extension Double {
  /// By its power series.
  fileprivate var exponential: Double { (0..<60).reversed().reduce(1) { 1 + self / Double($1 + 1) * $0 } }
}
