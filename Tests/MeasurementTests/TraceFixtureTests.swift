import Checkpoints
import FixtureFiles
import Foundation
import Tensors
import Testing
import Transformers

@testable import Measurement

/// Causal traces against `scripts/fixtures/make-trace-fixtures.py`: hooks on transformers' modules in float64, state by state.
@Suite struct TraceFixtureTests {
  struct Fixture: Decodable {
    let model: String
    let ids: [Int32]
    let target: Int
    let correct: Int
    let wrong: Int
    let words: [Int]
    let window: Int
    let deviation: Double
    let noise: [[[Float]]]
    let clean: Double
    let corrupted: [Double]
    let hidden: [[[Double]]]
    let attn: [[[Double]]]
    let mlp: [[[Double]]]

    static func read() throws -> [Fixture] {
      let file = FixtureFiles.folder.appending(path: "traces/families.json")
      return try JSONDecoder().decode([Fixture].self, from: Data(contentsOf: file))
    }

    func expected(_ kind: CausalTrace.Kind) -> [[[Double]]] {
      switch kind {
      case .hidden: hidden
      case .attn: attn
      case .mlp: mlp
      }
    }

    var noiseTensor: Tensor {
      Tensor(
        shape: [noise.count, words.count, noise[0][0].count], noise.flatMap { $0.flatMap { $0 } })
    }

    func trace(_ model: Transformer, _ kind: CausalTrace.Kind, budget: Int = 1 << 30) -> CausalTrace {
      let quantity = QuantityOfInterest(terms: [
        .init(coefficient: 1, readout: .logit, output: .token(correct)),
        .init(coefficient: -1, readout: .logit, output: .token(wrong)),
      ])
      return CausalTrace(
        evaluator: Evaluator(model: model, memoryBudget: budget, check: {}),
        probe: Probe(ids: ids, types: ids.map { _ in 0 }, target: target, quantity: quantity), words: words,
        kind: kind, window: window)
    }
  }

  private struct Weights: WeightSource {
    let checkpoint: Checkpoint

    var names: [String] { checkpoint.names }
    func shape(of name: String) -> [Int]? { checkpoint.shape(of: name) }
    func tensor(named name: String) throws -> Tensor { try checkpoint.tensor(named: name) }
  }

  private static func model(_ name: String) throws -> Transformer {
    let folder = try ModelFolder(path: FixtureFiles.folder.appending(path: "families/\(name)").path)
    return try Transformer(
      configuration: try folder.decode(TransformerConfiguration.self, from: "config.json"),
      weights: Weights(checkpoint: folder.checkpoint))
  }

  private struct Found {
    var base: CausalTrace.Base?
    var restored: [[[Double]]] = []
  }

  private func run(_ trace: CausalTrace, _ noise: Tensor) throws -> Found {
    var found = Found()
    var shares: [Double] = []
    try trace.run(
      noise: noise, base: { found.base = $0 },
      finished: { layer, values in
        #expect(layer == found.restored.count)
        found.restored.append(values)
      }, progress: { shares.append($0) })
    #expect(shares.last == 1)
    return found
  }

  private func difference(_ a: [[[Double]]], _ b: [[[Double]]]) -> Double {
    zip(a.joined().joined(), b.joined().joined()).map { abs($0 - $1) }.max() ?? .nan
  }

  @Test func agreesWithHooks() throws {
    let fixtures = try Fixture.read()
    #expect(fixtures.count == 7)
    for fixture in fixtures {
      let model = try Self.model(fixture.model)
      let deviation = try TraceNoise.deviation(of: model, check: {}).run()
      #expect(abs(deviation - fixture.deviation) < 1e-6 * fixture.deviation)
      var worst = 0.0
      for kind in CausalTrace.Kind.allCases {
        let found = try run(fixture.trace(model, kind), fixture.noiseTensor)
        let (base, expected) = (try #require(found.base), fixture.expected(kind))
        worst = max(
          worst, abs(base.clean - fixture.clean), difference([[base.corrupted]], [[fixture.corrupted]]))
        #expect(found.restored.count == expected.count)
        worst = max(worst, difference(found.restored, expected))
        // The states matter: restored ones differ from corrupted ones by far more than the tolerance.
        #expect(difference(expected, expected.map { $0.map { _ in fixture.corrupted } }) > 1e-2)
      }
      #expect(worst < 5e-5, "\(fixture.model): \(worst)")
      print("trace of \(fixture.model): \(worst)")
    }
  }

  /// In a budget of few rows the same is found, and what is needed is told where there is no room at all.
  @Test func smallBudgets() throws {
    let fixture = try #require(try Fixture.read().first { $0.model == "gpt2" })
    let model = try Self.model(fixture.model)
    let whole = try run(fixture.trace(model, .mlp), fixture.noiseTensor)
    let small = try run(fixture.trace(model, .mlp, budget: 200_000), fixture.noiseTensor)
    #expect(difference(whole.restored, small.restored) < 1e-5)
    #expect(throws: (any Error).self) {
      try run(fixture.trace(model, .mlp, budget: 20_000), fixture.noiseTensor)
    }
  }

  @Test func windows() {
    let trace = { (window: Int) in
      CausalTrace(
        evaluator: EvaluationTests.evaluator(), probe: EvaluationTests.probes[0], words: [1], kind: .mlp,
        window: window)
    }
    #expect((0..<3).map { trace(1).window(around: $0) } == [0..<1, 1..<2, 2..<3])
    #expect((0..<3).map { trace(2).window(around: $0) } == [0..<1, 0..<2, 1..<3])
    #expect((0..<3).map { trace(10).window(around: $0) } == [0..<3, 0..<3, 0..<3])
  }

  /// A classifier's quantity under interventions: a state that is replaced in both runs brings nothing back.
  @Test func interventions() throws {
    var probe = EvaluationTests.probes[3]
    #expect(probe.quantity.readsLabels)
    let d = EvaluationTests.configuration.hidden
    probe.interventions = Interventions([Replacement(node: .hidden(row: 2), value: .zero)])
    let trace = CausalTrace(
      evaluator: EvaluationTests.evaluator(), probe: probe, words: [1], kind: .hidden)
    let noise = try TraceNoise.draws(2, words: 1, width: d, deviation: 1, seed: 3)
    let found = try run(trace, noise)
    let base = try #require(found.base)
    for draw in base.corrupted { #expect(abs(draw - base.clean) < 1e-5) }
  }

  /// A draw does not depend on how many there are; noise is normal, of the deviation asked for.
  @Test func noise() throws {
    let many = try TraceNoise.draws(50, words: 2, width: 501, deviation: 2, seed: 9)
    let few = try TraceNoise.draws(2, words: 2, width: 501, deviation: 2, seed: 9)
    #expect(Array(many.values.prefix(few.count)) == few.values)
    #expect(try TraceNoise.draws(2, words: 2, width: 501, deviation: 2, seed: 8).values != few.values)
    let values = many.values.map { Double($0) }
    let mean = values.reduce(0, +) / Double(values.count)
    let moments = [2, 4].map { power in
      values.map { value in (0..<power).reduce(1.0) { product, _ in product * (value - mean) } }.reduce(0, +)
        / Double(values.count)
    }
    #expect(abs(mean) < 0.05 && abs(moments[0] - 4) < 0.1 && abs(moments[1] - 48) < 3)
  }
}
