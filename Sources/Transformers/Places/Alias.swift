import ExactText

/// Names that other libraries give to nodes and activations.
///
/// Read: TransformerLens hook names (`blocks.3.attn.hook_pattern`), `3.5` and `a3.h5` for a head.
public enum Alias: Equatable, Sendable {
  case site(Site)
  case node(Node)
  /// The same name stands for different tensors in different libraries.
  case ambiguous(choices: [Site])
  /// The name of what is read after the rotation of queries or keys, of a model that rotates none.
  case unrotated(instead: Site)

  /// nil when `text` is no alias.
  ///
  /// - Parameter blocks: of the model that is asked
  public init?(_ text: String, in blocks: BlockKind) {
    if let node = Alias.head(text) {
      self = .node(node)
    } else if let (hook, layer) = Alias.hook(text) {
      self = hook.meaning(layer, blocks)
    } else {
      return nil
    }
  }

  /// Whether `text` is an alias for some model.
  public static func isAlias(_ text: String) -> Bool { head(text) != nil || hook(text) != nil }

  /// What may stand behind `blocks.3.`.
  public static var hookNames: [String] { hooks.keys.sorted() }

  private static func head(_ text: String) -> Node? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let lettered = parts[0].hasPrefix("a") && parts[1].hasPrefix("h")
    let digits = lettered ? parts.map { $0.dropFirst() } : parts
    guard let layer = number(digits[0]), let head = number(digits[1]) else { return nil }
    return .head(layer: layer, head: head)
  }

  private static func hook(_ text: String) -> (Hook, layer: Int)? {
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "blocks", let layer = number(parts[1]) else { return nil }
    return hooks[String(parts[2])].map { ($0, layer) }
  }

  private static func number(_ text: some StringProtocol) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return Int(text)
  }

  /// What a hook of TransformerLens reads.
  private enum Hook {
    case site(Site.Kind)
    /// The first where the model has it, else the second.
    case first(Site.Kind, else: Site.Kind)
    /// After the rotation.
    case rotated(Site.Kind)
    /// Taken before or after a norm, depending on the library, where both are in the model.
    case ambiguous(Site.Kind, Site.Kind)

    func meaning(_ layer: Int, _ blocks: BlockKind) -> Alias {
      switch self {
      case .site(let kind): return .site(Site(kind, layer: layer))
      case .first(let kind, let other): return .site(Site(blocks.has(kind) ? kind : other, layer: layer))
      case .rotated(let kind):
        let site = Site(kind, layer: layer)
        return blocks.rotates ? .site(site) : .unrotated(instead: site)
      case .ambiguous(let raw, let normed):
        guard blocks.has(raw) else { return .site(Site(normed, layer: layer)) }
        return .ambiguous(choices: [Site(raw, layer: layer), Site(normed, layer: layer)])
      }
    }
  }

  /// Queries and keys are hooked as the projections give them, and once more after their rotation; of a gated branch `hook_pre`
  /// is the gate's factor.
  private static let hooks: NameTable<Hook> = [
    "hook_resid_pre": .site(.residPre), "attn.hook_q": .first(.qRaw, else: .q),
    "attn.hook_k": .first(.kRaw, else: .k), "attn.hook_rot_q": .rotated(.q), "attn.hook_rot_k": .rotated(.k),
    "attn.hook_v": .site(.v), "attn.hook_attn_scores": .site(.scores), "attn.hook_pattern": .site(.pattern),
    "attn.hook_z": .site(.z), "hook_attn_out": .site(.attnOut),
    "mlp.hook_pre": .first(.mlpGate, else: .mlpPre), "mlp.hook_pre_linear": .site(.mlpUp),
    "mlp.hook_post": .site(.mlpPost), "hook_mlp_out": .site(.mlpOut),
    "hook_resid_mid": .ambiguous(.residMidRaw, .residMid),
    "hook_resid_post": .ambiguous(.residPostRaw, .residPost), "hook_normalized_resid_post": .site(.residPost),
  ]
}
