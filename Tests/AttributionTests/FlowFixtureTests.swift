import Attribution
import Transformers
import FixtureFiles
import Foundation
import Testing

/// Every method against `scripts/fixtures/make-flow-fixtures.py`: transformers in float64 and networkx.
@Suite struct FlowFixtureTests {
  struct Fixture: Decodable {
    struct Case: Decodable {
      let model: String
      let ids: [Int32]
      let target: Int
      let heads: [[Int]]
      let skips: [[Int]]
      let rollout_mean: [[Double]]
      let rollout_max: [[Double]]
      let maxflow_mean: [[Double]]
      let maxflow_max: [[Double]]
      let norm: [[[Double]]]
      let norm_rollout: [[Double]]
      let zeroing: [[[Double]]]
      let zeroing_rollout: [[Double]]

      var input: FlowInput {
        let heads = heads.map { Node(layer: $0[0], component: .head($0[1])) }
        let skips = skips.map { Node(layer: $0[0], component: .skip, position: $0[1]) }
        return FlowInput(
          ids: ids, types: Array(repeating: 0, count: ids.count), target: target,
          interventions: Interventions((heads + skips).map { Replacement(node: $0, value: .zero) }))
      }

      func encoder() throws -> Transformer {
        try AttributionTests.model(in: FixtureFiles.model(model))
      }
    }

    struct Correlation: Decodable {
      let x: [Double]
      let y: [Double]
      let correlation: Double
    }

    let cases: [Case]
    let correlations: [Correlation]

    static func read() throws -> Fixture {
      let file = FixtureFiles.folder.appending(path: "attribution/flow.json")
      return try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    }
  }

  /// Largest differences found: rollout 8e-8, maximum flow 1.4e-7.
  @Test func attentionOnly() throws {
    var worst: [String: Double] = [:]
    for fixture in try Fixture.read().cases {
      let analyzer = FlowAnalyzer(model: try fixture.encoder())
      for (method, heads, expected) in [
        (FlowMethod.rollout, HeadAggregation.mean, fixture.rollout_mean),
        (.rollout, .max, fixture.rollout_max), (.maxflow, .mean, fixture.maxflow_mean),
        (.maxflow, .max, fixture.maxflow_max),
      ] {
        let found = try analyzer.analyze(
          fixture.input, options: FlowOptions(method: method, heads: heads), check: {})
        worst[method.rawValue, default: 0].raise(to: difference(found.layers, expected))
      }
    }
    #expect(worst.values.allSatisfy { $0 < 1e-6 })
    print("flow fixtures: \(worst)")
  }

  /// Largest difference found: 1.7e-7.
  @Test func norms() throws {
    var worst = 0.0
    for fixture in try Fixture.read().cases {
      let found = try FlowAnalyzer(model: fixture.encoder()).analyze(
        fixture.input, options: FlowOptions(method: .norm), check: {})
      worst.raise(to: difference(found.layers, fixture.norm_rollout))
      worst.raise(to: difference(found.rows, fixture.norm.flatMap { $0 }))
    }
    #expect(worst < 1e-6)
    print("flow fixtures: norm \(worst)")
  }

  /// Cosine distances are squares of small changes, of which Float has fewer digits. Largest difference found: 1e-6.
  @Test func valueZeroing() throws {
    var worst = 0.0
    for fixture in try Fixture.read().cases {
      let found = try FlowAnalyzer(model: fixture.encoder()).analyze(
        fixture.input, options: FlowOptions(method: .valuezeroing), check: {})
      worst.raise(to: difference(found.layers, fixture.zeroing_rollout))
      worst.raise(to: difference(found.rows, fixture.zeroing.flatMap { $0 }))
    }
    #expect(worst < 1e-5)
    print("flow fixtures: value zeroing \(worst)")
  }

  /// What is replaced matters: the ablated case differs from the intact one by far more than the tolerances.
  @Test func interventionsMatter() throws {
    let demo = try Fixture.read().cases.filter { $0.model == "demo" }
    #expect(demo.count == 2 && demo[0].heads.isEmpty && !demo[1].heads.isEmpty)
    #expect(difference(demo[0].norm_rollout, demo[1].norm_rollout) > 1e-2)
    #expect(difference(demo[0].zeroing_rollout, demo[1].zeroing_rollout) > 1e-2)
  }

  @Test func rankCorrelations() throws {
    let fixtures = try Fixture.read().correlations
    #expect(!fixtures.isEmpty)
    for fixture in fixtures {
      let found = try #require(rankCorrelation(fixture.x, fixture.y))
      #expect(abs(found - fixture.correlation) < 1e-12)
    }
    #expect(rankCorrelation([1, 1], [2, 3]) == nil)
    #expect(rankCorrelation([1], [2]) == nil)
    #expect(rankCorrelation([1, .nan], [2, 3]) == nil)
  }
}

extension Double {
  fileprivate mutating func raise(to value: Double) { self = Swift.max(self, value) }
}

extension FlowAnalysis {
  /// (L n, n).
  var rows: [[Double]] {
    let n = mixing.shape[2]
    let values = mixing.values.map { Double($0) }
    return stride(from: 0, to: values.count, by: n).map { Array(values[$0..<$0 + n]) }
  }
}
