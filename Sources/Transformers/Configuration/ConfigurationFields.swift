import ExactText

/// The fields of a Hugging Face `config.json`, by their names.
struct ConfigurationFields {
  private let container: KeyedDecodingContainer<Key>

  private struct Key: CodingKey {
    let stringValue: String
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
    var intValue: Int? { nil }
  }

  init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: Key.self) }

  private init(_ container: KeyedDecodingContainer<Key>) { self.container = container }

  /// The value of `key`; nil when it is missing or null.
  func value<T: Decodable>(_ key: String) throws -> T? {
    try container.decodeIfPresent(T.self, forKey: Key(stringValue: key))
  }

  func value<T: Decodable>(_ key: String, or default: T) throws -> T { try value(key) ?? `default` }

  /// Whether the key is there, be it null.
  func mentions(_ key: String) -> Bool { container.contains(Key(stringValue: key)) }

  /// Whether there is a value that is not null.
  func has(_ key: String) throws -> Bool {
    let key = Key(stringValue: key)
    return container.contains(key) ? try !container.decodeNil(forKey: key) : false
  }

  /// The fields of an object; nil when it is missing or null.
  func object(_ key: String) throws -> ConfigurationFields? {
    guard try has(key) else { return nil }
    return ConfigurationFields(
      try container.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: key)))
  }

  /// Whether a value is an object.
  func isObject(_ key: String) -> Bool {
    (try? container.nestedContainer(keyedBy: Key.self, forKey: Key(stringValue: key))) != nil
  }

  /// Refuses a field that changes the computation into one that is not made here.
  func require<T: Decodable & Equatable>(_ key: String, _ expected: T) throws {
    guard let found: T = try value(key), found != expected else { return }
    throw TransformerFault.uncomputedField(key, found: "\(found)", computed: "\(expected)")
  }

  /// Refuses a field that is set at all.
  func requireNone(_ keys: String...) throws {
    for key in keys where try has(key) { throw TransformerFault.unsupportedWeights(key) }
  }

  func activation(_ key: String, or default: Activation) throws -> Activation {
    guard let name: String = try value(key) else { return `default` }
    guard let activation = Activation(huggingFaceName: name) else {
      throw TransformerFault.unsupportedActivation(key, name)
    }
    return activation
  }
}

// MARK: What all families have
extension ConfigurationFields {
  func architectures() throws -> [Architecture] {
    (try value("architectures") as [String]? ?? []).map(Architecture.init)
  }

  /// transformers refuses other names as well.
  func problemType() throws -> ProblemType? {
    guard let name: String = try value("problem_type") else { return nil }
    guard let type = ProblemType(named: name) else {
      throw TransformerFault.invalidField(
        "problem_type", expected: ProblemType.allCases.map(\.rawValue).joined(separator: ", "),
        found: "\"\(name)\"")
    }
    return type
  }

  /// `id2label` by its numbers, which must be 0 and up; else `num_labels` names as transformers makes them, also where
  /// the two disagree about how many there are.
  func labels() throws -> ClassLabels? {
    let count: Int? = try value("num_labels")
    if let names: NameTable<LabelName> = try value("id2label"), count == nil || count == names.count {
      let ordered = try (0..<names.count).map { index -> String in
        guard let name = names[String(index)] else {
          throw TransformerFault.invalidField(
            "id2label", expected: "a name for each of 0...\(names.count - 1)", found: "none for \(index)")
        }
        return name.text
      }
      return ClassLabels(ordered)
    }
    guard let count else { return nil }
    guard count > 0 else {
      throw TransformerFault.invalidField("num_labels", expected: "a positive number", found: "\(count)")
    }
    return ClassLabels(numbered: count)
  }

  /// Rotary embeddings as transformers reads them: `rope_parameters`, before version 5 `rope_scaling` and a base apart.
  ///
  /// - Parameters:
  ///   - kind: the kind of layer where they differ by kind: `full_attention`, `sliding_attention`
  ///   - baseKey: the older name of the base
  ///   - scales: whether an older `rope_scaling` is for this kind of layer
  func rotary(
    headSize: Int, kind: String? = nil, baseKey: String = "rope_theta", base: Double, share: Double = 1,
    shareKey: String = "partial_rotary_factor", scales: Bool = true
  ) throws -> Rotary {
    var own = try object("rope_parameters")
    if let kind, let whole = own, whole.isObject(kind) { own = try whole.object(kind) }
    let older = scales ? try object("rope_scaling") : nil
    let base = try own?.value("rope_theta") ?? value(baseKey) ?? base
    let share = try own?.value("partial_rotary_factor") ?? value(shareKey) ?? share
    guard share > 0, share <= 1 else {
      throw TransformerFault.invalidField(shareKey, expected: "a number above 0 up to 1", found: "\(share)")
    }
    let width = Int(Double(headSize) * share)
    guard width > 0, width <= headSize, width.isMultiple(of: 2) else {
      throw TransformerFault.invalidField(
        shareKey, expected: "an even part of \(headSize) components", found: "\(width)")
    }
    guard base > 0 else {
      throw TransformerFault.invalidField(baseKey, expected: "a positive number", found: "\(base)")
    }
    let scaling = try (older ?? own)?.rotaryScaling(positions: value("max_position_embeddings") ?? 0)
    return Rotary(base: base, width: width, scaling: scaling ?? .none)
  }

  private func rotaryScaling(positions: Double) throws -> Rotary.Scaling {
    let type: String = try value("rope_type") ?? value("type") ?? "default"
    func number(_ key: String) throws -> Double {
      guard let number: Double = try value(key), number > 0 else {
        throw TransformerFault.invalidField(
          "rope_scaling.\(key)", expected: "a positive number for \(type)", found: "none")
      }
      return number
    }
    switch type {
    case "default": return .none
    case "linear": return .linear(factor: try number("factor"))
    case "llama3":
      return .llama3(
        factor: try number("factor"), lowFrequency: try number("low_freq_factor"),
        highFrequency: try number("high_freq_factor"),
        originalPositions: try value("original_max_position_embeddings") ?? positions)
    default:
      throw TransformerFault.uncomputedField("rope_type", found: type, computed: "default, linear, llama3")
    }
  }

  /// A window in tokens; nil where there is none.
  func window(_ key: String, or default: Int? = nil) throws -> Int? {
    let window: Int? = mentions(key) ? try value(key) : `default`
    if let window, window <= 0 {
      throw TransformerFault.invalidField(key, expected: "a positive number", found: "\(window)")
    }
    return window
  }

  /// `layer_types` of transformers: whether each layer has a window.
  func windowedLayers(_ layers: Int, or default: (Int) -> Bool) throws -> [Bool] {
    guard let types: [String] = try value("layer_types") else { return (0..<layers).map(`default`) }
    guard types.count == layers else {
      throw TransformerFault.invalidField(
        "layer_types", expected: "one for each of \(layers) layers", found: "\(types.count)")
    }
    return try types.map { type in
      switch type {
      case "full_attention": return false
      case "sliding_attention": return true
      default:
        throw TransformerFault.uncomputedField(
          "layer_types", found: type, computed: "full_attention, sliding_attention")
      }
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
