/// Sanh, Debut, Chaumond, Wolf, "DistilBERT", 2019.
struct DistilBert: FamilyDefinition {
  let modelTypes = ["distilbert"]
  let classPrefixes = ["DistilBert"]
  let prefix = "distilbert."
  let telling = ["embeddings.word_embeddings.weight", "transformer.layer.0.attention.q_lin.weight"]
  let wordHead = "vocab_transform.weight"
  let classifier = ["classifier.weight"]
  let keys = FieldKeys(layers: "n_layers", hidden: "dim", heads: "n_heads", intermediate: "hidden_dim")

  func configuration() -> TransformerConfiguration {
    TransformerConfiguration(layers: 6, types: 0)
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("activation", or: .gelu)
    c.intermediate = try fields.value("hidden_dim", or: c.intermediate)
    // Not a field of this family's configuration.
    c.epsilon = 1e-12
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let embeddings = Embeddings(
      words: try weights.words("embeddings.word_embeddings.weight", c),
      positions: try weights.model(
        "embeddings.position_embeddings.weight", [c.maxPositions, c.hidden]),
      norm: try weights.layerNorm("embeddings.LayerNorm", width: c.hidden))
    let judge = try EncoderLayers.classifier(
      weights, c, dense: "pre_classifier", output: "classifier", activation: .relu)
    return Transformer.Parts(
      embeddings: embeddings, blocks: try weights.blocks(c.layers) { try block($0, weights, c) },
      language: try weights.contains(prefix: "vocab_transform.")
        ? ReadoutHead(
          transform: ReadoutHead.Transform(
            dense: weights.linear("vocab_transform", outputs: c.hidden, inputs: c.hidden, isHead: true),
            activation: c.activation,
            norm: weights.layerNorm("vocab_layer_norm", width: c.hidden, isHead: true)),
          decoder: weights.decoder(
            "vocab_projector.weight", words: embeddings.words, c, biases: ["vocab_projector.bias"])) : nil,
      pooler: judge?.pooler, classifier: judge?.classifier)
  }

  private func block(_ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let name = "transformer.layer.\(index)"
    return try EncoderLayers.block(
      weights, c, projections: ["q_lin", "k_lin", "v_lin"].map { "\(name).attention.\($0)" },
      output: "\(name).attention.out_lin", attentionSum: "\(name).sa_layer_norm", up: "\(name).ffn.lin1",
      down: "\(name).ffn.lin2", feedForwardSum: "\(name).output_layer_norm")
  }
}
