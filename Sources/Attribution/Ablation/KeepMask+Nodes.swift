import Encoders

extension KeepMask {
  /// Keeps some nodes of the kinds that are among them; one without a position stays at all positions.
  ///
  /// Hidden states go when one of them is to stay; heads and skip connections go when a head or skip connection is.
  ///
  /// - Parameters:
  ///   - nodes: hidden states, heads and skip connections
  ///   - length: n
  /// - Precondition: nodes are of these kinds, and of the model and length.
  public init(nodes: [Node], length: Int, _ configuration: BertConfiguration) {
    let layers = configuration.layers
    let row = Array(repeating: false, count: length)
    let namesHidden = nodes.contains { $0.component.isHidden }
    let namesAttention = nodes.contains { $0.component.isInAttention }
    var hidden = Array(repeating: row, count: layers + 1)
    var skips = Array(repeating: row, count: layers)
    let noHeads = Array(repeating: false, count: configuration.heads)
    var heads = Array(repeating: Array(repeating: noHeads, count: length), count: layers)
    for node in nodes {
      for position in node.position.map({ $0..<$0 + 1 }) ?? 0..<length {
        switch (node.component, node.layer) {
        case (.embedding, _): hidden[0][position] = true
        case (.block, let layer?): hidden[layer + 1][position] = true
        case (.head(let head), let layer?): heads[layer][position][head] = true
        case (.skip, let layer?): skips[layer][position] = true
        default: preconditionFailure("\(node.name) is no hidden state, head or skip connection")
        }
      }
    }
    self.init(
      hidden: namesHidden ? hidden : nil, heads: namesAttention ? heads : nil,
      skips: namesAttention ? skips : nil)
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
}
