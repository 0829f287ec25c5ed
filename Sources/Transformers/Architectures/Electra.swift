/// Clark, Luong, Le, Manning, "ELECTRA", ICLR 2020. A generator predicts words; of a discriminator the encoder is loaded.
struct Electra: FamilyDefinition {
  let modelTypes = ["electra"]
  let classPrefixes = ["Electra"]
  let prefix = "electra."
  let telling = [
    "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
    "embeddings.token_type_embeddings.weight", "encoder.layer.0.attention.self.query.weight",
  ]
  let wordHead = "generator_predictions.dense.weight"
  let classifier = ["classifier.out_proj.weight"]

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(hidden: 256, heads: 4, intermediate: 1024)
    c.statedEmbeddingSize = 128
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    try EncoderLayers.read(fields, into: &c)
    c.statedEmbeddingSize = try fields.value("embedding_size") ?? c.statedEmbeddingSize
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let projection =
      c.embeddingSize == c.hidden
      ? nil : try weights.linear("embeddings_project", outputs: c.hidden, inputs: c.embeddingSize)
    let embeddings = try EncoderLayers.embeddings(weights, c, projection: projection)
    let judge = try EncoderLayers.classifier(
      weights, c, dense: "classifier.dense", output: "classifier.out_proj", activation: .gelu)
    return Transformer.Parts(
      embeddings: embeddings, blocks: try EncoderLayers.blocks(weights, c),
      language: try weights.contains(prefix: "generator_predictions.")
        ? ReadoutHead(
          transform: ReadoutHead.Transform(
            dense: weights.linear(
              "generator_predictions.dense", outputs: c.embeddingSize, inputs: c.hidden, isHead: true),
            activation: .gelu,
            norm: weights.layerNorm(
              "generator_predictions.LayerNorm", width: c.embeddingSize, isHead: true)),
          decoder: weights.decoder(
            "generator_lm_head.weight", words: embeddings.words, c, biases: ["generator_lm_head.bias"]))
        : nil,
      pooler: judge?.pooler, classifier: judge?.classifier)
  }
}
