import Attribution
import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// Rollout and best paths against the golden cases; largest differences found: rollout 3.3e-8, path scores 1.7e-8.
@Suite struct FlowGoldenTests {
  struct Case: Decodable {
    struct Rollout: Decodable { let target_rows: [[Double]] }
    struct Paths: Decodable {
      let scores: [Double]
      let paths: [[Int]]
    }
    struct Baselines: Decodable {
      let rollout_mean: Rollout
      let rollout_max: Rollout
      let best_paths_mean_flow: Paths
      let best_paths_mean_authors: Paths
      let best_paths_max_flow: Paths
      let best_paths_max_authors: Paths

      func rollout(_ heads: HeadAggregation) -> [[Double]] {
        (heads == .mean ? rollout_mean : rollout_max).target_rows
      }

      func paths(_ heads: HeadAggregation, _ direction: PathDirection) -> Paths {
        switch (heads, direction) {
        case (.mean, .flow): best_paths_mean_flow
        case (.mean, .authors): best_paths_mean_authors
        case (.max, .flow): best_paths_max_flow
        case (.max, .authors): best_paths_max_authors
        }
      }
    }

    let ids: [Int32]
    let target: Int
    let attention_probs: [[[[Double]]]]?
    let attention_baselines: Baselines?

    /// From the golden attention itself.
    func mixing(_ heads: HeadAggregation) throws -> ContextMixing {
      let n = ids.count
      let patterns = try #require(attention_probs).map { layer in
        Tensor(shape: [layer.count, n, n], layer.joined().joined().map { Float($0) })
      }
      return ContextMixing(attention: patterns, heads: heads)
    }
  }

  private static func cases(_ name: String) throws -> [Case] {
    let file = FixtureFiles.model(name).appending(path: "expected.json")
    return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
      .filter { $0.attention_baselines != nil }
  }

  @Test(arguments: ["tiny-mlm", "tiny-cls"], HeadAggregation.allCases)
  func rollouts(_ name: String, _ heads: HeadAggregation) throws {
    let model = try model(in: FixtureFiles.model(name))
    let cases = try Self.cases(name)
    #expect(!cases.isEmpty)
    for golden in cases {
      let expected = try #require(golden.attention_baselines).rollout(heads)
      let given = try golden.mixing(heads).rollout(to: golden.target)
      let found = try analyze(model, golden, FlowOptions(method: .rollout, heads: heads))
      #expect(difference(given, expected) < 1e-6)
      #expect(difference(found.layers, expected) < 1e-6)
      #expect(found.scores == found.layers.last)
      print("golden rollout \(name) \(heads): \(difference(found.layers, expected))")
    }
  }

  @Test(arguments: ["tiny-mlm", "tiny-cls"], HeadAggregation.allCases)
  func bestPaths(_ name: String, _ heads: HeadAggregation) throws {
    let model = try model(in: FixtureFiles.model(name))
    for golden in try Self.cases(name) {
      for direction in PathDirection.allCases {
        let expected = try #require(golden.attention_baselines).paths(heads, direction)
        let given = try golden.mixing(heads).bestPaths(to: golden.target, direction: direction)
        #expect(given.map(\.nodes) == expected.paths)
        #expect(difference([given.map(\.score)], [expected.scores]) < 1e-6)
        let options = FlowOptions(method: .path, heads: heads, direction: direction)
        let found = try analyze(model, golden, options)
        #expect(found.paths.map(\.nodes) == expected.paths)
        #expect(difference([found.scores], [expected.scores]) < 1e-6)
        #expect(found.scores == found.paths.map(\.score))
        print("golden best paths \(name) \(heads): \(difference([found.scores], [expected.scores]))")
      }
    }
  }

  private func analyze(_ model: Transformer, _ golden: Case, _ options: FlowOptions) throws -> FlowAnalysis {
    let input = FlowInput(
      ids: golden.ids, types: Array(repeating: 0, count: golden.ids.count), target: golden.target)
    return try FlowAnalyzer(model: model).analyze(input, options: options, check: {})
  }
}

/// The largest difference; infinite between lists of different shapes.
func difference(_ a: [[Double]], _ b: [[Double]]) -> Double {
  guard a.map(\.count) == b.map(\.count) else { return .infinity }
  return zip(a.joined(), b.joined()).map { $0.isNaN || $1.isNaN ? .infinity : abs($0 - $1) }.max() ?? 0
}
