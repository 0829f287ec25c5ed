import Checkpoints
import ExactText
import FamilyFixtures
import FixtureFiles
import Foundation
import Tensors
import Testing
import Transformers

/// Texts that hold the padding token as one of their own, as transformers reads them: scripts/fixtures/make-padding-fixtures.py.
@Suite struct PaddingTokenTests {
  struct Case: Decodable {
    let ids: [Int32]
    let class_logits: [Float]?
    let logits: [Float]?
  }

  @Test(arguments: ["gpt2_classifier", "llama_classifier", "roberta_classifier", "roberta"])
  func outputsAgree(_ name: String) throws { try expectAgreement(FamilyFixture.load(name).model, name) }

  /// Without a padding token the last token is read, whatever it is.
  @Test(arguments: ["gpt2_classifier", "llama_classifier"])
  func outputsAgreeWithoutPaddingToken(_ name: String) throws {
    let path = FamilyFixture.folder.appending(path: name)
    var config = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: path.appending(path: "config.json")))
        as? [String: Any])
    config["pad_token_id"] = NSNull()
    let configuration = try JSONDecoder().decode(
      TransformerConfiguration.self, from: JSONSerialization.data(withJSONObject: config))
    let weights = CheckpointWeights(checkpoint: try ModelFolder(path: path.path).checkpoint)
    try expectAgreement(Transformer(configuration: configuration, weights: weights), "\(name): null")
  }

  private func expectAgreement(_ model: Transformer, _ name: String) throws {
    let file = FamilyFixture.folder.appending(path: "padding.json")
    let all = try JSONDecoder().decode([String: [Case]].self, from: Data(contentsOf: file))
    let cases = try #require(all[name])
    #expect(cases.count == 8)
    var worst = 0.0
    for one in cases {
      let positions = one.logits == nil ? [] : one.ids.indices.map { (row: 0, position: $0) }
      let found = try model.forward(
        single(one.ids), ForwardRequest(wordPositions: positions, classify: one.class_logits != nil),
        check: {})
      let expected = try #require(one.class_logits ?? one.logits)
      let tensor = try #require(found.classLogits ?? found.wordLogits)
      worst = max(worst, relativeDifference(tensor, Tensor(shape: tensor.shape, expected)))
    }
    print("padding tokens in texts, \(name): \(worst)")
    #expect(worst <= 5e-5)
  }

  /// Sentences that are filled up give what they give alone, also when they end with the padding token themselves.
  @Test(arguments: ["llama_classifier", "roberta_classifier"], Side.allCases)
  func fillingChangesNothing(_ name: String, _ side: Side) throws {
    let model = try FamilyFixture.load(name).model
    let filling = model.configuration.fillingToken
    let texts: [[Int32]] = [[7, 9, Int32(filling)], [5, 6, 8, 4, 10], [Int32(filling), 7]]
    let request = ForwardRequest(classify: true)
    let together = try model.forward(padded(texts, side, with: filling), request, check: {})
    for (row, text) in texts.enumerated() {
      let alone = try model.forward(single(text), request, check: {})
      let logits = try #require(alone.classLogits)
      #expect(relativeDifference(together.classLogits?[row], logits[0]) <= 1e-5)
    }
  }
}
