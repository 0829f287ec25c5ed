import Transformers

extension KeepMask {
  /// Keeps some nodes of the kinds that are among them; one without a position stays at all positions.
  ///
  /// Hidden states go when one of them is to stay; heads and skip connections go when a head or skip connection is;
  /// feed-forward branches and the skip connections beside them when one of these is.
  ///
  /// - Parameters:
  ///   - nodes: hidden states, heads, feed-forward branches and skip connections
  ///   - length: n
  /// - Precondition: nodes are of these kinds, and of the model and length.
  public init(nodes: [Node], length: Int, _ configuration: TransformerConfiguration) {
    let kinds = Kind.allCases.filter { kind in nodes.contains { Kind($0.component) == kind } }
    self.init(
      keepingNo: Set(kinds), length: length, layers: configuration.layers, heads: configuration.heads)
    for node in nodes { keep(node, length: length) }
  }

  /// What goes together when one of it is to stay.
  public enum Kind: Sendable, CaseIterable {
    case hidden
    case attention
    case feedForward

    /// nil for what cannot be kept by itself.
    public init?(_ component: Node.Component) {
      if component.isHidden {
        self = .hidden
      } else if component.isInAttention {
        self = .attention
      } else if component.isInFeedForward {
        self = .feedForward
      } else {
        return nil
      }
    }
  }

  /// Keeps nothing of some kinds of nodes, and everything of the others.
  init(keepingNo kinds: Set<Kind>, length: Int, layers: Int, heads: Int) {
    let row = Array(repeating: false, count: length)
    let rows = Array(repeating: row, count: layers)
    let positions = Array(repeating: Array(repeating: false, count: heads), count: length)
    self.init(
      hidden: kinds.contains(.hidden) ? rows + [row] : nil,
      heads: kinds.contains(.attention) ? Array(repeating: positions, count: layers) : nil,
      skips: kinds.contains(.attention) ? rows : nil,
      feedForwards: kinds.contains(.feedForward) ? rows : nil,
      feedForwardSkips: kinds.contains(.feedForward) ? rows : nil)
  }

  /// Keeps a node; all of a kind that stays anyway are kept already.
  mutating func keep(_ node: Node, length: Int) {
    for position in node.position.map({ $0..<$0 + 1 }) ?? 0..<length {
      switch (node.component, node.row, node.layer) {
      case (_, let row?, _): hidden?[row][position] = true
      case (.head(let head), _, let layer?): heads?[layer][position][head] = true
      case (.skip, _, let layer?): skips?[layer][position] = true
      case (.feedForward, _, let layer?): feedForwards?[layer][position] = true
      case (.feedForwardSkip, _, let layer?): feedForwardSkips?[layer][position] = true
      default: preconditionFailure("\(node.name) cannot be kept by itself")
      }
    }
  }
}
