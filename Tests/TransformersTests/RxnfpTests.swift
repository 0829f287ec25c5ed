import Transformers
import FixtureFiles
import Foundation
import Testing

/// Real checkpoints in the form before torch 1.6, of which many matrices lie transposed: logits against those of Hugging Face
/// transformers in float64 (scripts/fixtures/make-rxnfp-fixtures.py).
@Suite(.enabled(if: FixtureFiles.hasRxnfp, "rxnfp is not in the cache: scripts/fetch-rxnfp"))
struct RxnfpTests {
  private struct Expected: Decodable {
    let ids: [[Int32]]
    let mask: [[Int]]
    let positions: [[Int]]
    let logits: [[Float]]

    var batch: TokenBatch {
      TokenBatch(
        ids: ids.flatMap { $0 }, types: Array(repeating: 0, count: ids.count * ids[0].count),
        mask: mask.flatMap { $0.map { $0 == 1 } }, rows: ids.count, length: ids[0].count)
    }
  }

  private func expected(_ name: String) throws -> Expected {
    let file = FixtureFiles.folder.appending(path: "rxnfp/\(name).json")
    return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
  }

  private func expectSmall(_ found: [Float], _ expected: Expected, _ name: String) {
    var differences = Differences()
    differences.add("logits", found, expected.logits.flatMap { $0 })
    print(differences.report(name), terminator: "")
    #expect(differences.maxima["logits"] ?? .infinity <= FixtureTests.tolerance)
  }

  /// Its config.json says neither model_type nor architectures.
  @Test func maskedLanguageModel() throws {
    let (model, expected) = (try loadFixtureModel("bert_pretrained"), try expected("bert_pretrained"))
    #expect(model.hasLanguageHead && !model.hasClassifier)
    let request = ForwardRequest(wordPositions: expected.positions.map { ($0[0], $0[1]) })
    let result = try model.forward(expected.batch, request, check: {})
    expectSmall(try #require(result.wordLogits).values, expected, "bert_pretrained")
  }

  /// Its config.json counts 50 classes and names 2.
  @Test func classifier() throws {
    let (model, expected) = (try loadFixtureModel("bert_ft_10k_25s"), try expected("bert_ft_10k_25s"))
    #expect(model.configuration.labels.count == 50 && model.configuration.labels[49] == "LABEL_49")
    let result = try model.forward(expected.batch, ForwardRequest(classify: true), check: {})
    expectSmall(try #require(result.classLogits).values, expected, "bert_ft_10k_25s")
  }
}

/// Small models as they were published in 2019, in files of torch; their weights are those of `legacy-names`.
@Suite struct OldLayoutTests {
  @Test(arguments: ["bert-2019", "sharded-bin"]) func logitsAreThoseOfTheSameWeights(name: String) throws {
    let batch = TokenBatch(
      sequences: [(ids: [2, 9, 12, 4, 3], types: [0, 0, 0, 0, 0])], padToken: 0)
    let request = ForwardRequest(wordPositions: [(0, 3)])
    let expected = try loadFixtureModel("legacy-names").forward(batch, request, check: {}).wordLogits
    #expect(try loadFixtureModel(name).forward(batch, request, check: {}).wordLogits == expected)
  }
}
