import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// Our forward pass against the golden cases, which an independent float64 program computed.
@Suite struct FixtureGoldenTests {
  struct Case: Decodable {
    let text: String
    let ids: [Int32]
    let mask: [Int]
    let target: Int
    /// Word ids, or classes.
    let pair: [Int]
    let logits: [Float]
    let logp: [Float]
    /// [L+1][T] and [L][T][A]: sums over the components.
    let hidden_sum: [[Float]]
    let head_sum: [[[Float]]]
    /// [L][A][T][T]
    let attention_probs: [[[[Float]]]]?

    var batch: TokenBatch {
      TokenBatch(
        ids: ids, types: ids.map { _ in 0 }, mask: mask.map { $0 == 1 }, rows: 1, length: ids.count)
    }
  }

  @Test(arguments: ["tiny-mlm", "tiny-cls"]) func forwardPass(of name: String) throws {
    let model = try loadFixtureModel(name)
    let file = FixtureFiles.model(name).appendingPathComponent("expected.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    var differences = Differences()
    for golden in cases { try compare(model, golden, &differences) }
    print(differences.report("golden-\(name)"), terminator: "")
    for (kind, difference) in differences.maxima.sorted(by: { $0.key < $1.key }) {
      #expect(difference <= FixtureTests.tolerance, "\(name) \(kind) differs by \(difference)")
    }
    #expect(Set(differences.maxima.keys) == ["attention_probs", "head_sum", "hidden_sum", "logits", "logp"])
  }

  private func compare(_ model: Transformer, _ golden: Case, _ differences: inout Differences) throws {
    let result = try model.forward(golden.batch, request(model, golden)) {}
    let logits = try #require(model.hasClassifier ? result.classLogits : result.wordLogits)[0].values
    let logSum = log(logits.reduce(0.0) { $0 + exp(Double($1)) })
    differences.add("logits", golden.pair.map { logits[$0] }, golden.logits)
    differences.add("logp", golden.pair.map { Float(Double(logits[$0]) - logSum) }, golden.logp)

    let last = model.configuration.layers
    for (index, expected) in golden.hidden_sum.enumerated() {
      let site = index < last ? Site(.residPre, layer: index) : Site(.residPost, layer: last - 1)
      differences.add("hidden_sum", try sums(result, site), expected)
    }
    for (layer, expected) in golden.head_sum.enumerated() {
      differences.add("head_sum", try sums(result, Site(.z, layer: layer)), expected.flatMap { $0 })
    }
    for (layer, expected) in (golden.attention_probs ?? []).enumerated() {
      let found = try #require(result.activations[Site(.pattern, layer: layer)])
      let probabilities = expected.flatMap { head in head.flatMap { row in row } }
      differences.add("attention_probs", found.values, probabilities)
    }
  }

  private func request(_ model: Transformer, _ golden: Case) -> ForwardRequest {
    let layers = 0..<model.configuration.layers
    let sites = layers.flatMap { layer in
      [
        Site(.residPre, layer: layer), Site(.residPost, layer: layer), Site(.z, layer: layer),
        Site(.pattern, layer: layer),
      ]
    }
    return ForwardRequest(
      capture: Set(sites), wordPositions: model.hasLanguageHead ? [(0, golden.target)] : [],
      classify: model.hasClassifier)
  }

  /// Sums over the last dimension.
  private func sums(_ result: ForwardResult, _ site: Site) throws -> [Float] {
    let tensor = try #require(result.activations[site])
    let width = tensor.shape[tensor.rank - 1]
    let values = tensor.values
    return stride(from: 0, to: values.count, by: width).map { start in
      Float(values[start..<start + width].reduce(0.0) { $0 + Double($1) })
    }
  }
}
