import Attribution
import Transformers
import Tensors

extension Route {
  /// In each row the node that `scores` says most of the word's influence flows through, by itself.
  ///
  /// - Parameter sign: -1 for a word of negative influence: the smallest scores are taken.
  init(word: Int, target: Int, sign: Int, scores: NodeScores) {
    let (sign, layers) = (Double(sign), scores.heads.count)
    let nodes =
      [word] + (1..<layers).map { row in first(ofLargest: scores.hidden[row].map { sign * $0 }) } + [target]
    let choices = (0..<layers).map { layer -> Int in
      let position = nodes[layer + 1]
      let heads = scores.heads[layer][position].map { sign * $0 }
      let best = first(ofLargest: heads)
      let stays = nodes[layer] == position
      return stays && sign * scores.skips[layer][position] >= heads[best] ? -1 : best
    }
    self.init(nodes: nodes, choices: choices)
  }

  /// The path with the largest product of attention, and on it the heads with the most attention.
  ///
  /// - Parameter attention: (A, n, n), query and key, of each layer
  init(_ path: AttentionPath, attention: [Tensor]) {
    let choices = attention.enumerated().map { layer, pattern -> Int in
      let (from, to) = (path.nodes[layer], path.nodes[layer + 1])
      if from == to { return -1 }
      let weights = (0..<pattern.shape[0]).map { pattern[$0][to].values[from] }
      return first(ofLargest: weights)
    }
    self.init(nodes: path.nodes, choices: choices)
  }

  /// The pattern's route with the best head in place of each skip connection.
  init(replacingSkipsOf pattern: WordPattern) {
    let route = Route(pattern, level: .attention)
    guard let attention = pattern.attention, let choices = route.choices else {
      preconditionFailure("no pattern of heads")
    }
    self.init(
      nodes: route.nodes,
      choices: choices.enumerated().map { layer, choice in
        choice < 0 ? first(ofLargest: attention.heads[layer]) : choice
      })
  }
}

/// The index of the first maximum.
func first<Number: Comparable>(ofLargest values: [Number]) -> Int {
  var best = 0
  for index in values.indices where values[index] > values[best] { best = index }
  return best
}
