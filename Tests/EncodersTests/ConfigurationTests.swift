import Encoders
import Faults
import Foundation
import Testing

@Suite struct ConfigurationTests {
  private func decode(_ json: String) throws -> BertConfiguration {
    try JSONDecoder().decode(BertConfiguration.self, from: Data(json.utf8))
  }

  /// Every value differs from its default and from the others.
  @Test func everyFieldIsRead() throws {
    let found = try decode(
      """
      {"model_type": "bert", "position_embedding_type": "absolute", "is_decoder": false,
       "num_hidden_layers": 3, "hidden_size": 20, "num_attention_heads": 5, "intermediate_size": 7,
       "vocab_size": 11, "max_position_embeddings": 13, "type_vocab_size": 1, "hidden_act": "gelu_pytorch_tanh",
       "layer_norm_eps": 1e-5, "pad_token_id": 4, "id2label": {"1": "b", "0": "a", "2": "c"}, "architectures": []}
      """)
    let expected = BertConfiguration(
      layers: 3, hidden: 20, heads: 5, intermediate: 7, vocabulary: 11, maxPositions: 13, types: 1,
      activation: .geluNew, epsilon: 1e-5, padToken: 4, labels: ["a", "b", "c"])
    #expect(found == expected)
    #expect(found.headSize == 4)
  }

  @Test func whatIsLeftOutHasTheDefaultsOfBertConfig() throws {
    let found = try decode("{\"pad_token_id\": null}")
    let expected = BertConfiguration(
      layers: 12, hidden: 768, heads: 12, intermediate: 3072, vocabulary: 30522, maxPositions: 512, types: 2,
      activation: .gelu, epsilon: 1e-12, padToken: 0, labels: ["LABEL_0", "LABEL_1"])
    #expect(found == expected)
    #expect(try decode("{\"num_labels\": 3}").labels == ["LABEL_0", "LABEL_1", "LABEL_2"])
  }

  @Test func moreThanTenLabelsAreOrderedByNumber() throws {
    let pairs = (0..<12).map { "\"\($0)\": \"l\($0)\"" }.shuffled().joined(separator: ", ")
    #expect(try decode("{\"id2label\": {\(pairs)}}").labels == (0..<12).map { "l\($0)" })
  }

  @Test(arguments: [
    ("{\"model_type\": \"roberta\"}", "model_type is \"roberta\", but only \"bert\" is supported"),
    (
      "{\"position_embedding_type\": \"relative_key\"}",
      "position_embedding_type is \"relative_key\", but only \"absolute\" is supported"
    ),
    ("{\"is_decoder\": true}", "is_decoder is true, but only encoders without cross attention are supported"),
    (
      "{\"add_cross_attention\": true}",
      "add_cross_attention is true, but only encoders without cross attention are supported"
    ),
    (
      "{\"hidden_act\": \"silu\"}",
      "hidden_act is \"silu\", but only gelu, gelu_new, gelu_pytorch_tanh, relu are supported"
    ),
    (
      "{\"hidden_size\": 100, \"num_attention_heads\": 12}",
      "hidden_size 100 is not a multiple of num_attention_heads 12"
    ),
    ("{\"num_hidden_layers\": 0}", "num_hidden_layers: expected a positive number, found 0"),
    ("{\"num_labels\": 0}", "num_labels: expected a positive number, found 0"),
    (
      "{\"id2label\": {\"0\": \"a\", \"2\": \"b\"}}",
      "id2label: expected a name for each of 0...1, found none for 1"
    ),
  ])
  func whatIsNotSupportedIsRefused(_ json: String, _ message: String) throws {
    let fault = try #require(throws: EncoderFault.self) { try decode(json) }
    #expect(fault.message == "config.json: " + message)
  }

  @Test func codesAreDistinct() {
    let faults: [EncoderFault] = [
      .unsupportedModel(""), .unsupportedPositions(""), .unsupportedDecoder(""), .unsupportedActivation(""),
      .invalidField("", expected: "", found: ""), .hiddenNotDivisible(hidden: 1, heads: 2),
      .missingTensor("", shape: [], closest: nil), .wrongShape("", expected: [], found: []),
      .vocabularyMismatch(configured: 1, found: 2), .emptyBatch(rows: 0, length: 0),
      .tooManyPositions(2, maximum: 1), .tokenOutOfVocabulary(1, row: 0, position: 0, vocabulary: 1),
      .typeOutOfRange(1, row: 0, position: 0, types: 1), .noRealToken(row: 0), .rowOutsideBatch(1, rows: 1),
      .positionOutsideRow(1, row: 0, length: 1), .missingHead(.pooler),
    ]
    #expect(Set(faults.map(\.code)).count == faults.count)
  }
}
