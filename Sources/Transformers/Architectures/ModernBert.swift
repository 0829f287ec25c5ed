import ExactText

/// Warner et al., "Smarter, Better, Faster, Longer" (ModernBERT), 2024.
struct ModernBert: FamilyDefinition {
  let modelTypes = ["modernbert"]
  let classPrefixes = ["ModernBert"]
  let prefix = "model."
  let telling = ["embeddings.tok_embeddings.weight", "layers.0.attn.Wqkv.weight"]
  let wordHead = "head.dense.weight"
  let classifier = ["head.dense.weight", "classifier.weight"]
  let keys = FieldKeys(epsilon: "norm_eps")

  func configuration() -> TransformerConfiguration {
    var c = TransformerConfiguration(
      layers: 22, intermediate: 1152, vocabulary: 50368, maxPositions: 8192, types: 0, epsilon: 1e-5,
      padToken: 50283)
    (c.blocks.order, c.blocks.isGated, c.blocks.learnsPositions) = (.preNorm, true, false)
    return c
  }

  func read(_ fields: ConfigurationFields, into c: inout TransformerConfiguration) throws {
    c.activation = try fields.activation("hidden_activation", or: .gelu)
    c.headActivation = try fields.activation("classifier_activation", or: .gelu)
    c.intermediate = try fields.value("intermediate_size", or: c.intermediate)
    c.biases.norms = try fields.value("norm_bias", or: false)
    c.biases.attention = try fields.value("attention_bias", or: false)
    c.biases.feedForward = try fields.value("mlp_bias", or: false)
    c.biases.decoder = try fields.value("decoder_bias", or: true)
    c.biases.head = try fields.value("classifier_bias", or: false)
    c.statedPooling = try fields.value("classifier_pooling")
    if !c.architectures.isEmpty, c.classifiesSentences { try requireFirstToken(c) }
    let every: Int = try fields.value("global_attn_every_n_layers", or: 3)
    guard every > 0 else {
      throw TransformerFault.invalidField(
        "global_attn_every_n_layers", expected: "a positive number", found: "\(every)")
    }
    let reach = (try fields.window("local_attention", or: 128) ?? 128) / 2
    let windowed = try fields.windowedLayers(c.layers) { $0 % every != 0 }
    c.blocks.masks = windowed.map { $0 ? .window(reach: reach) : .full }
    let whole = try fields.rotary(
      headSize: c.headSize, kind: "full_attention", baseKey: "global_rope_theta", base: 160_000)
    let local = try fields.rotary(
      headSize: c.headSize, kind: "sliding_attention", baseKey: "local_rope_theta", base: 10_000)
    c.blocks.rotaries = windowed.map { $0 ? local : whole }
  }

  /// Other models' files name a pooling as well, which nothing uses.
  private func requireFirstToken(_ c: TransformerConfiguration) throws {
    guard let pooling = c.statedPooling, pooling != "cls" else { return }
    throw TransformerFault.uncomputedField("classifier_pooling", found: pooling, computed: "cls")
  }

  func parts(_ weights: WeightReader, _ c: TransformerConfiguration) throws -> Transformer.Parts {
    let (d, hasShift) = (c.hidden, c.biases.norms)
    let words = try weights.words("embeddings.tok_embeddings.weight", c)
    // The bare model has `embeddings` and `final_norm` as well, so a head tells.
    let transform =
      weights.has("head.dense.weight")
      ? ReadoutHead.Transform(
        dense: try weights.linear(
          "head.dense", outputs: d, inputs: d, hasBias: c.biases.head, isHead: true),
        activation: c.headActivation,
        norm: try weights.layerNorm("head.norm", width: d, hasShift: hasShift, isHead: true)) : nil
    let classifies = c.classifiesSentences && weights.has("classifier.weight")
    if classifies { try requireFirstToken(c) }
    let predicts = transform != nil && !weights.has("classifier.weight")
    return Transformer.Parts(
      embeddings: Embeddings(
        words: words,
        norm: try weights.layerNorm("embeddings.norm", width: d, hasShift: hasShift)),
      blocks: try weights.blocks(c.layers) { try block($0, weights, c) },
      finalNorm: try weights.layerNorm("final_norm", width: d, hasShift: hasShift),
      language: predicts
        ? ReadoutHead(
          transform: transform,
          decoder: try weights.decoder(
            "decoder.weight", words: words, c, biases: c.biases.decoder ? ["decoder.bias"] : [])) : nil,
      pooler: classifies ? transform : nil,
      classifier: classifies
        ? try weights.linear("classifier", outputs: c.labels.count, inputs: d, isHead: true) : nil)
  }

  private func block(_ index: Int, _ weights: WeightReader, _ c: TransformerConfiguration) throws -> Block {
    let (name, d) = ("layers.\(index)", c.hidden)
    func norm(_ part: String) throws -> Norm {
      try weights.layerNorm("\(name).\(part)", width: d, hasShift: c.biases.norms)
    }
    return Block(
      attention: AttentionBranch(
        projection: try weights.linear(
          "\(name).attn.Wqkv", outputs: 3 * d, inputs: d, hasBias: c.biases.attention),
        heads: c.attention(index), turns: HeadTurns(rotary: c.blocks.rotary(index)),
        output: try weights.linear(
          "\(name).attn.Wo", outputs: d, inputs: d, hasBias: c.biases.attention)),
      feedForward: FeedForward(
        up: try weights.linear(
          "\(name).mlp.Wi", outputs: 2 * c.intermediate, inputs: d, hasBias: c.biases.feedForward),
        activation: c.activation, isGated: true,
        down: try weights.linear(
          "\(name).mlp.Wo", outputs: d, inputs: c.intermediate, hasBias: c.biases.feedForward)),
      norms: Block.Norms(
        beforeAttention: index == 0 ? nil : try norm("attn_norm"), beforeFeedForward: try norm("mlp_norm")))
  }
}
