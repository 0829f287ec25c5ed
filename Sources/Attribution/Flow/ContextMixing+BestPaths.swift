/// The most probable way from an input word to a target through the layers.
public struct AttentionPath: Sendable, Equatable {
  /// (L+1) positions: the word, the tokens after each layer, of which the last is the target.
  public let nodes: [Int]
  /// The product of the shares along the path.
  public let score: Double

  public init(nodes: [Int], score: Double) {
    self.nodes = nodes
    self.score = score
  }
}

/// Which entry of a layer's matrix a step from token i to token j weighs.
public enum PathDirection: String, Sendable, CaseIterable {
  /// [j][i]: what j takes from i, the direction in which information flows.
  case flow
  /// [i][j]: what i takes from j, as in the program of Lu et al., "Influence Patterns for Explaining Information Flow in
  /// BERT", NeurIPS 2021.
  case authors
}

extension ContextMixing {
  /// From each word the path to `target` with the largest product of shares, by dynamic programming.
  ///
  /// Where several next tokens are equally good, the lowest position is taken.
  ///
  /// - Parameter layers: How many of the first layers to go through; all when nil.
  /// - Returns: (n).
  /// - Complexity: O(L n²).
  public func bestPaths(
    to target: Int, direction: PathDirection = .flow, layers: Int? = nil
  ) -> [AttentionPath] {
    let layers = layers ?? self.layers
    precondition(0..<length ~= target, "target \(target) of \(length) tokens")
    precondition(0...self.layers ~= layers, "\(layers) of \(self.layers) layers")
    // The best product from each token of a row to the target, and the next token on the way.
    var best = (0..<length).map { $0 == target ? 1.0 : 0.0 }
    var next: [[Int]] = []
    for layer in (0..<layers).reversed() {
      let steps = (0..<length).map { bestStep(from: $0, layer, best, direction) }
      best = steps.map(\.score)
      next.append(steps.map(\.token))
    }
    return (0..<length).map { word in
      var nodes = [word]
      for row in next.reversed() { nodes.append(row[nodes[nodes.count - 1]]) }
      // A way that nothing flows along may end anywhere; a path ends at the target.
      if layers > 0 { nodes[layers] = target }
      return AttentionPath(nodes: nodes, score: best[word])
    }
  }

  private func bestStep(
    from token: Int, _ layer: Int, _ best: [Double], _ direction: PathDirection
  ) -> (token: Int, score: Double) {
    var found = (token: 0, score: -1.0)
    for next in 0..<length {
      let weight = direction == .flow ? self[layer, next, token] : self[layer, token, next]
      let score = weight * best[next]
      if score.isNaN { return (next, score) }
      if score > found.score { found = (next, score) }
    }
    return found
  }

  /// The product of the shares along `nodes`, which are positions before the first layer and after each.
  public func score(of nodes: [Int], direction: PathDirection = .flow) -> Double {
    precondition(nodes.count == layers + 1, "\(nodes.count) nodes for \(layers) layers")
    return (0..<layers).reduce(1) { product, layer in
      let (from, to) = (nodes[layer], nodes[layer + 1])
      return product * (direction == .flow ? self[layer, to, from] : self[layer, from, to])
    }
  }
}
