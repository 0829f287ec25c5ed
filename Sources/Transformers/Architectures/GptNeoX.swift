import Tensors

/// Black et al., "GPT-NeoX-20B", 2022; Pythia. Queries, keys and values are stored head by head.
struct GptNeoX: FamilyDefinition {
  let modelTypes = ["gpt_neox"]
  let classPrefixes = ["GPTNeoX"]
  let prefix = "gpt_neox."
  let telling = ["embed_in.weight", "layers.0.attention.query_key_value.weight"]
  let wordHead = "embed_out.weight"

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      layers: 44, hidden: 6144, heads: 64, intermediate: 24576, vocabulary: 50432, maxPositions: 2048,
      types: 0, epsilon: 1e-5, padToken: nil, tiesEmbeddings: false)
    (c.blocks.masks, c.blocks.learnsPositions) = ([.causal(window: nil)], false)
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("hidden_act", or: .gelu)
    c.intermediate = try fields.value("intermediate_size", or: c.intermediate)
    c.blocks.order = try fields.value("use_parallel_residual", or: true) ? .parallel : .preNorm
    c.biases.attention = try fields.value("attention_bias", or: true)
    c.blocks.rotaries = [
      try fields.rotary(
        headSize: c.headSize, baseKey: "rotary_emb_base", base: 10_000, share: 0.25, shareKey: "rotary_pct")
    ]
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let words = try weights.words("embed_in.weight", c)
    return Transformer.Parts(
      embeddings: Embeddings(words: words),
      blocks: try weights.blocks(c.layers) { try block($0, weights, c) },
      finalNorm: try weights.layerNorm("final_layer_norm", width: c.hidden),
      language: try CausalHeads.language(weights, c, words: words, name: "embed_out"),
      classifier: try CausalHeads.classifier(weights, c))
  }

  private func block(_ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let (name, d) = ("layers.\(index)", c.hidden)
    let packed = try weights.linear(
      "\(name).attention.query_key_value", outputs: 3 * d, inputs: d, hasBias: c.biases.attention)
    return Block(
      attention: AttentionBranch(
        projection: Linear(
          weight: packed.weight.unpacked(heads: c.heads, size: c.headSize),
          bias: packed.bias.reshaped([3 * d, 1]).unpacked(heads: c.heads, size: c.headSize)
            .reshaped([3 * d])),
        heads: c.attention(index), turns: HeadTurns(rotary: c.blocks.rotary(index)),
        output: try weights.linear(
          "\(name).attention.dense", outputs: d, inputs: d, hasBias: c.biases.attention)),
      feedForward: FeedForward(
        up: try weights.linear("\(name).mlp.dense_h_to_4h", outputs: c.intermediate, inputs: d),
        activation: c.activation, isGated: false,
        down: try weights.linear("\(name).mlp.dense_4h_to_h", outputs: d, inputs: c.intermediate)),
      isParallel: c.blocks.isParallel,
      norms: Block.Norms(
        beforeAttention: try weights.layerNorm("\(name).input_layernorm", width: d),
        beforeFeedForward: try weights.layerNorm("\(name).post_attention_layernorm", width: d)))
  }
}

extension Tensor {
  /// From rows [head, (query, key, value), dh] to rows [(query, key, value), head, dh].
  fileprivate func unpacked(heads: Int, size: Int) -> Tensor {
    let columns = shape[1]
    return reshaped([heads, 3, size, columns]).permuted([1, 0, 2, 3]).reshaped([3 * heads * size, columns])
  }
}
