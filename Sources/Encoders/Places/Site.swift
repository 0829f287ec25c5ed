import ExactText

/// A named tensor of a forward pass.
public struct Site: Hashable, Sendable {
  /// What is computed there; names as in the shell, shapes as in ``Site/shape(in:rows:length:)``.
  public enum Kind: String, Sendable, CaseIterable {
    /// h^0, the embeddings after their layer norm.
    case embed
    /// Input of the block.
    case residPre = "resid_pre"
    /// Query, key and value, biases included.
    case q, k, v
    /// q k' / sqrt(dh); -infinity for padding keys.
    case scores
    /// Attention probabilities; 0 for padding keys.
    case pattern
    /// Context of each head, before the output projection.
    case z
    /// Output projection with its bias, before the skip connection is added.
    case attnOut = "attn_out"
    /// attn_out + resid_pre, before the first layer norm.
    case residMidRaw = "resid_mid_raw"
    /// Output of the first layer norm.
    case residMid = "resid_mid"
    /// Feed-forward activations before and after the non-linearity.
    case mlpPre = "mlp_pre"
    case mlpPost = "mlp_post"
    /// Output of the feed-forward block with its bias, before the skip connection is added.
    case mlpOut = "mlp_out"
    /// mlp_out + resid_mid, before the second layer norm.
    case residPostRaw = "resid_post_raw"
    /// Output of the block.
    case residPost = "resid_post"
    /// tanh of the pooler at position 0.
    case pooled
    /// Masked language model logits at every position.
    case logits
    case classLogits = "class_logits"

    /// Whether each layer has one.
    public var isPerLayer: Bool {
      switch self {
      case .embed, .pooled, .logits, .classLogits: false
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
  public static func all(in configuration: BertConfiguration) -> [Site] {
    let inLayer = Kind.allCases.filter(\.isPerLayer)
    let layers = (0..<configuration.layers).flatMap { layer in inLayer.map { Site($0, layer: layer) } }
    return [Site(.embed)] + layers + [Site(.pooled), Site(.logits), Site(.classLogits)]
  }
}
