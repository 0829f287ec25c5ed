import ExactText

/// Touvron et al., "LLaMA", 2023 (1 to 3), and what differs from it by few fields: Mistral, Qwen2, Qwen3.
struct Llama: FamilyDefinition {
  enum Variant { case llama, mistral, qwen2, qwen3 }

  let variant: Variant

  init(_ variant: Variant) { self.variant = variant }

  var modelTypes: [String] {
    switch variant {
    case .llama: ["llama"]
    case .mistral: ["mistral"]
    case .qwen2: ["qwen2"]
    case .qwen3: ["qwen3"]
    }
  }

  var classPrefixes: [String] {
    switch variant {
    case .llama: ["Llama"]
    case .mistral: ["Mistral"]
    case .qwen2: ["Qwen2"]
    case .qwen3: ["Qwen3"]
    }
  }

  let prefix = "model."
  let keys = FieldKeys(epsilon: "rms_norm_eps")

  var telling: [String] {
    let names = ["embed_tokens.weight", "layers.0.self_attn.q_proj.weight"]
    return switch variant {
    case .llama: names
    case .mistral: names
    case .qwen2: names + ["layers.0.self_attn.q_proj.bias"]
    case .qwen3: names + ["layers.0.self_attn.q_norm.weight"]
    }
  }

  func configuration() -> TransformerConfiguration {
    let isLlama = variant == .llama
    var c = TransformerConfiguration(
      layers: 32, hidden: 4096, heads: 32,
      intermediate: isLlama ? 11008 : variant == .mistral ? 14336 : 22016,
      vocabulary: variant == .qwen2 || variant == .qwen3 ? 151936 : 32000,
      maxPositions: isLlama ? 2048 : variant == .mistral ? 131072 : 32768, types: 0, activation: .silu,
      epsilon: 1e-6, padToken: nil, tiesEmbeddings: false)
    (c.blocks.order, c.blocks.norm, c.blocks.isGated) = (.preNorm, .rms, true)
    c.blocks.learnsPositions = false
    c.blocks.normsHeads = variant == .qwen3
    if variant == .mistral { c.statedKeyHeads = 8 }
    if variant == .qwen3 { c.statedHeadSize = 128 }
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("hidden_act", or: .silu)
    c.intermediate = try fields.value("intermediate_size", or: c.intermediate)
    c.statedKeyHeads = try fields.value("num_key_value_heads") ?? c.statedKeyHeads
    c.statedHeadSize = try fields.value("head_dim") ?? c.statedHeadSize
    c.biases.attention =
      variant == .llama || variant == .qwen3
      ? try fields.value("attention_bias", or: false) : false
    c.biases.feedForward = variant == .llama ? try fields.value("mlp_bias", or: false) : false
    c.blocks.masks = try masks(fields, c)
    c.blocks.rotaries = [try fields.rotary(headSize: c.headSize, base: 10_000)]
  }

  private func masks(
    _ fields: ConfigurationFields, _ c: TransformerConfiguration
  ) throws -> [AttentionMask] {
    let window: Int?
    switch variant {
    case .llama: return [.causal(window: nil)]
    case .mistral:
      // A missing window is the default's, null is none.
      return [.causal(window: try fields.window("sliding_window", or: 4096))]
    case .qwen2, .qwen3:
      let isUsed: Bool = try fields.value("use_sliding_window", or: false)
      window = isUsed ? try fields.window("sliding_window", or: 4096) : nil
    }
    let first: Int = try fields.value("max_window_layers", or: 28)
    let windowed = try fields.windowedLayers(c.layers) { window != nil && $0 >= first }
    return try windowed.map { isWindowed in
      guard isWindowed else { return .causal(window: nil) }
      guard let window else {
        throw TransformerFault.invalidField(
          "sliding_window", expected: "a number for sliding_attention", found: "none")
      }
      return .causal(window: window)
    }
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let words = try weights.words("embed_tokens.weight", c)
    return Transformer.Parts(
      embeddings: Embeddings(words: words),
      blocks: try weights.blocks(c.layers) { index in
        let name = "layers.\(index)"
        return Block(
          attention: try DecoderLayers.attention(
            weights, c, index, queryBias: variant == .qwen2 || c.biases.attention),
          feedForward: try DecoderLayers.feedForward(weights, c, index),
          norms: Block.Norms(
            beforeAttention: try weights.rmsNorm("\(name).input_layernorm", width: c.hidden),
            beforeFeedForward: try weights.rmsNorm("\(name).post_attention_layernorm", width: c.hidden)))
      }, finalNorm: try weights.rmsNorm("norm", width: c.hidden),
      language: try CausalHeads.language(weights, c, words: words),
      classifier: try CausalHeads.classifier(weights, c))
  }
}

/// What Llama and Gemma have under the same names.
enum DecoderLayers {
  static func attention(
    _ weights: WeightReader, _ c: TransformerConfiguration, _ index: Int, queryBias: Bool,
    plusOne: Bool = false
  ) throws -> AttentionBranch {
    let name = "layers.\(index).self_attn"
    func headNorm(_ part: String) throws -> Norm? {
      guard c.blocks.normsHeads else { return nil }
      return try weights.rmsNorm("\(name).\(part)", width: c.headSize, plusOne: plusOne)
    }
    return AttentionBranch(
      projection: try weights.stacked(
        [("\(name).q_proj", c.queryWidth), ("\(name).k_proj", c.keyWidth), ("\(name).v_proj", c.keyWidth)],
        inputs: c.hidden, hasBias: queryBias),
      heads: c.attention(index),
      turns: HeadTurns(
        queryNorm: try headNorm("q_norm"), keyNorm: try headNorm("k_norm"),
        rotary: c.blocks.rotary(index)),
      output: try weights.linear(
        "\(name).o_proj", outputs: c.hidden, inputs: c.queryWidth, hasBias: c.biases.attention))
  }

  static func feedForward(
    _ weights: WeightReader, _ c: TransformerConfiguration, _ index: Int
  ) throws -> FeedForward {
    let name = "layers.\(index).mlp"
    return FeedForward(
      up: try weights.stacked(
        ["gate_proj", "up_proj"].map { ("\(name).\($0)", c.intermediate) }, inputs: c.hidden,
        hasBias: c.biases.feedForward), activation: c.activation, isGated: true,
      down: try weights.linear(
        "\(name).down_proj", outputs: c.hidden, inputs: c.intermediate, hasBias: c.biases.feedForward))
  }
}
