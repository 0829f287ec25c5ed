/// The address of a place in the network that can be looked at, attributed to or replaced.
///
/// Layers, heads, neurons and positions count from 0. A node without a position stands for all positions. How layers meet the
/// paper's hidden states is said with ``hidden(row:position:)``; numbers are checked by ``PlaceBounds``.
public struct Node: Hashable, Sendable {
  public enum Component: Hashable, Sendable {
    /// h^0: LayerNorm(word + position + type).
    case embedding
    /// The output of a block (`resid_post`).
    case block
    /// One head's context vector, before the output projection.
    case head(Int)
    /// The attention branch's skip connection; in parallel blocks everything of the block's input that goes through no head.
    case skip
    /// The whole attention output, before the residual is added.
    case attention
    /// The whole feed-forward output, before the residual is added.
    case feedForward
    /// The feed-forward branch's skip connection; in parallel blocks what of the block's input goes through neither branch.
    case feedForwardSkip
    /// One feed-forward neuron after the activation.
    case neuron(Int)
    /// One head's query, and one key or value, which several heads read where they are grouped: as they meet, after their norms and
    /// their rotation. The number of a key or a value is that of a key head.
    case query(Int), key(Int), value(Int)
  }

  /// nil for the embedding.
  public let layer: Int?
  public let component: Component
  /// nil for all positions.
  public let position: Int?

  public init(layer: Int?, component: Component, position: Int? = nil) {
    precondition((layer == nil) == (component == .embedding), "only the embedding has no layer")
    self.layer = layer
    self.component = component
    self.position = position
  }

  /// As the language writes it: `L3H5@7`, `embed@0`, `L3.mlp[512]`, `L3H5.q@7`.
  public var name: String {
    let prefix = layer.map { "L\($0)" } ?? "embed"
    let suffix = position.map { "@\($0)" } ?? ""
    return prefix + componentText + suffix
  }

  private var componentText: String {
    switch component {
    case .embedding, .block: ""
    case .head(let head): "H\(head)"
    case .skip: ".skip"
    case .attention: ".attn"
    case .feedForward: ".mlp"
    case .feedForwardSkip: ".mlp_skip"
    case .neuron(let neuron): ".mlp[\(neuron)]"
    case .query(let head): "H\(head).q"
    case .key(let head): "H\(head).k"
    case .value(let head): "H\(head).v"
    }
  }

  /// The activation that holds this node's value.
  ///
  /// The skip connection at layer l carries that block's input, that of the feed-forward branch y, in parallel blocks the
  /// block's input as well.
  public func site(in blocks: BlockKind) -> Site {
    switch component {
    case .embedding: Site(.embed)
    case .block: Site(.residPost, layer: layer)
    case .head: Site(.z, layer: layer)
    case .skip: Site(.residPre, layer: layer)
    case .attention: Site(.attnOut, layer: layer)
    case .feedForward: Site(.mlpOut, layer: layer)
    case .feedForwardSkip: Site(blocks.isParallel ? .residPre : .residMid, layer: layer)
    case .neuron: Site(.mlpPost, layer: layer)
    case .query: Site(.q, layer: layer)
    case .key: Site(.k, layer: layer)
    case .value: Site(.v, layer: layer)
    }
  }
}

extension Node.Component {
  /// The number of a head, a key head or a neuron; nil for what a layer has once.
  public var number: Int? {
    switch self {
    case .head(let number), .neuron(let number), .query(let number), .key(let number), .value(let number):
      number
    case .embedding, .block, .skip, .attention, .feedForward, .feedForwardSkip: nil
    }
  }

  /// A query, a key or a value: what the heads' contexts are computed of.
  public var isProjected: Bool {
    switch self {
    case .query, .key, .value: true
    default: false
    }
  }

  /// What its number counts.
  public var counted: PlaceBounds.Part? {
    switch self {
    case .head, .query: .head
    case .key, .value: .keyHead
    case .neuron: .neuron
    case .embedding, .block, .skip, .attention, .feedForward, .feedForwardSkip: nil
    }
  }
}
