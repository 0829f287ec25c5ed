import Tensors

/// Radford et al., "Language Models are Unsupervised Multitask Learners" (GPT-2), 2019. Weights are stored as (inputs, outputs).
struct Gpt2: FamilyDefinition {
  let modelTypes = ["gpt2"]
  let classPrefixes = ["GPT2"]
  let prefix = "transformer."
  let telling = ["wte.weight", "h.0.attn.c_attn.weight"]
  let keys = FieldKeys(
    layers: "n_layer", hidden: "n_embd", heads: "n_head", intermediate: "n_inner", positions: "n_positions",
    epsilon: "layer_norm_epsilon")

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      vocabulary: 50257, maxPositions: 1024, types: 0, activation: .geluNew, epsilon: 1e-5, padToken: nil)
    (c.blocks.order, c.blocks.masks) = (.preNorm, [.causal(window: nil)])
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("activation_function", or: .geluNew)
    c.intermediate = try fields.value("n_inner") ?? 4 * c.hidden
    try fields.require("scale_attn_weights", true)
    try fields.require("scale_attn_by_inverse_layer_idx", false)
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    try CausalHeads.parts(weights, c) { try block($0, weights, c) }
  }

  private func block(_ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let (name, d) = ("h.\(index)", c.hidden)
    func linear(_ part: String, _ outputs: Int, _ inputs: Int) throws -> Linear {
      try weights.linear("\(name).\(part)", outputs: outputs, inputs: inputs, isTransposed: true)
    }
    return Block(
      attention: AttentionBranch(
        projection: try linear("attn.c_attn", 3 * d, d), heads: c.attention(index),
        output: try linear("attn.c_proj", d, d)),
      feedForward: FeedForward(
        up: try linear("mlp.c_fc", c.intermediate, d), activation: c.activation, isGated: false,
        down: try linear("mlp.c_proj", d, c.intermediate)),
      norms: Block.Norms(
        beforeAttention: try weights.layerNorm("\(name).ln_1", width: d),
        beforeFeedForward: try weights.layerNorm("\(name).ln_2", width: d)))
  }
}

/// The heads of causal models: the next word, and a class read at the last token.
enum CausalHeads {
  /// What GPT-2 and GPT-Neo have under the same names around their blocks.
  static func parts(
    _ weights: WeightReader, _ c: TransformerConfiguration, block: (Int) throws -> Block
  ) throws -> Transformer.Parts {
    let words = try weights.words("wte.weight", c)
    return Transformer.Parts(
      embeddings: Embeddings(
        words: words, positions: try weights.model("wpe.weight", [c.maxPositions, c.hidden])),
      blocks: try weights.blocks(c.layers, block),
      finalNorm: try weights.layerNorm("ln_f", width: c.hidden),
      language: try language(weights, c, words: words), classifier: try classifier(weights, c))
  }

  /// Tied heads are not saved, so a checkpoint of the bare model would look as if it had one; its `architectures` tell.
  static func language(
    _ weights: WeightReader, _ c: TransformerConfiguration, words: Tensor, name: String = "lm_head"
  ) throws -> ReadoutHead? {
    let isStated = c.architectures.contains { $0.head == .words }
    guard weights.has("\(name).weight") || isStated || (c.architectures.isEmpty && c.tiesEmbeddings) else {
      return nil
    }
    return ReadoutHead(
      decoder: try weights.decoder("\(name).weight", words: words, c), cap: c.blocks.logitCap)
  }

  static func classifier(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Linear? {
    guard c.classifiesSentences, weights.has("score.weight") else { return nil }
    return try weights.linear(
      "score", outputs: c.labels.count, inputs: c.hidden, hasBias: false, isHead: true)
  }
}

extension TransformerConfiguration {
  /// The heads of a layer.
  func attention(_ layer: Int) -> Attention {
    Attention(
      heads: heads, keyHeads: keyHeads, headSize: headSize, scale: blocks.scale, cap: blocks.scoreCap,
      mask: blocks.mask(layer))
  }
}
