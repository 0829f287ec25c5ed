import ExactText

/// Black et al., "GPT-Neo", 2021: scores are not scaled; layers attend to all or to a window.
struct GptNeo: FamilyDefinition {
  let modelTypes = ["gpt_neo"]
  let classPrefixes = ["GPTNeo"]
  let prefix = "transformer."
  let telling = ["wte.weight", "h.0.attn.attention.q_proj.weight"]
  let keys = FieldKeys(layers: "num_layers", heads: "num_heads", epsilon: "layer_norm_epsilon")

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      layers: 24, hidden: 2048, heads: 16, vocabulary: 50257, maxPositions: 2048, types: 0,
      activation: .geluNew, epsilon: 1e-5, padToken: nil)
    (c.blocks.order, c.blocks.scale) = (.preNorm, 1)
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("activation_function", or: .geluNew)
    c.intermediate = try fields.value("intermediate_size") ?? 4 * c.hidden
    let window = try fields.window("window_size", or: 256)
    let kinds: [AttentionRun] = try fields.value("attention_types", or: [])
    let layers =
      kinds.isEmpty
      ? (0..<c.layers).map { $0 % 2 == 0 ? "global" : "local" }
      : kinds.flatMap { run in (0..<min(c.layers + 1, max(0, run.count))).flatMap { _ in run.kinds } }
    guard layers.count == c.layers else {
      throw TransformerFault.invalidField(
        "attention_types", expected: "kinds for \(c.layers) layers", found: "for \(layers.count)")
    }
    c.blocks.masks = try layers.map { kind in
      switch kind {
      case "global": return .causal(window: nil)
      case "local": return .causal(window: window)
      default:
        throw TransformerFault.uncomputedField(
          "attention_types", found: kind, computed: "global, local")
      }
    }
  }

  /// `[["global", "local"], 12]`
  private struct AttentionRun: Decodable {
    let kinds: [String]
    let count: Int

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      kinds = try container.decode([String].self)
      count = try container.decode(Int.self)
    }
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    try CausalHeads.parts(weights, c) { try block($0, weights, c) }
  }

  private func block(_ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let (name, d) = ("h.\(index)", c.hidden)
    return Block(
      attention: AttentionBranch(
        projection: try weights.stacked(
          ["q_proj", "k_proj", "v_proj"].map { ("\(name).attn.attention.\($0)", d) }, inputs: d,
          hasBias: false),
        heads: c.attention(index),
        output: try weights.linear("\(name).attn.attention.out_proj", outputs: d, inputs: d)),
      feedForward: FeedForward(
        up: try weights.linear("\(name).mlp.c_fc", outputs: c.intermediate, inputs: d),
        activation: c.activation, isGated: false,
        down: try weights.linear("\(name).mlp.c_proj", outputs: d, inputs: c.intermediate)),
      norms: Block.Norms(
        beforeAttention: try weights.layerNorm("\(name).ln_1", width: d),
        beforeFeedForward: try weights.layerNorm("\(name).ln_2", width: d)))
  }
}
