import Transformers

extension Route {
  /// The attention edges of its head steps: at the position that a step leads to the head reads that which it comes from. None
  /// without choices.
  public var edges: [AttentionEdge] {
    (choices ?? []).enumerated().filter { $0.element >= 0 }.map { layer, head in
      AttentionEdge(layer: layer, head: head, reader: nodes[layer + 1], read: nodes[layer])
    }
  }

  /// The skip connections of its other steps.
  public var skips: [Node] {
    (choices ?? []).enumerated().filter { $0.element < 0 }.map {
      .skip(layer: $0.offset, position: nodes[$0.offset])
    }
  }

  /// - Precondition: it has choices.
  public func fits(_ configuration: TransformerConfiguration) -> Bool {
    nodes.count == configuration.layers + 1 && (choices ?? []).allSatisfy { $0 < configuration.heads }
  }
}

extension WordPattern {
  /// To the attention level; nil for a pattern of hidden states alone.
  public var route: Route? {
    finestLevel >= .attention && embedding.nodes.allSatisfy { $0.count == 1 }
      ? Route(self, level: .attention) : nil
  }
}
