import ExactText

extension BertConfiguration: Decodable {
  private enum Key: String, CodingKey {
    case modelType = "model_type"
    case architectures
    case prunedHeads = "pruned_heads"
    case quantization = "quantization_config"
    case positionType = "position_embedding_type"
    case isDecoder = "is_decoder"
    case crossAttention = "add_cross_attention"
    case layers = "num_hidden_layers"
    case hidden = "hidden_size"
    case heads = "num_attention_heads"
    case intermediate = "intermediate_size"
    case vocabulary = "vocab_size"
    case maxPositions = "max_position_embeddings"
    case types = "type_vocab_size"
    case activation = "hidden_act"
    case epsilon = "layer_norm_eps"
    case padToken = "pad_token_id"
    case tiesEmbeddings = "tie_word_embeddings"
    case labelNames = "id2label"
    case labelCount = "num_labels"
    case problemType = "problem_type"
  }

  /// Reads a Hugging Face `config.json`; what it leaves out has the default of `BertConfig`.
  ///
  /// - Throws: ``EncoderFault`` for a model this engine does not compute; the decoder's own error for a field of
  ///   the wrong kind.
  public init(from decoder: any Decoder) throws {
    let fields = Fields(container: try decoder.container(keyedBy: Key.self))
    try fields.requireEncoder()
    self.init()
    statesModelType = try fields.value(.modelType) as String? != nil
    architectures = try fields.architectures()
    layers = try fields.value(.layers) ?? layers
    hidden = try fields.value(.hidden) ?? hidden
    heads = try fields.value(.heads) ?? heads
    intermediate = try fields.value(.intermediate) ?? intermediate
    vocabulary = try fields.value(.vocabulary) ?? vocabulary
    maxPositions = try fields.value(.maxPositions) ?? maxPositions
    types = try fields.value(.types) ?? types
    epsilon = try fields.value(.epsilon) ?? epsilon
    padToken = try fields.value(.padToken) ?? padToken
    tiesEmbeddings = try fields.value(.tiesEmbeddings) ?? tiesEmbeddings
    activation = try fields.activation() ?? activation
    labels = try fields.labels() ?? labels
    statedProblemType = try fields.problemType()
    try validate()
  }

  private struct Fields {
    let container: KeyedDecodingContainer<Key>

    /// The value of `key`; nil when it is missing or null.
    func value<T: Decodable>(_ key: Key) throws -> T? {
      try container.decodeIfPresent(T.self, forKey: key)
    }

    func requireEncoder() throws {
      try requireBERT()
      if let type: String = try value(.positionType), type != "absolute" {
        throw EncoderFault.unsupportedPositions(type)
      }
      for key in [Key.isDecoder, .crossAttention] where try value(key) ?? false {
        throw EncoderFault.unsupportedDecoder(key.rawValue)
      }
      if let pruned: NameTable<[Int]> = try value(.prunedHeads), !pruned.isEmpty {
        throw EncoderFault.unsupportedWeights(Key.prunedHeads.rawValue)
      }
      if container.contains(.quantization), try !container.decodeNil(forKey: .quantization) {
        throw EncoderFault.unsupportedWeights(Key.quantization.rawValue)
      }
    }

    private func requireBERT() throws {
      if let type: String = try value(.modelType) {
        guard type == "bert" else { throw EncoderFault.unsupportedModel(type) }
      } else if let first = try architectures().first, try !architectures().contains(where: \.isBERTs) {
        throw EncoderFault.unsupportedArchitecture(first.name)
      }
    }

    func architectures() throws -> [Architecture] {
      try (value(.architectures) as [String]? ?? []).map(Architecture.init)
    }

    func activation() throws -> Activation? {
      guard let name: String = try value(.activation) else { return nil }
      guard let activation = Activation(huggingFaceName: name) else {
        throw EncoderFault.unsupportedActivation(name)
      }
      return activation
    }

    /// transformers refuses other names as well.
    func problemType() throws -> ProblemType? {
      guard let name: String = try value(.problemType) else { return nil }
      guard let type = ProblemType(named: name) else {
        throw EncoderFault.invalidField(
          "problem_type", expected: ProblemType.allCases.map(\.rawValue).joined(separator: ", "),
          found: "\"\(name)\"")
      }
      return type
    }

    /// `id2label` by its numbers, which must be 0 and up; else `num_labels` names as transformers makes them, also where
    /// the two disagree about how many there are.
    func labels() throws -> ClassLabels? {
      let count: Int? = try value(.labelCount)
      if let names: NameTable<LabelName> = try value(.labelNames), count == nil || count == names.count {
        let ordered = try (0..<names.count).map { index -> String in
          guard let name = names[String(index)] else {
            throw EncoderFault.invalidField(
              "id2label", expected: "a name for each of 0...\(names.count - 1)", found: "none for \(index)")
          }
          return name.text
        }
        return ClassLabels(ordered)
      }
      guard let count else { return nil }
      guard count > 0 else {
        throw EncoderFault.invalidField("num_labels", expected: "a positive number", found: "\(count)")
      }
      return ClassLabels(numbered: count)
    }
  }
}

/// A class name, which some write as a number.
private struct LabelName: Decodable {
  let text: String

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Int.self) {
      text = "\(number)"
    } else {
      text = try container.decode(String.self)
    }
  }
}
