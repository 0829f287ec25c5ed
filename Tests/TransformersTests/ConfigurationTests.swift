import Transformers
import Faults
import Foundation
import Testing

@Suite struct ConfigurationTests {
  private func decode(_ json: String) throws -> TransformerConfiguration {
    try JSONDecoder().decode(TransformerConfiguration.self, from: Data(json.utf8))
  }

  /// Every value differs from its default and from the others.
  @Test func everyFieldIsRead() throws {
    let found = try decode(
      """
      {"model_type": "bert", "position_embedding_type": "absolute", "is_decoder": false,
       "num_hidden_layers": 3, "hidden_size": 20, "num_attention_heads": 5, "intermediate_size": 7,
       "vocab_size": 11, "max_position_embeddings": 13, "type_vocab_size": 1, "hidden_act": "gelu_pytorch_tanh",
       "layer_norm_eps": 1e-5, "pad_token_id": 4, "id2label": {"1": "b", "0": "a", "2": 3},
       "architectures": ["BertForMaskedLM", "MyBert"]}
      """)
    let expected = TransformerConfiguration(
      layers: 3, hidden: 20, heads: 5, intermediate: 7, vocabulary: 11, maxPositions: 13, types: 1,
      activation: .geluNew, epsilon: 1e-5, padToken: 4, labels: ["a", "b", "3"],
      architectures: [Architecture(name: "BertForMaskedLM"), Architecture(name: "MyBert")])
    #expect(found == expected)
    #expect(found.headSize == 4)
  }

  @Test func whatIsLeftOutHasTheDefaultsOfBertConfig() throws {
    let found = try decode("{}")
    let expected = TransformerConfiguration(
      layers: 12, hidden: 768, heads: 12, intermediate: 3072, vocabulary: 30522, maxPositions: 512, types: 2,
      activation: .gelu, epsilon: 1e-12, padToken: 0, labels: ["LABEL_0", "LABEL_1"])
    #expect(found == expected)
    #expect(try decode("{\"num_labels\": 3}").labels == ["LABEL_0", "LABEL_1", "LABEL_2"])
  }

  @Test func nullIsNoPaddingToken() throws {
    for type in ["bert", "gemma", "llama"] {
      #expect(try decode("{\"model_type\": \"\(type)\", \"pad_token_id\": null}").padToken == nil)
      let usual = try decode("{\"model_type\": \"\(type)\"}").padToken
      #expect(usual == (type == "llama" ? nil : 0))
    }
  }

  /// As many as no memory holds: none is written out.
  @Test func labelsAreCountedBeforeTheyAreNamed() throws {
    let labels = try decode("{\"num_labels\": 4000000000000000000}").labels
    #expect(
      (labels.count, labels[3_999_999_999_999_999_999]) == (
        4 * 1_000_000_000_000_000_000, "LABEL_3999999999999999999"
      ))
  }

  @Test func moreThanTenLabelsAreOrderedByNumber() throws {
    let pairs = (0..<12).map { "\"\($0)\": \"l\($0)\"" }.shuffled().joined(separator: ", ")
    #expect(try decode("{\"id2label\": {\(pairs)}}").labels == ClassLabels((0..<12).map { "l\($0)" }))
  }

  /// As `TextClassificationPipeline.__call__` of transformers 5 chooses its function.
  @Test(
    arguments: [
      (nil, 2, .singleLabel), (nil, 1, .multiLabel), ("single_label_classification", 3, .singleLabel),
      ("multi_label_classification", 3, .multiLabel),
      ("regression", 1, .regression), ("regression", 3, .regression),
    ] as [(String?, Int, ProblemType)])
  func problemTypes(_ stated: String?, _ labels: Int, _ expected: ProblemType) throws {
    let name = stated.map { "\"\($0)\"" } ?? "null"
    #expect(try decode("{\"num_labels\": \(labels), \"problem_type\": \(name)}").problemType == expected)
  }

  /// As `PreTrainedConfig` of transformers 5 settles it.
  @Test(arguments: [
    ("{\"num_labels\": 3, \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}", ["LABEL_0", "LABEL_1", "LABEL_2"]),
    ("{\"num_labels\": 1, \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}", ["LABEL_0"]),
    ("{\"num_labels\": 2, \"id2label\": {\"0\": \"a\", \"1\": \"b\"}}", ["a", "b"]),
    ("{\"num_labels\": 3, \"id2label\": null}", ["LABEL_0", "LABEL_1", "LABEL_2"]),
    ("{\"num_labels\": 2, \"id2label\": {\"1\": \"b\"}}", ["LABEL_0", "LABEL_1"]),
    ("{\"num_labels\": null, \"id2label\": {\"0\": \"a\"}}", ["a"]),
    ("{\"label2id\": {\"x\": 0}}", ["LABEL_0", "LABEL_1"]),
  ])
  func labelsThatDisagree(_ json: String, _ expected: [String]) throws {
    #expect(Array(try decode(json).labels) == expected)
  }

  /// As transformers 2.1 wrote them in 2019.
  @Test func oldFilesSayLess() throws {
    let found = try decode(
      """
      {"finetuning_task": null, "hidden_act": "gelu", "hidden_size": 8, "is_decoder": false, "num_attention_heads": 2,
       "num_labels": 2, "output_attentions": false, "pruned_heads": {}, "torchscript": false, "vocab_size": 24}
      """)
    #expect(found.family == .bert && found.architectures.isEmpty && found.vocabulary == 24)
  }

  @Test(arguments: [
    (
      "{\"architectures\": [\"T5ForConditionalGeneration\"]}",
      "architectures names \"T5ForConditionalGeneration\", which is of no supported family: \(families)"
    ),
    (
      "{\"architectures\": [\"BertGenerationEncoder\"]}",
      "architectures names \"BertGenerationEncoder\", which is of no supported family: \(families)"
    ),
    (
      "{\"pruned_heads\": {\"0\": [1]}}",
      "pruned_heads is set, but only whole models of floating point numbers are supported"
    ),
    (
      "{\"quantization_config\": {\"load_in_8bit\": true}}",
      "quantization_config is set, but only whole models of floating point numbers are supported"
    ),
    (
      "{\"problem_type\": \"single_label_classification\", \"num_labels\": 1}",
      "problem_type: expected more than one label for single_label_classification, found 1"
    ),
    (
      "{\"problem_type\": \"ranking\"}",
      "problem_type: expected single_label_classification, multi_label_classification, regression, found \"ranking\""
    ),
    (
      "{\"model_type\": \"t5\"}",
      "model_type is \"t5\", which is none of the supported: bert, roberta, camembert, xlm-roberta, distilbert, "
        + "electra, albert, modernbert, gpt2, gpt_neo, gpt_neox, llama, mistral, qwen2, qwen3, gemma, gemma2, "
        + "gemma3_text"
    ),
    (
      "{\"position_embedding_type\": \"relative_key\"}",
      "position_embedding_type is \"relative_key\", but only \"absolute\" is supported"
    ),
    (
      "{\"is_decoder\": true}",
      "is_decoder is true, but of this family only the usual form without cross attention is supported"
    ),
    (
      "{\"add_cross_attention\": true}",
      "add_cross_attention is true, but of this family only the usual form without cross attention is supported"
    ),
    (
      "{\"hidden_act\": \"quick_gelu\"}",
      "hidden_act is \"quick_gelu\", but only gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, tanh are supported"
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
    let fault = try #require(throws: TransformerFault.self) { try decode(json) }
    #expect(fault.message == "config.json: " + message)
  }

  @Test func codesAreDistinct() {
    let faults: [TransformerFault] = [
      .unsupportedModel(""), .unsupportedArchitecture(""), .unsupportedWeights(""), .unsupportedPositions(""),
      .weightsOfNoFamily(example: nil), .classifierWithoutPooler("", isStated: true), .unsupportedDecoder(""),
      .unsupportedActivation("", ""), .uncomputedField("", found: "", computed: ""),
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

private let families = Family.allCases.map(\.rawValue).joined(separator: ", ")

private struct Captured: Decodable {
  let decoder: any Decoder

  init(from decoder: any Decoder) { self.decoder = decoder }
}

func decode(_ json: String, weights: [String]) throws -> TransformerConfiguration {
  let captured = try JSONDecoder().decode(Captured.self, from: Data(json.utf8))
  return try TransformerConfiguration(from: captured.decoder, weights: weights)
}
