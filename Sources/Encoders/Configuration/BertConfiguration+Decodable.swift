extension BertConfiguration: Decodable {
  private enum Key: String, CodingKey {
    case modelType = "model_type"
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
    case labelNames = "id2label"
    case labelCount = "num_labels"
  }

  /// Reads a Hugging Face `config.json`; what it leaves out has the default of `BertConfig`.
  ///
  /// - Throws: ``EncoderFault`` for a model this engine does not compute, or a field of the wrong kind.
  public init(from decoder: any Decoder) throws {
    let fields = Fields(container: try decoder.container(keyedBy: Key.self))
    try fields.requireEncoder()
    self.init()
    layers = try fields.value(.layers, "a whole number") ?? layers
    hidden = try fields.value(.hidden, "a whole number") ?? hidden
    heads = try fields.value(.heads, "a whole number") ?? heads
    intermediate = try fields.value(.intermediate, "a whole number") ?? intermediate
    vocabulary = try fields.value(.vocabulary, "a whole number") ?? vocabulary
    maxPositions = try fields.value(.maxPositions, "a whole number") ?? maxPositions
    types = try fields.value(.types, "a whole number") ?? types
    epsilon = try fields.value(.epsilon, "a number") ?? epsilon
    padToken = try fields.value(.padToken, "a whole number") ?? padToken
    activation = try fields.activation() ?? activation
    labels = try fields.labels() ?? labels
    try validate()
  }

  private struct Fields {
    let container: KeyedDecodingContainer<Key>

    /// The value of `key`; nil when it is missing or null.
    func value<T: Decodable>(_ key: Key, _ expected: String) throws -> T? {
      do {
        return try container.decodeIfPresent(T.self, forKey: key)
      } catch {  // not always a DecodingError: 7.5 for an Int is another, internal one
        throw EncoderFault.invalidField(key.rawValue, expected: expected, found: described(key))
      }
    }

    private func described(_ key: Key) -> String {
      if let text = try? container.decode(String.self, forKey: key) { return "\"\(text)\"" }
      if let flag = try? container.decode(Bool.self, forKey: key) { return "\(flag)" }
      if let number = try? container.decode(Double.self, forKey: key) { return "\(number)" }
      return "a list or an object"
    }

    func requireEncoder() throws {
      if let type: String = try value(.modelType, "a string"), type != "bert" {
        throw EncoderFault.unsupportedModel(type)
      }
      if let type: String = try value(.positionType, "a string"), type != "absolute" {
        throw EncoderFault.unsupportedPositions(type)
      }
      for key in [Key.isDecoder, .crossAttention] where try value(key, "true or false") ?? false {
        throw EncoderFault.unsupportedDecoder(key.rawValue)
      }
    }

    func activation() throws -> Activation? {
      guard let name: String = try value(.activation, "a string") else { return nil }
      guard let activation = Activation(huggingFaceName: name) else {
        throw EncoderFault.unsupportedActivation(name)
      }
      return activation
    }

    /// `id2label` by its numbers, which must be 0 and up; else `num_labels` names as HF makes them.
    func labels() throws -> [String]? {
      if let names: [String: String] = try value(.labelNames, "names by number") {
        return try (0..<names.count).map { index in
          guard let name = names[String(index)] else {
            throw EncoderFault.invalidField(
              "id2label", expected: "a name for each of 0...\(names.count - 1)", found: "none for \(index)")
          }
          return name
        }
      }
      guard let count: Int = try value(.labelCount, "a whole number") else { return nil }
      guard count > 0 else {
        throw EncoderFault.invalidField("num_labels", expected: "a positive number", found: "\(count)")
      }
      return (0..<count).map { "LABEL_\($0)" }
    }
  }
}
