/// Liu et al., "RoBERTa", 2019; CamemBERT and XLM-RoBERTa differ by their tokenizers.
///
/// Positions do not count the padding token, and begin behind its id: the rows of the position embeddings before that are not
/// used.
struct Roberta: FamilyDefinition {
  let modelTypes = ["roberta", "camembert", "xlm-roberta"]
  let classPrefixes = ["Roberta", "Camembert", "XLMRoberta"]
  let prefix = "roberta."
  let telling = [
    "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
    "embeddings.token_type_embeddings.weight", "encoder.layer.0.attention.self.query.weight",
  ]
  let wordHead = "lm_head.dense.weight"
  let classifier = ["classifier.out_proj.weight"]

  func configuration() -> TransformerConfiguration {
    TransformerConfiguration(vocabulary: 50265, padToken: 1)
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    try EncoderLayers.read(fields, into: &c)
    let padding = padding(c)
    guard 0..<c.maxPositions - 1 ~= padding else {
      throw TransformerFault.invalidField(
        "pad_token_id", expected: "less than max_position_embeddings - 1", found: "\(padding)")
    }
    c.maxPositions -= padding + 1
  }

  private func padding(_ c: TransformerConfiguration) -> Int { c.padToken ?? 1 }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let embeddings = try EncoderLayers.embeddings(weights, c, uncounted: padding(c))
    let judge = try EncoderLayers.classifier(
      weights, c, dense: "classifier.dense", output: "classifier.out_proj", activation: .tanh)
    let pooler = try EncoderLayers.pooler(weights, c, named: "pooler.dense")
    return Transformer.Parts(
      embeddings: embeddings, blocks: try EncoderLayers.blocks(weights, c),
      language: try weights.contains(prefix: "lm_head.")
        ? ReadoutHead(
          transform: ReadoutHead.Transform(
            dense: weights.linear("lm_head.dense", outputs: c.hidden, inputs: c.hidden, isHead: true),
            activation: .gelu, norm: weights.layerNorm("lm_head.layer_norm", width: c.hidden, isHead: true)),
          decoder: weights.decoder(
            "lm_head.decoder.weight", words: embeddings.words, c,
            biases: ["lm_head.decoder.bias", "lm_head.bias"])) : nil,
      pooler: judge?.pooler ?? pooler, classifier: judge?.classifier)
  }
}
