import ExactText

extension TransformerConfiguration: Decodable {
  public init(from decoder: any Decoder) throws { try self.init(from: decoder, weights: []) }

  /// Reads a Hugging Face `config.json`; what it leaves out has the default of the family's configuration class.
  ///
  /// - Parameter names: of the checkpoint's tensors, which tell the family where the file does not.
  /// - Throws: ``TransformerFault`` for a model this engine does not compute; the decoder's own error for a field of
  ///   the wrong kind.
  public init(from decoder: any Decoder, weights names: [String]) throws {
    let fields = try ConfigurationFields(decoder)
    let architectures = try fields.architectures()
    let family = try Self.family(fields, architectures, names)
    try Self.refuseUncomputed(fields)
    self = family.definition.configuration()
    self.family = family
    self.architectures = architectures
    // By the family's own names, else by those that transformers has for all.
    let (keys, common) = (family.keys, FieldKeys())
    layers = try fields.value(keys.layers) ?? fields.value(common.layers) ?? layers
    hidden = try fields.value(keys.hidden) ?? fields.value(common.hidden) ?? hidden
    heads = try fields.value(keys.heads) ?? fields.value(common.heads) ?? heads
    vocabulary = try fields.value("vocab_size", or: vocabulary)
    maxPositions = try fields.value(keys.positions) ?? fields.value(common.positions) ?? maxPositions
    epsilon = try fields.value(keys.epsilon, or: epsilon)
    // null says that there is none, whatever the default.
    if fields.mentions("pad_token_id") { padToken = try fields.value("pad_token_id") }
    tiesEmbeddings = try fields.value("tie_word_embeddings", or: tiesEmbeddings)
    labels = try fields.labels() ?? labels
    statedProblemType = try fields.problemType()
    try validateSizes()
    try family.definition.read(fields, into: &self)
    try validate()
  }

  private static func refuseUncomputed(_ fields: ConfigurationFields) throws {
    try fields.requireNone("quantization_config")
    if let pruned: NameTable<[Int]> = try fields.value("pruned_heads"), !pruned.isEmpty {
      throw TransformerFault.unsupportedWeights("pruned_heads")
    }
    for key in ["add_cross_attention", "is_encoder_decoder"] where try fields.value(key) ?? false {
      throw TransformerFault.unsupportedDecoder(key)
    }
  }

  /// By `model_type`, else by what `architectures` names, else (2019) by the weights.
  private static func family(
    _ fields: ConfigurationFields, _ architectures: [Architecture], _ names: [String]
  ) throws -> Family {
    if let type: String = try fields.value("model_type") {
      guard let family = Family(modelType: type) else { throw TransformerFault.unsupportedModel(type) }
      return family
    }
    if let first = architectures.first {
      guard let family = architectures.lazy.compactMap({ Family(architecture: $0.name) }).first else {
        throw TransformerFault.unsupportedArchitecture(first.name)
      }
      return family
    }
    guard !names.isEmpty else { return .bert }
    guard let family = Family(weights: NameList(names)) else {
      throw TransformerFault.weightsOfNoFamily(example: names.min())
    }
    return family
  }
}
