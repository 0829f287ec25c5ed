import Tensors

/// Lan et al., "ALBERT", ICLR 2020: layers of a group share one block.
struct Albert: FamilyDefinition {
  let modelTypes = ["albert"]
  let classPrefixes = ["Albert"]
  let prefix = "albert."
  let telling = [
    "embeddings.word_embeddings.weight",
    "encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight",
  ]
  let wordHead = "predictions.dense.weight"
  let classifier = ["albert.pooler.weight", "classifier.weight"]

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      hidden: 4096, heads: 64, intermediate: 16384, vocabulary: 30000, activation: .geluNew)
    c.statedEmbeddingSize = 128
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    try EncoderLayers.read(fields, into: &c)
    c.statedEmbeddingSize = try fields.value("embedding_size") ?? c.statedEmbeddingSize
    try fields.require("inner_group_num", 1)
    let groups: Int = try fields.value("num_hidden_groups", or: 1)
    guard (1...max(1, c.layers)).contains(groups) else {
      throw TransformerFault.invalidField(
        "num_hidden_groups", expected: "1 to \(c.layers)", found: "\(groups)")
    }
    c.statedGroups = groups
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let embeddings = try EncoderLayers.embeddings(
      weights, c,
      projection: try weights.linear(
        "encoder.embedding_hidden_mapping_in", outputs: c.hidden, inputs: c.embeddingSize))
    let count = c.statedGroups ?? 1
    let groups = try weights.blocks(count) { try block($0, weights, c) }
    let judge = try EncoderLayers.pooledClassifier(weights, c, pooler: "pooler")
    return Transformer.Parts(
      embeddings: embeddings,
      // As transformers counts: int(layer / (layers / groups)).
      blocks: (0..<c.layers).map { groups[$0 * count / c.layers] },
      language: try language(weights, c, words: embeddings.words), pooler: judge.pooler,
      classifier: judge.classifier)
  }

  private func language(
    _ weights: WeightReader, _ c: TransformerConfiguration, words: Tensor
  ) throws -> ReadoutHead? {
    guard weights.has("predictions.dense.weight") else { return nil }
    return ReadoutHead(
      transform: ReadoutHead.Transform(
        dense: try weights.linear(
          "predictions.dense", outputs: c.embeddingSize, inputs: c.hidden, isHead: true),
        activation: c.activation,
        norm: try weights.layerNorm("predictions.LayerNorm", width: c.embeddingSize, isHead: true)),
      decoder: try weights.decoder(
        "predictions.decoder.weight", words: words, c,
        biases: ["predictions.decoder.bias", "predictions.bias"]))
  }

  private func block(_ group: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let name = "encoder.albert_layer_groups.\(group).albert_layers.0"
    return try EncoderLayers.block(
      weights, c, projections: ["query", "key", "value"].map { "\(name).attention.\($0)" },
      output: "\(name).attention.dense", attentionSum: "\(name).attention.LayerNorm", up: "\(name).ffn",
      down: "\(name).ffn_output", feedForwardSum: "\(name).full_layer_layer_norm")
  }
}
