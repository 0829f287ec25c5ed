/// The one place where the language's count of layers meets the paper's.
///
/// The language counts blocks from 0: `embed` is h^0, and `L3` is the output of block 3. The paper counts hidden states,
/// h^0 ... h^L: *row* l. Block l leads from row l to row l+1:
///
///     row 0  embed        row l+1  Ll        what block l reads: row l
///
/// Results by row are (L+1, ...), results by layer (L, ...); heads and skip connections of layer l lie between rows l and l+1.
extension Node {
  /// h^row, at all positions unless one is given.
  public static func hidden(row: Int, position: Int? = nil) -> Node {
    row == 0
      ? Node(layer: nil, component: .embedding, position: position)
      : Node(layer: row - 1, component: .block, position: position)
  }

  /// One head's context vector.
  public static func head(layer: Int, head: Int, position: Int? = nil) -> Node {
    Node(layer: layer, component: .head(head), position: position)
  }

  /// The feed-forward branch, or its skip connection.
  public static func feedForward(layer: Int, isSkip: Bool = false, position: Int? = nil) -> Node {
    Node(layer: layer, component: isSkip ? .feedForwardSkip : .feedForward, position: position)
  }

  /// The attention branch's skip connection.
  public static func skip(layer: Int, position: Int? = nil) -> Node {
    Node(layer: layer, component: .skip, position: position)
  }

  /// l, for h^l; nil for what is no hidden state.
  public var row: Int? {
    switch component {
    case .embedding: 0
    case .block: layer.map { $0 + 1 }
    default: nil
    }
  }
}

extension Node.Component {
  /// h^0 or a block's output.
  package var isHidden: Bool { self == .embedding || self == .block }

  /// A head or a skip connection.
  package var isInAttention: Bool {
    if case .head = self { return true }
    return self == .skip
  }

  /// A feed-forward branch or its skip connection.
  package var isInFeedForward: Bool { self == .feedForward || self == .feedForwardSkip }
}

extension BlockKind {
  /// The activations that hold nodes' values.
  public func sites(of nodes: some Sequence<Node>) -> Set<Site> { Set(nodes.map { $0.site(in: self) }) }
}

extension Site {
  /// The activation that holds h^row.
  public static func hidden(row: Int) -> Site {
    row == 0 ? Site(.embed) : Site(.residPost, layer: row - 1)
  }
}
