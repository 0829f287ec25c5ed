import ExactText

/// Gemma Team, "Gemma", 2024; "Gemma 2", 2024; "Gemma 3" (text), 2025.
struct Gemma: FamilyDefinition {
  enum Generation: Int { case first = 1, second, third }

  let generation: Generation

  init(_ generation: Generation) { self.generation = generation }

  var modelTypes: [String] {
    switch generation {
    case .first: ["gemma"]
    case .second: ["gemma2"]
    case .third: ["gemma3_text"]
    }
  }

  var classPrefixes: [String] {
    switch generation {
    case .first: ["GemmaFor", "GemmaModel"]
    case .second: ["Gemma2For", "Gemma2Model"]
    case .third: ["Gemma3ForCausalLM", "Gemma3Text"]
    }
  }

  let prefix = "model."
  let keys = FieldKeys(epsilon: "rms_norm_eps")

  /// Shared with Llama but for the norms; a file without `model_type` cannot say how its gains are meant.
  let telling = ["embed_tokens.weight", "layers.0.pre_feedforward_layernorm.weight"]

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      layers: generation == .first ? 28 : 26, hidden: generation == .first ? 3072 : 2304,
      heads: generation == .first ? 16 : 8, intermediate: generation == .first ? 24576 : 9216,
      vocabulary: generation == .third ? 262_208 : 256_000,
      maxPositions: generation == .third ? 131_072 : 8192, types: 0, activation: .geluNew, epsilon: 1e-6)
    c.statedKeyHeads = generation == .first ? 16 : 4
    c.statedHeadSize = 256
    (c.blocks.order, c.blocks.norm, c.blocks.isGated) = (.preNorm, .rmsPlusOne, true)
    c.blocks.normsBranches = generation != .first
    c.blocks.normsHeads = generation == .third
    c.blocks.learnsPositions = false
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation(
      generation == .first ? "hidden_act" : "hidden_activation", or: .geluNew)
    // transformers takes "gelu" in the first generation's files for what they were trained with.
    if generation == .first, c.activation == .gelu { c.activation = .geluNew }
    c.intermediate = try fields.value("intermediate_size", or: c.intermediate)
    c.statedKeyHeads = try fields.value("num_key_value_heads") ?? c.statedKeyHeads
    c.statedHeadSize = try fields.value("head_dim") ?? c.statedHeadSize
    c.biases.attention = try fields.value("attention_bias", or: false)
    c.biases.feedForward = false
    try fields.require("use_bidirectional_attention", false)
    c.blocks.wordScale = Float(c.hidden).squareRoot()
    c.blocks.masks = [.causal(window: nil)]
    c.blocks.rotaries = [try fields.rotary(headSize: c.headSize, base: 10_000)]
    guard generation != .first else { return }
    let scalar: Double = try fields.value("query_pre_attn_scalar", or: 256)
    guard scalar > 0 else {
      throw TransformerFault.invalidField(
        "query_pre_attn_scalar", expected: "a positive number", found: "\(scalar)")
    }
    c.blocks.scale = Float(1 / scalar.squareRoot())
    let caps: (Double?, Double?) = generation == .second ? (50, 30) : (nil, nil)
    c.blocks.scoreCap = try cap("attn_logit_softcapping", fields, caps.0)
    c.blocks.logitCap = try cap("final_logit_softcapping", fields, caps.1)
    try readWindows(fields, into: &c)
  }

  private func cap(_ key: String, _ fields: ConfigurationFields, _ standard: Double?) throws -> Float {
    Float((fields.mentions(key) ? try fields.value(key) : standard) ?? 0)
  }

  private func readWindows(
    _ fields: ConfigurationFields, into c: inout TransformerConfiguration
  ) throws {
    let every: Int =
      generation == .second
      ? 2 : try fields.value("sliding_window_pattern") ?? fields.value("_sliding_window_pattern") ?? 6
    guard every > 0 else {
      throw TransformerFault.invalidField(
        "sliding_window_pattern", expected: "a positive number", found: "\(every)")
    }
    let windowed = try fields.windowedLayers(c.layers) { ($0 + 1) % every != 0 }
    let window = try fields.window("sliding_window", or: 4096)
    c.blocks.masks = windowed.map { .causal(window: $0 ? window : nil) }
    guard generation == .third else { return }
    let whole = try fields.rotary(headSize: c.headSize, kind: "full_attention", base: 1_000_000)
    let local = try fields.rotary(
      headSize: c.headSize, kind: "sliding_attention", baseKey: "rope_local_base_freq", base: 10_000,
      scales: false)
    c.blocks.rotaries = windowed.map { $0 ? local : whole }
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let words = try weights.words("embed_tokens.weight", c)
    return Transformer.Parts(
      embeddings: Embeddings(words: words, scale: c.blocks.wordScale),
      blocks: try weights.blocks(c.layers) { index in
        Block(
          attention: try DecoderLayers.attention(
            weights, c, index, queryBias: c.biases.attention, plusOne: true),
          feedForward: try DecoderLayers.feedForward(weights, c, index), norms: try norms(index, weights, c))
      }, finalNorm: try weights.rmsNorm("norm", width: c.hidden, plusOne: true),
      language: try CausalHeads.language(weights, c, words: words),
      classifier: try CausalHeads.classifier(weights, c))
  }

  private func norms(
    _ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration
  ) throws -> Block.Norms {
    func norm(_ part: String) throws -> Norm {
      try weights.rmsNorm("layers.\(index).\(part)", width: c.hidden, plusOne: true)
    }
    let before = try norm("input_layernorm")
    guard c.blocks.normsBranches else {
      return Block.Norms(
        beforeAttention: before, beforeFeedForward: try norm("post_attention_layernorm"))
    }
    return Block.Norms(
      beforeAttention: before, afterAttention: try norm("post_attention_layernorm"),
      beforeFeedForward: try norm("pre_feedforward_layernorm"),
      afterFeedForward: try norm("post_feedforward_layernorm"))
  }
}
