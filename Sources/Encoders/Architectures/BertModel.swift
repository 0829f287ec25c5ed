import ExactText
import Faults
import Tensors

/// A BERT encoder with the heads its checkpoint has, for inference.
///
/// Post-layer-norm blocks: y = LN(f(u W1) W2 + u), u = LN(attention(x) Wo + x).
public final class BertModel: Sendable {
  public let configuration: BertConfiguration
  package let embeddings: Embeddings
  package let layers: [EncoderLayer]
  package let maskedLM: MaskedLMHead?
  package let pooler: Pooler?
  package let classifier: Linear?

  public var hasMaskedLMHead: Bool { maskedLM != nil }
  public var hasPooler: Bool { pooler != nil }
  public var hasClassifier: Bool { classifier != nil }

  /// Takes the weights under Hugging Face's names, with or without `bert.` before the encoder's, layer norms
  /// also as `gamma` and `beta`. Heads are those of which the checkpoint has tensors and that the configuration does
  /// not say to be others. The MLM decoder is the
  /// word embedding unless `cls.predictions.decoder.weight` is there or the configuration unties them.
  ///
  /// - Throws: ``EncoderFault`` for a missing tensor or a wrong shape, and what `weights` throws.
  public init(configuration: BertConfiguration, weights: some WeightSource) throws {
    try configuration.validate()
    let reader = WeightReader(weights)
    guard configuration.statesModelType || !configuration.architectures.isEmpty || reader.isBERTs else {
      throw EncoderFault.weightsNotBERTs(example: reader.names.min())
    }
    self.configuration = configuration
    embeddings = try reader.embeddings(configuration)
    // Not `map`, which would reserve room for as many layers as a broken configuration may name.
    var layers: [EncoderLayer] = []
    for index in 0..<configuration.layers { layers.append(try reader.layer(index, configuration)) }
    self.layers = layers
    maskedLM = try reader.maskedLMHead(configuration, words: embeddings.words)
    let hasClassifier = configuration.classifiesSentences && reader.has("classifier.weight")
    let hasPooler = reader.hasEncoderTensor("pooler.dense.weight")
    guard hasPooler || !hasClassifier else {
      throw EncoderFault.classifierWithoutPooler(
        reader.encoderName("pooler.dense.weight"), isStated: !configuration.architectures.isEmpty)
    }
    pooler =
      hasPooler
      ? Pooler(
        dense: try reader.linear(
          "pooler.dense", outputs: configuration.hidden, inputs: configuration.hidden)) : nil
    classifier =
      hasClassifier
      ? try reader.linear(
        "classifier", outputs: configuration.labels.count, inputs: configuration.hidden, isHead: true)
      : nil
  }

  /// A model of ``RandomWeights``.
  public static func random(
    configuration: BertConfiguration, seed: UInt64, maskedLM: Bool, classifier: Bool,
    deviation: Float = 0.02
  ) throws -> BertModel {
    let weights = RandomWeights(
      configuration: configuration, seed: seed, maskedLM: maskedLM, classifier: classifier,
      deviation: deviation)
    return try BertModel(configuration: configuration, weights: weights)
  }
}

extension WeightReader {
  fileprivate func embeddings(_ c: BertConfiguration) throws -> Embeddings {
    let words = "embeddings.word_embeddings.weight"
    if let shape = encoderShape(words), shape.count == 2, shape[0] != c.vocabulary {
      throw EncoderFault.vocabularyMismatch(configured: c.vocabulary, found: shape[0])
    }
    return Embeddings(
      words: try encoder(words, [c.vocabulary, c.hidden]),
      positions: try encoder("embeddings.position_embeddings.weight", [c.maxPositions, c.hidden]),
      types: try encoder("embeddings.token_type_embeddings.weight", [c.types, c.hidden]),
      norm: try layerNorm("embeddings.LayerNorm", width: c.hidden, epsilon: c.epsilon))
  }

  fileprivate func layer(_ index: Int, _ c: BertConfiguration) throws -> EncoderLayer {
    let name = "encoder.layer.\(index)"
    let parts = try ["query", "key", "value"].map {
      try linear("\(name).attention.self.\($0)", outputs: c.hidden, inputs: c.hidden)
    }
    return EncoderLayer(
      qkv: try Linear(stacking: parts), attention: Attention(heads: c.heads, headSize: c.headSize),
      output: try linear("\(name).attention.output.dense", outputs: c.hidden, inputs: c.hidden),
      attentionNorm: try layerNorm(
        "\(name).attention.output.LayerNorm", width: c.hidden, epsilon: c.epsilon),
      up: try linear("\(name).intermediate.dense", outputs: c.intermediate, inputs: c.hidden),
      activation: c.activation,
      down: try linear("\(name).output.dense", outputs: c.hidden, inputs: c.intermediate),
      outputNorm: try layerNorm("\(name).output.LayerNorm", width: c.hidden, epsilon: c.epsilon))
  }

  fileprivate func maskedLMHead(_ c: BertConfiguration, words: Tensor) throws -> MaskedLMHead? {
    let name = "cls.predictions"
    guard contains(prefix: name + ".") else { return nil }
    let isTied = c.tiesEmbeddings && !has("\(name).decoder.weight")
    // As in transformers: the decoder's own bias wins where both are stored.
    let decoderBias = has("\(name).decoder.bias")
    return MaskedLMHead(
      transform: try linear("\(name).transform.dense", outputs: c.hidden, inputs: c.hidden, isHead: true),
      activation: c.activation,
      norm: try layerNorm(
        "\(name).transform.LayerNorm", width: c.hidden, epsilon: c.epsilon, isHead: true),
      decoder: Linear(
        weight: isTied ? words : try tensor("\(name).decoder.weight", [c.vocabulary, c.hidden]),
        bias: try tensor(decoderBias ? "\(name).decoder.bias" : "\(name).bias", [c.vocabulary])))
  }
}

extension Linear {
  /// One layer whose outputs are those of `parts`, one after another.
  fileprivate init(stacking parts: [Linear]) throws {
    weight = try Tensor(concatenating: parts.map(\.weight))
    bias = try Tensor(concatenating: parts.map(\.bias))
  }
}

extension Tensor {
  /// `parts`, which differ in their first dimension only, one after another.
  fileprivate init(concatenating parts: [Tensor]) throws {
    let rows = parts.reduce(0) { $0 + $1.shape[0] }
    try self.init(shape: [rows] + parts[0].shape.dropFirst()) { target in
      var start = 0
      for part in parts {
        try part.withUnsafeBufferPointer { source in
          try source.indices.forEachPart { start = target[start...].update(fromContentsOf: source[$0]) }
        }
      }
    }
  }
}
