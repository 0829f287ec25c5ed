import Checkpoints
import Foundation
import Transformers

/// The model of a benchmark: one in a folder, else a random one of a family, of its usual sizes or of those that are given.
struct ModelSource {
  let folder: String?
  /// As `model_type` in config.json; nil for `bert`.
  let family: String?

  func model(_ sizes: Sizes) throws -> Transformer {
    if let folder { return try Transformer(folder: folder) }
    // GPT-2 has its own name for the width of the feed-forward branch.
    let fields = [
      "layers": ["num_hidden_layers"], "hidden": ["hidden_size"], "heads": ["num_attention_heads"],
      "key_heads": ["num_key_value_heads"], "intermediate": ["intermediate_size", "n_inner"],
      "vocabulary": ["vocab_size"],
    ]
    var config: [String: Any] = ["model_type": family ?? "bert"]
    for (size, names) in fields {
      for name in names { config[name] = sizes[size] }
    }
    let configuration = try JSONDecoder().decode(
      TransformerConfiguration.self, from: JSONSerialization.data(withJSONObject: config))
    return try Transformer.random(configuration: configuration, seed: 1, words: true, classifier: false)
  }
}
