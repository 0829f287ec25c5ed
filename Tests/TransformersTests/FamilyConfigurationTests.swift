import Checkpoints
import FamilyFixtures
import Foundation
import Testing
import Transformers

/// Fields of config.json that change the computation into one that is not made here, family by family.
@Suite struct FamilyConfigurationTests {
  private func decode(_ json: String) throws -> TransformerConfiguration {
    try JSONDecoder().decode(TransformerConfiguration.self, from: Data(json.utf8))
  }

  private static let activations = "gelu, gelu_new, gelu_pytorch_tanh, relu, silu, swish, tanh"

  private static func uncomputed(_ key: String, _ found: String, _ computed: String) -> String {
    "\(key) is \(found), which changes the computation; computed here: \(computed)"
  }

  private static func decoder(_ key: String) -> String {
    "\(key) is true, but of this family only the usual form without cross attention is supported"
  }

  private static func relative(_ type: String) -> String {
    "position_embedding_type is \"\(type)\", but only \"absolute\" is supported"
  }

  private static func rotary(_ type: String) -> String {
    uncomputed("rope_type", type, "default, linear, llama3")
  }

  /// What follows `"model_type"` in the file, and what the fault says after `config.json: `.
  static let refused: [(type: String, fields: String, message: String)] = [
    ("roberta", "\"is_decoder\": true", decoder("is_decoder")),
    ("electra", "\"is_decoder\": true", decoder("is_decoder")),
    ("albert", "\"is_decoder\": true", decoder("is_decoder")),
    ("xlm-roberta", "\"position_embedding_type\": \"relative_key_query\"", relative("relative_key_query")),
    ("electra", "\"position_embedding_type\": \"relative_key\"", relative("relative_key")),
    ("albert", "\"position_embedding_type\": \"relative_key\"", relative("relative_key")),
    ("albert", "\"inner_group_num\": 2", uncomputed("inner_group_num", "2", "1")),
    ("albert", "\"num_hidden_groups\": 0", "num_hidden_groups: expected 1 to 12, found 0"),
    ("albert", "\"num_hidden_groups\": 13", "num_hidden_groups: expected 1 to 12, found 13"),
    (
      "distilbert", "\"activation\": \"mish\"",
      "activation is \"mish\", but only \(activations) are supported"
    ),
    (
      "modernbert",
      "\"architectures\": [\"ModernBertForSequenceClassification\"], \"classifier_pooling\": \"mean\"",
      uncomputed("classifier_pooling", "mean", "cls")
    ),
    (
      "modernbert", "\"hidden_activation\": \"relu6\"",
      "hidden_activation is \"relu6\", but only \(activations) are supported"
    ),
    (
      "modernbert", "\"global_attn_every_n_layers\": 0",
      "global_attn_every_n_layers: expected a positive number, found 0"
    ),
    (
      "gpt2", "\"scale_attn_by_inverse_layer_idx\": true",
      uncomputed("scale_attn_by_inverse_layer_idx", "true", "false")
    ),
    ("gpt2", "\"scale_attn_weights\": false", uncomputed("scale_attn_weights", "false", "true")),
    ("gpt2", "\"add_cross_attention\": true", decoder("add_cross_attention")),
    (
      "gpt2", "\"activation_function\": \"gelu_fast\"",
      "activation_function is \"gelu_fast\", but only \(activations) are supported"
    ),
    (
      "gpt_neo", "\"num_layers\": 2, \"attention_types\": [[[\"global\", \"strided\"], 1]]",
      uncomputed("attention_types", "strided", "global, local")
    ),
    (
      "gpt_neo", "\"num_layers\": 3, \"attention_types\": [[[\"global\", \"local\"], 1]]",
      "attention_types: expected kinds for 3 layers, found for 2"
    ),
    (
      "gpt_neox", "\"hidden_size\": 40, \"num_attention_heads\": 4, \"rotary_pct\": 0.3",
      "rotary_pct: expected an even part of 10 components, found 3"
    ),
    ("gpt_neox", "\"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 2}", rotary("dynamic")),
    ("llama", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4}", rotary("yarn")),
    (
      "llama", "\"rope_parameters\": {\"rope_type\": \"longrope\", \"rope_theta\": 500000}",
      rotary("longrope")
    ),
    (
      "llama", "\"rope_scaling\": {\"rope_type\": \"linear\"}",
      "rope_scaling.factor: expected a positive number for linear, found none"
    ),
    (
      "llama", "\"rope_scaling\": {\"rope_type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1}",
      "rope_scaling.high_freq_factor: expected a positive number for llama3, found none"
    ),
    ("llama", "\"num_key_value_heads\": 5", "num_key_value_heads: expected a divisor of 32 heads, found 5"),
    (
      "mistral", "\"quantization_config\": {\"bits\": 4}",
      "quantization_config is set, but only whole models of floating point numbers are supported"
    ),
    ("qwen2", "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4}", rotary("yarn")),
    (
      "qwen2", "\"num_hidden_layers\": 2, \"layer_types\": [\"full_attention\", \"linear_attention\"]",
      uncomputed("layer_types", "linear_attention", "full_attention, sliding_attention")
    ),
    (
      "qwen3", "\"num_hidden_layers\": 2, \"layer_types\": [\"full_attention\"]",
      "layer_types: expected one for each of 2 layers, found 1"
    ),
    (
      "qwen3",
      "\"num_hidden_layers\": 2, \"layer_types\": [\"full_attention\", \"sliding_attention\"], \"use_sliding_window\": false",
      "sliding_window: expected a number for sliding_attention, found none"
    ),
    (
      "gemma", "\"use_bidirectional_attention\": true",
      uncomputed("use_bidirectional_attention", "true", "false")
    ),
    (
      "gemma2", "\"use_bidirectional_attention\": true",
      uncomputed("use_bidirectional_attention", "true", "false")
    ),
    (
      "gemma3_text", "\"use_bidirectional_attention\": true",
      uncomputed("use_bidirectional_attention", "true", "false")
    ),
    (
      "gemma3_text", "\"num_hidden_layers\": 1, \"layer_types\": [\"chunked_attention\"]",
      uncomputed("layer_types", "chunked_attention", "full_attention, sliding_attention")
    ),
    (
      "gemma3_text",
      "\"rope_parameters\": {\"full_attention\": {\"rope_type\": \"yarn\"}, \"sliding_attention\": {\"rope_type\": \"default\"}}",
      rotary("yarn")
    ),
    (
      "gemma2", "\"hidden_activation\": \"gelu_accurate\"",
      "hidden_activation is \"gelu_accurate\", but only \(activations) are supported"
    ),
  ]

  @Test(arguments: refused.indices) func whatIsNotComputedIsRefused(_ index: Int) throws {
    let (type, fields, message) = Self.refused[index]
    let fault = try #require(throws: TransformerFault.self) {
      try decode("{\"model_type\": \"\(type)\", \(fields)}")
    }
    #expect(fault.message == "config.json: " + message)
  }

  /// A file that does not name its class: the checkpoint tells that there is a classifier, which then would read the mean.
  @Test func aClassifierThatNoClassNamesIsRefusedForItsPooling() throws {
    let checkpoint = try ModelFolder(path: FamilyFixture.folder.appending(path: "modernbert_classifier").path)
      .checkpoint
    let file = FamilyFixture.folder.appending(path: "modernbert_classifier/config.json")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacingOccurrences(of: "\"architectures\"", with: "\"architectures_before\"")
    for (pooling, isRefused) in [("cls", false), ("mean", true)] {
      let changed = text.replacingOccurrences(
        of: #""classifier_pooling": "cls""#, with: "\"classifier_pooling\": \"\(pooling)\"")
      #expect(changed.contains("\"classifier_pooling\": \"\(pooling)\""))
      let configuration = try decode(changed)
      #expect(configuration.architectures.isEmpty)
      let weights = CheckpointWeights(checkpoint: checkpoint)
      guard isRefused else {
        #expect(try Transformer(configuration: configuration, weights: weights).hasClassifier)
        continue
      }
      let fault = try #require(throws: TransformerFault.self) {
        try Transformer(configuration: configuration, weights: weights)
      }
      #expect(fault.message == "config.json: " + Self.uncomputed("classifier_pooling", "mean", "cls"))
    }
  }

  /// Pooling is read by nothing where there is no classifier.
  @Test func poolingOfOtherModelsIsNoMatter() throws {
    for name in ["ModernBertForMaskedLM", "ModernBertModel"] {
      let json =
        "{\"model_type\": \"modernbert\", \"architectures\": [\"\(name)\"], \"classifier_pooling\": \"mean\"}"
      #expect(try decode(json).family == .modernbert)
    }
  }

  /// Whatever the family: of each one of the fixtures' files with one more field.
  @Test(arguments: Family.allCases) func quantizedAndPrunedModelsAreRefused(_ family: Family) throws {
    let type = try #require(Self.modelTypes[family])
    for (field, key, reason) in [
      (
        "\"quantization_config\": {\"quant_method\": \"gptq\"}", "quantization_config",
        " is set, but only whole models"
      ),
      ("\"pruned_heads\": {\"1\": [0]}", "pruned_heads", " is set, but only whole models"),
    ] {
      let fault = try #require(throws: TransformerFault.self) {
        try decode("{\"model_type\": \"\(type)\", \(field)}")
      }
      #expect(fault.message == "config.json: \(key)\(reason) of floating point numbers are supported")
    }
    for key in ["is_encoder_decoder", "add_cross_attention"] {
      let fault = try #require(throws: TransformerFault.self) {
        try decode("{\"model_type\": \"\(type)\", \"\(key)\": true}")
      }
      #expect(fault.message == "config.json: " + Self.decoder(key))
    }
    #expect(try decode("{\"model_type\": \"\(type)\"}").family == family)
  }

  static let modelTypes: [Family: String] = [
    .bert: "bert", .roberta: "roberta", .distilbert: "distilbert", .electra: "electra", .albert: "albert",
    .modernbert: "modernbert", .gpt2: "gpt2", .gptNeo: "gpt_neo", .gptNeoX: "gpt_neox", .llama: "llama",
    .mistral: "mistral", .qwen2: "qwen2", .qwen3: "qwen3", .gemma: "gemma", .gemma2: "gemma2",
    .gemma3: "gemma3_text",
  ]
}
