import Foundation
import Testing
import Transformers

/// Values of config.json that no model has, and that arithmetic must not meet.
@Suite struct FamilyFaultTests {
  @Test(arguments: [
    ("gpt_neox", "\"rotary_pct\": 1e300"), ("gpt_neox", "\"rotary_pct\": -1"),
    ("llama", "\"num_key_value_heads\": 3"), ("llama", "\"head_dim\": 4611686018427387904"),
    ("mistral", "\"sliding_window\": -1"), ("mistral", "\"sliding_window\": 0"),
    ("gpt_neo", "\"window_size\": -3"), ("gpt_neo", "\"attention_types\": [[[\"global\"], 1000000000000]]"),
    ("modernbert", "\"local_attention\": -8"), ("roberta", "\"pad_token_id\": 9223372036854775807"),
    ("roberta", "\"pad_token_id\": -9"), ("gpt2", "\"n_embd\": 4611686018427387904"),
    ("gemma2", "\"query_pre_attn_scalar\": 0"), ("bert", "\"num_hidden_layers\": 9223372036854775807"),
  ])
  func impossibleValuesAreRefused(_ type: String, _ field: String) throws {
    #expect(throws: TransformerFault.self) {
      try decode("{\"model_type\": \"\(type)\", \(field)}", weights: [])
    }
  }

  /// transformers takes both names.
  @Test func sizesHaveTheCommonNamesToo() throws {
    let json =
      "{\"model_type\": \"gpt2\", \"num_hidden_layers\": 24, \"num_attention_heads\": 16, \"hidden_size\": 1024}"
    let found = try decode(json, weights: [])
    #expect(found.layers == 24 && found.heads == 16 && found.hidden == 1024 && found.intermediate == 4096)
  }
}
