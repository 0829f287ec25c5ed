import ExactText

/// The families of models: each has a definition in a file of its own.
public enum Family: String, Sendable, CaseIterable {
  case bert = "BERT"
  case roberta = "RoBERTa"
  case distilbert = "DistilBERT"
  case electra = "ELECTRA"
  case albert = "ALBERT"
  case modernbert = "ModernBERT"
  case gpt2 = "GPT-2"
  case gptNeo = "GPT-Neo"
  case gptNeoX = "GPT-NeoX"
  case llama = "Llama"
  case mistral = "Mistral"
  case qwen2 = "Qwen2"
  case qwen3 = "Qwen3"
  case gemma = "Gemma"
  case gemma2 = "Gemma 2"
  case gemma3 = "Gemma 3"

  var definition: any FamilyDefinition {
    switch self {
    case .bert: Bert()
    case .roberta: Roberta()
    case .distilbert: DistilBert()
    case .electra: Electra()
    case .albert: Albert()
    case .modernbert: ModernBert()
    case .gpt2: Gpt2()
    case .gptNeo: GptNeo()
    case .gptNeoX: GptNeoX()
    case .llama: Llama(.llama)
    case .mistral: Llama(.mistral)
    case .qwen2: Llama(.qwen2)
    case .qwen3: Llama(.qwen3)
    case .gemma: Gemma(.first)
    case .gemma2: Gemma(.second)
    case .gemma3: Gemma(.third)
    }
  }

  var keys: FieldKeys { definition.keys }

  /// By `model_type` of config.json.
  init?(modelType: String) {
    guard let family = Self.allCases.first(where: { $0.definition.modelTypes.contains { $0 == modelType } })
    else { return nil }
    self = family
  }

  /// By the beginning of a class name of transformers.
  init?(architecture name: String) {
    let matching = Self.allCases.flatMap { family in
      family.definition.classPrefixes.filter { name.hasPrefix($0) }.map { (family, $0.count) }
    }
    guard !Self.foreignClasses.contains(where: { name.hasPrefix($0) }),
      let longest = matching.max(by: { $0.1 < $1.1 })
    else { return nil }
    self = longest.0
  }

  /// Classes whose names begin like those of a family but are others.
  private static let foreignClasses = [
    "BertGeneration", "GPTNeoXJapanese", "Qwen2Moe", "Qwen3Moe", "Gemma3n",
  ]

  /// By the names of tensors.
  init?(weights names: NameList) {
    let matching = Self.allCases.filter { family in
      let definition = family.definition
      return definition.telling.allSatisfy { name in
        names.contains(definition.prefix + name) || names.contains(name)
      }
    }
    // The names of one family may be a part of those of another.
    let most = matching.map(\.definition.telling.count).max()
    let closest = matching.filter { $0.definition.telling.count == most }
    guard let family = closest.first else { return nil }
    // Families that share all names differ by the prefix of the model.
    self = closest.first { names.contains($0.definition.prefix + $0.definition.telling[0]) } ?? family
  }
}

/// What config.json calls the sizes.
struct FieldKeys: Sendable {
  var layers = "num_hidden_layers"
  var hidden = "hidden_size"
  var heads = "num_attention_heads"
  var intermediate = "intermediate_size"
  var positions = "max_position_embeddings"
  var epsilon = "layer_norm_eps"
}

/// What a family's files say and mean: fields of config.json, names of tensors, the block that they make.
protocol FamilyDefinition: Sendable {
  /// `model_type` in config.json.
  var modelTypes: [String] { get }
  /// How the names of its classes in transformers begin.
  var classPrefixes: [String] { get }
  /// Of the bare model's tensors in a checkpoint of a model with heads, dot included.
  var prefix: String { get }
  /// Tensors that tell the family, without the prefix.
  var telling: [String] { get }
  /// A tensor that tells of a head for words, where that is not the word embeddings.
  var wordHead: String { get }
  /// Tensors that tell of a classifier.
  var classifier: [String] { get }
  var keys: FieldKeys { get }

  /// The defaults of transformers.
  func configuration() -> TransformerConfiguration

  /// Reads what is the family's own, after the fields that all families have; refuses what is not computed.
  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts
}

extension FamilyDefinition {
  var keys: FieldKeys { FieldKeys() }
  // Those of causal models.
  var wordHead: String { "lm_head.weight" }
  var classifier: [String] { ["score.weight"] }
}
