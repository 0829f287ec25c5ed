/// How much of a network patterns single out.
public enum PatternLevel: String, Sendable, CaseIterable {
  /// Hidden states; all heads and skip connections stay.
  case embedding
  /// Hidden states, and of heads and skip connections only those that some pattern takes.
  case attention
}

extension KeepMask {
  /// What of the target stays besides what patterns take: they end there, and the target has none of its own.
  public enum KeptTarget: Sendable {
    case nothing
    /// Its state in every row.
    case states
    /// Its state in every row, and at the attention level all its skip connections.
    case statesAndSkips
  }

  /// The union of the patterns of a sentence's words. Row 0 keeps the words that have a pattern.
  ///
  /// - Parameters:
  ///   - length: n
  ///   - heads: A
  /// - Precondition: nodes are within the length; at the attention level each word has a pattern of heads.
  public init(
    patterns: SentencePatterns, level: PatternLevel, length: Int, layers: Int, heads: Int,
    keeping kept: KeptTarget = .statesAndSkips
  ) {
    self.init(nothingOf: level, length: length, layers: layers, heads: heads)
    keep(kept, of: patterns.target)
    for word in patterns.words { keep(word.embedding.nodes, choices: word.attention?.choices) }
  }

  /// The union of routes. Row 0 keeps the words that routes start from.
  ///
  /// - Parameters:
  ///   - length: n
  ///   - heads: A
  /// - Precondition: nodes are within the length; at the attention level routes have choices.
  package init(
    routes: [Route], target: Int, level: PatternLevel, length: Int, layers: Int, heads: Int,
    keeping kept: KeptTarget = .statesAndSkips
  ) {
    self.init(nothingOf: level, length: length, layers: layers, heads: heads)
    keep(kept, of: target)
    for route in routes { keep(route.nodes.map { [$0] }, choices: route.choices) }
  }

  private init(nothingOf level: PatternLevel, length: Int, layers: Int, heads: Int) {
    let none = Array(repeating: false, count: length)
    self.init(hidden: Array(repeating: none, count: layers + 1))
    guard level == .attention else { return }
    skips = Array(repeating: none, count: layers)
    self.heads = Array(
      repeating: Array(repeating: Array(repeating: false, count: heads), count: length), count: layers)
  }

  private mutating func keep(_ kept: KeptTarget, of target: Int) {
    guard kept != .nothing else { return }
    for row in hidden?.indices ?? 0..<0 { hidden?[row][target] = true }
    guard kept == .statesAndSkips else { return }
    for layer in skips?.indices ?? 0..<0 { skips?[layer][target] = true }
  }

  /// - Parameters:
  ///   - nodes: (L+1) sets of positions
  ///   - choices: (L): the head, or -1 for the skip connection, that leads to the only node of the next row
  private mutating func keep(_ nodes: [[Int]], choices: [Int]?) {
    for (row, positions) in nodes.enumerated() {
      for position in positions { hidden?[row][position] = true }
    }
    guard skips != nil else { return }
    guard let choices else { preconditionFailure("a pattern without heads") }
    for (layer, choice) in choices.enumerated() {
      let position = nodes[layer + 1][0]
      if choice < 0 { skips?[layer][position] = true } else { heads?[layer][position][choice] = true }
    }
  }
}
