import Tensors

/// Devlin, Chang, Lee, Toutanova, "BERT", NAACL 2019.
struct Bert: FamilyDefinition {
  let modelTypes = ["bert"]
  let classPrefixes = ["Bert"]
  let prefix = "bert."
  let telling = [
    "embeddings.word_embeddings.weight", "embeddings.position_embeddings.weight",
    "embeddings.token_type_embeddings.weight", "encoder.layer.0.attention.self.query.weight",
  ]
  let wordHead = "cls.predictions.bias"
  let classifier = ["bert.pooler.dense.weight", "classifier.weight"]

  func configuration() -> TransformerConfiguration { TransformerConfiguration() }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    try EncoderLayers.read(fields, into: &c)
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let embeddings = try EncoderLayers.embeddings(weights, c)
    let blocks = try EncoderLayers.blocks(weights, c)
    let judge = try EncoderLayers.pooledClassifier(weights, c, pooler: "pooler.dense")
    return Transformer.Parts(
      embeddings: embeddings, blocks: blocks,
      language: try language(weights, c, words: embeddings.words),
      pooler: judge.pooler, classifier: judge.classifier)
  }

  private func language(
    _ weights: WeightReader, _ c: TransformerConfiguration, words: Tensor
  ) throws -> ReadoutHead? {
    let name = "cls.predictions"
    guard weights.contains(prefix: name + ".") else { return nil }
    // As in transformers: the decoder's own bias wins where both are stored.
    return ReadoutHead(
      transform: ReadoutHead.Transform(
        dense: try weights.linear(
          "\(name).transform.dense", outputs: c.hidden, inputs: c.hidden, isHead: true),
        activation: c.activation,
        norm: try weights.layerNorm("\(name).transform.LayerNorm", width: c.hidden, isHead: true)),
      decoder: try weights.decoder(
        "\(name).decoder.weight", words: words, c, biases: ["\(name).decoder.bias", "\(name).bias"]))
  }
}
