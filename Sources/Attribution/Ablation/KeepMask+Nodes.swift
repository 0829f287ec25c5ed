import Transformers

extension KeepMask {
  /// Keeps some nodes of the kinds that are among them; one without a position stays at all positions.
  ///
  /// Hidden states go when one of them is to stay; heads and skip connections go when a head or skip connection is.
  ///
  /// - Parameters:
  ///   - nodes: hidden states, heads and skip connections
  ///   - length: n
  /// - Precondition: nodes are of these kinds, and of the model and length.
  public init(nodes: [Node], length: Int, _ configuration: TransformerConfiguration) {
    self.init(
      keepingNoHidden: nodes.contains { $0.component.isHidden },
      noAttention: nodes.contains { $0.component.isInAttention }, length: length,
      layers: configuration.layers, heads: configuration.heads)
    for node in nodes { keep(node, length: length) }
  }

  /// Keeps nothing of some kinds of nodes, and everything of the others.
  init(keepingNoHidden noHidden: Bool, noAttention: Bool, length: Int, layers: Int, heads: Int) {
    let row = Array(repeating: false, count: length)
    let positions = Array(repeating: Array(repeating: false, count: heads), count: length)
    self.init(
      hidden: noHidden ? Array(repeating: row, count: layers + 1) : nil,
      heads: noAttention ? Array(repeating: positions, count: layers) : nil,
      skips: noAttention ? Array(repeating: row, count: layers) : nil)
  }

  /// Keeps a node; all of a kind that stays anyway are kept already.
  mutating func keep(_ node: Node, length: Int) {
    for position in node.position.map({ $0..<$0 + 1 }) ?? 0..<length {
      switch (node.component, node.row, node.layer) {
      case (_, let row?, _): hidden?[row][position] = true
      case (.head(let head), _, let layer?): heads?[layer][position][head] = true
      case (.skip, _, let layer?): skips?[layer][position] = true
      default: preconditionFailure("\(node.name) is no hidden state, head or skip connection")
      }
    }
  }
}
