import ExactText

/// Names that other libraries give to nodes and activations.
///
/// Read: TransformerLens hook names (`blocks.3.attn.hook_pattern`), `3.5` and `a3.h5` for a head.
public enum Alias: Equatable, Sendable {
  case site(Site)
  case node(Node)
  /// The same name stands for different tensors in different libraries.
  case ambiguous(choices: [Site])

  /// nil when `text` is no alias.
  public init?(_ text: String) {
    if let alias = Alias.head(text) ?? Alias.hook(text) { self = alias } else { return nil }
  }

  private static func head(_ text: String) -> Alias? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let lettered = parts[0].hasPrefix("a") && parts[1].hasPrefix("h")
    let digits = lettered ? parts.map { $0.dropFirst() } : parts
    guard let layer = number(digits[0]), let head = number(digits[1]) else { return nil }
    return .node(.head(layer: layer, head: head))
  }

  private static func hook(_ text: String) -> Alias? {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "blocks", let layer = number(parts[1]) else { return nil }
    if let kind = hooks[String(parts[2])] { return .site(Site(kind, layer: layer)) }
    if let kinds = ambiguousHooks[String(parts[2])] {
      return .ambiguous(choices: kinds.map { Site($0, layer: layer) })
    }
    return nil
  }

  private static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  private static let hooks: NameTable<Site.Kind> = [
    "hook_resid_pre": .residPre, "attn.hook_q": .q, "attn.hook_k": .k, "attn.hook_v": .v,
    "attn.hook_attn_scores": .scores, "attn.hook_pattern": .pattern, "attn.hook_z": .z,
    "hook_attn_out": .attnOut, "mlp.hook_pre": .mlpPre, "mlp.hook_post": .mlpPost,
    "hook_mlp_out": .mlpOut, "hook_normalized_resid_post": .residPost,
  ]

  /// In post-LayerNorm encoders these are taken before or after the LayerNorm, depending on the library.
  private static let ambiguousHooks: NameTable<[Site.Kind]> = [
    "hook_resid_mid": [.residMidRaw, .residMid],
    "hook_resid_post": [.residPostRaw, .residPost],
  ]
}
