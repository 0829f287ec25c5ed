import ExactText

/// A named tensor of a forward pass.
public struct Site: Hashable, Sendable {
  /// What is computed there; names as in the shell, shapes as in ``Site/shape(in:rows:length:)``.
  public enum Kind: String, Sendable, CaseIterable {
    /// h^0, the embeddings after their layer norm.
    case embed
    /// Input of the block.
    case residPre = "resid_pre"
    /// What the attention branch reads, after the norm before it; of models that have one.
    case attnIn = "attn_in"
    /// Query and key, biases included, before their norms and their rotation; of models that have these.
    case qRaw = "q_raw"
    case kRaw = "k_raw"
    /// Query, key and value as they meet, biases included.
    case q, k, v
    /// q k' times the model's scale, capped where there is a cap, before the mask; -infinity for padding keys.
    case scores
    /// Attention probabilities; 0 for padding and masked keys.
    case pattern
    /// Context of each head, before the output projection.
    case z
    /// What the attention branch adds to the skip connection: the output projection with its bias, after the norm that
    /// follows it, where one does.
    case attnOut = "attn_out"
    /// attn_out + resid_pre, before the norm of the sum; of post-norm models.
    case residMidRaw = "resid_mid_raw"
    /// y: the sum after the attention branch, in post-norm models after its norm. Parallel blocks have none.
    case residMid = "resid_mid"
    /// What the feed-forward branch reads, after the norm before it; of models that have one.
    case mlpIn = "mlp_in"
    /// Feed-forward activations before the non-linearity; where there is a gate, both factors before it.
    case mlpPre = "mlp_pre"
    case mlpGate = "mlp_gate"
    case mlpUp = "mlp_up"
    /// What the feed-forward branch's last product reads: after the non-linearity, with a gate the product of both factors.
    case mlpPost = "mlp_post"
    /// What the feed-forward branch adds to its skip connection, with its bias, after the norm that follows it, where one
    /// does.
    case mlpOut = "mlp_out"
    /// mlp_out + resid_mid, before the norm of the sum; of post-norm models.
    case residPostRaw = "resid_post_raw"
    /// Output of the block.
    case residPost = "resid_post"
    /// The last hidden state after the final norm; of models that have one.
    case final
    /// What the classifier reads, of the token that it reads: of models with a dense layer before it.
    case pooled
    /// Logits of words at every position.
    case logits
    case classLogits = "class_logits"

    /// Whether each layer has one.
    public var isPerLayer: Bool {
      switch self {
      case .embed, .final, .pooled, .logits, .classLogits: false
      default: true
      }
    }
  }

  public let kind: Kind
  /// 0-based; nil for a kind that the model has once.
  public let layer: Int?

  /// - Precondition: `layer` is given exactly for the kinds that each layer has.
  public init(_ kind: Kind, layer: Int? = nil) {
    precondition(kind.isPerLayer == (layer != nil), "\(kind) \(kind.isPerLayer ? "needs a" : "has no") layer")
    self.kind = kind
    self.layer = layer
  }

  /// The site with this ``name``, or nil.
  public init?(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let last = parts.last, let kind = Kind(named: String(last)) else { return nil }
    if kind.isPerLayer {
      guard parts.count == 2, parts[0].first == "L", let layer = Int(parts[0].dropFirst()), layer >= 0,
        parts[0].dropFirst() == "\(layer)"
      else { return nil }
      self.init(kind, layer: layer)
    } else {
      guard parts.count == 1 else { return nil }
      self.init(kind)
    }
  }

  /// `embed`, `L3.pattern`.
  public var name: String { layer.map { "L\($0).\(kind.rawValue)" } ?? kind.rawValue }

  /// Every site of a model, in the order of computation.
  public static func all(in configuration: TransformerConfiguration) -> [Site] {
    let kinds = Kind.allCases.filter { configuration.blocks.has($0) }
    let inLayer = kinds.filter(\.isPerLayer)
    let layers = (0..<configuration.layers).flatMap { layer in inLayer.map { Site($0, layer: layer) } }
    return [Site(.embed)] + layers + kinds.filter { !$0.isPerLayer && $0 != .embed }.map { Site($0) }
  }
}

extension BlockKind {
  /// Whether models of these blocks have a kind of site.
  public func has(_ kind: Site.Kind) -> Bool {
    switch kind {
    case .attnIn, .mlpIn, .final: order != .postNorm
    case .qRaw, .kRaw: turnsHeads
    case .residMidRaw, .residPostRaw: order == .postNorm
    case .residMid: !isParallel
    case .mlpPre: !isGated
    case .mlpGate, .mlpUp: isGated
    default: true
    }
  }

  /// Why not, for a kind that ``has(_:)`` denies.
  func reason(against kind: Site.Kind) -> String {
    switch kind {
    case .attnIn, .mlpIn, .final: "its norms come after the sums"
    case .qRaw, .kRaw: "its queries and keys are not changed on the way: q and k are they"
    case .residMidRaw, .residPostRaw: "its norms come before the branches"
    case .residMid: "its two branches run in parallel"
    case .mlpPre: "its feed-forward branch has a gate: see mlp_gate and mlp_up"
    case .mlpGate, .mlpUp: "its feed-forward branch has no gate: see mlp_pre"
    default: "it is not computed"
    }
  }
}
