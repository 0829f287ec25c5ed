import ExactText
import Tensors

/// What BERT, RoBERTa and ELECTRA have under the same names.
enum EncoderLayers {
  static func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    if let type: String = try fields.value("position_embedding_type"), type != "absolute" {
      throw TransformerFault.unsupportedPositions(type)
    }
    if try fields.value("is_decoder") ?? false { throw TransformerFault.unsupportedDecoder("is_decoder") }
    c.types = try fields.value("type_vocab_size", or: c.types)
    guard c.types > 0 else {
      throw TransformerFault.invalidField(
        "type_vocab_size", expected: "a positive number", found: "\(c.types)")
    }
    c.activation = try fields.activation("hidden_act", or: c.activation)
    c.intermediate = try fields.value("intermediate_size", or: c.intermediate)
  }

  /// - Parameter uncounted: the token that positions do not count; its id is its row of the position embeddings, and the next
  ///   row is that of a text's first position
  static func embeddings(
    _ weights: WeightReader, _ c: TransformerConfiguration, uncounted: Int? = nil,
    projection: Linear? = nil
  ) throws -> Embeddings {
    let end = uncounted.map { $0 + 1 + c.maxPositions } ?? c.maxPositions
    let words = try weights.words("embeddings.word_embeddings.weight", c)
    let positions = try weights.model(
      "embeddings.position_embeddings.weight", [end, c.embeddingSize])
    return Embeddings(
      words: words,
      positions: try uncounted.map { try positions.sliced([.range($0..<end)]) } ?? positions,
      uncounted: uncounted.map(Int32.init),
      types: try weights.model("embeddings.token_type_embeddings.weight", [c.types, c.embeddingSize]),
      norm: try weights.layerNorm("embeddings.LayerNorm", width: c.embeddingSize), projection: projection)
  }

  static func blocks(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> [Block] {
    try weights.blocks(c.layers) { index in
      let name = "encoder.layer.\(index)"
      return try block(
        weights, c, projections: ["query", "key", "value"].map { "\(name).attention.self.\($0)" },
        output: "\(name).attention.output.dense", attentionSum: "\(name).attention.output.LayerNorm",
        up: "\(name).intermediate.dense", down: "\(name).output.dense",
        feedForwardSum: "\(name).output.LayerNorm")
    }
  }

  /// A post-norm block by the names of its layers and norms.
  static func block(
    _ weights: WeightReader, _ c: TransformerConfiguration, projections: [String], output: String,
    attentionSum: String, up: String, down: String, feedForwardSum: String
  ) throws -> Block {
    Block(
      attention: AttentionBranch(
        projection: try weights.stacked(projections.map { ($0, c.hidden) }, inputs: c.hidden),
        heads: c.attention(0), output: try weights.linear(output, outputs: c.hidden, inputs: c.hidden)),
      feedForward: FeedForward(
        up: try weights.linear(up, outputs: c.intermediate, inputs: c.hidden), activation: c.activation,
        isGated: false, down: try weights.linear(down, outputs: c.hidden, inputs: c.intermediate)),
      norms: Block.Norms(
        attentionSum: try weights.layerNorm(attentionSum, width: c.hidden),
        feedForwardSum: try weights.layerNorm(feedForwardSum, width: c.hidden)))
  }

  /// The pooler of the first token, with tanh; nil where the checkpoint has none.
  static func pooler(
    _ weights: WeightReader, _ c: TransformerConfiguration, named name: String
  ) throws -> ReadoutHead.Transform? {
    guard weights.modelHas("\(name).weight") else { return nil }
    return ReadoutHead.Transform(
      dense: try weights.linear(name, outputs: c.hidden, inputs: c.hidden), activation: .tanh)
  }

  /// A pooler and the classifier that reads what it gives, each where the checkpoint has one.
  ///
  /// - Throws: ``TransformerFault`` for a classifier without a pooler.
  static func pooledClassifier(
    _ weights: WeightReader, _ c: TransformerConfiguration, pooler name: String
  ) throws -> (pooler: ReadoutHead.Transform?, classifier: Linear?) {
    let pooler = try pooler(weights, c, named: name)
    guard c.classifiesSentences, weights.has("classifier.weight") else { return (pooler, nil) }
    guard pooler != nil else {
      throw TransformerFault.classifierWithoutPooler(
        weights.modelName("\(name).weight"), isStated: !c.architectures.isEmpty)
    }
    return (
      pooler, try weights.linear("classifier", outputs: c.labels.count, inputs: c.hidden, isHead: true)
    )
  }

  /// A classifier of two layers, which reads the first token.
  static func classifier(
    _ weights: WeightReader, _ c: TransformerConfiguration, dense: String, output: String,
    activation: Activation
  ) throws -> (pooler: ReadoutHead.Transform, classifier: Linear)? {
    guard c.classifiesSentences, weights.has("\(output).weight") else { return nil }
    return (
      ReadoutHead.Transform(
        dense: try weights.linear(dense, outputs: c.hidden, inputs: c.hidden, isHead: true),
        activation: activation),
      try weights.linear(output, outputs: c.labels.count, inputs: c.hidden, isHead: true)
    )
  }
}
