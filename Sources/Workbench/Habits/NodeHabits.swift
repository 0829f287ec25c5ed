import Language

// Names of nodes and tensors in other libraries, and as they come out of hurried fingers.
extension Habit {
  static let ofNodes: [Habit] = {
    var pairs: Pairs = heads + layers
    pairs += outputs
    pairs += hooks
    for block in blocks { pairs += parts.map { (block + $0.typed, $0.written) } }
    return pairs.map { Habit(word: $0.written, as: $0.typed) } + [hookResult]
  }()

  private static let hookResult = Habit(
    word: "L{n}.z", as: "blocks.{n}.attn.hook_result",
    reason:
      "what each head adds is not kept apart: `z` is what it gives to the output matrix, `attn_out` the sum")

  private typealias Pairs = [(typed: String, written: String)]

  private static let heads: Pairs = [
    ("l{n1}h{n2}", "L{n1}H{n2}"), ("h{n2}l{n1}", "L{n1}H{n2}"), ("l{n1}.h{n2}", "L{n1}H{n2}"),
    ("l{n1}_h{n2}", "L{n1}H{n2}"), ("l{n1}.{n2}", "L{n1}H{n2}"), ("{n1}h{n2}", "L{n1}H{n2}"),
    ("l{n1}h[{n2}]", "L{n1}H{n2}"), ("a{n1}h{n2}", "L{n1}H{n2}"),
    ("l{n1}h{n2}.pattern", "L{n1}.pattern[{n2}]"),
    ("l{n1}h{n2}.attn", "L{n1}.pattern[{n2}]"), ("l{n1}h{n2}.scores", "L{n1}.scores[{n2}]"),
    ("l{n1}h{n2}.z", "L{n1}H{n2}"), ("l{n1}h{n2}.out", "L{n1}H{n2}"), ("l{n1}h{n2}@{n}", "L{n1}H{n2}@{n}"),
    ("l{n1}h{n2}.{w}", "L{n1}H{n2}.{w}"),
  ]

  private static let layers: Pairs = [
    ("l{n}.attention", "L{n}.attn"), ("l{n}.self_attn", "L{n}.attn"), ("l{n}.ffn", "L{n}.mlp"),
    ("l{n}m", "L{n}.mlp"),
    ("mlp{n}", "L{n}.mlp"), ("mlp.{n}", "L{n}.mlp"), ("mlp[{n}]", "L{n}.mlp"), ("m{n}", "L{n}.mlp"),
    ("attn{n}", "L{n}.attn"),
    ("l{n}.resid", "L{n}.resid_post"), ("l{n}.attentions", "L{n}.pattern"), ("l{n}.{w}", "L{n}.{w}"),
    ("layer{n}", "L{n}"), ("layer_{n}", "L{n}"), ("l{n}", "L{n}"), ("l{n}@{n2}", "L{n}@{n2}"),
    ("l{n1}n{n2}", "L{n1}.mlp[{n2}]"), ("l{n1}.mlp.{n2}", "L{n1}.mlp[{n2}]"),
  ]

  /// Of transformers.
  private static let outputs: Pairs = [
    ("hidden_states[0]", "embed"), ("{w}.hidden_states[0]", "embed"),
    ("hidden_states[{n}]", "L{n-1}.resid_post"),
    ("{w}.hidden_states[{n}]", "L{n-1}.resid_post"), ("attentions[{n}]", "L{n}.pattern"),
    ("{w}.attentions[{n}]", "L{n}.pattern"), ("attentions[{n}][{n2}]", "L{n}.pattern[{n2}]"),
    ("{w}.logits", "logits"),
    ("word_embeddings", "embed"), ("wte", "embed"), ("embeddings", "embed"), ("embedding", "embed"),
    ("lm_head", "logits"),
  ]

  /// Of TransformerLens.
  private static let hooks: Pairs = [
    ("hook_embed", "embed"), ("blocks.0.hook_resid_pre", "embed"),
    ("blocks.{n1}.attn.hook_pattern[{n2}]", "L{n1}.pattern[{n2}]"),
  ]

  /// What families call a layer.
  private static let blocks = [
    "encoder.layer.{n}", "encoder.layer[{n}]", "{w}.encoder.layer.{n}", "{w}.encoder.layer[{n}]",
    "model.layers.{n}",
    "model.layers[{n}]", "layers.{n}", "layers[{n}]", "transformer.h.{n}", "transformer.h[{n}]", "h.{n}",
    "h[{n}]",
    "gpt_neox.layers.{n}", "gpt_neox.layers[{n}]", "blocks.{n}", "blocks[{n}]", "layer.{n}", "layer[{n}]",
  ]

  /// What they call its parts.
  private static let parts: Pairs = [
    ("", "L{n}"), (".attn", "L{n}.attn"), (".attention", "L{n}.attn"), (".self_attn", "L{n}.attn"),
    (".attention.output", "L{n}.attn"), (".attention.self", "L{n}.z"), (".mlp", "L{n}.mlp"),
    (".intermediate", "L{n}.mlp_post"), (".output", "L{n}.mlp"),
  ]
}
