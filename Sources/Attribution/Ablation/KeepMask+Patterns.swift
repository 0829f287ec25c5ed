import Transformers

/// How much of a network patterns single out.
public enum PatternLevel: String, Sendable, CaseIterable, Comparable {
  /// Hidden states; all heads and skip connections stay.
  case embedding
  /// Hidden states, and of heads and skip connections only those that some pattern takes.
  case attention
  /// The same, and of feed-forward branches and their skip connections only those that some pattern takes.
  case feedForward = "feedforward"

  public static func < (a: PatternLevel, b: PatternLevel) -> Bool {
    let order: [PatternLevel] = [.embedding, .attention, .feedForward]
    return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
  }
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
    self.init(
      keepingNoHidden: true, noAttention: level == .attention, length: length, layers: layers, heads: heads)
    keep(kept, of: patterns.target)
    for word in patterns.words {
      precondition(level == .embedding || word.attention != nil, "a pattern without heads")
      let choices = level == .attention ? word.attention?.choices : nil
      keep(Node.path(through: word.embedding.nodes, choices: choices), length: length)
    }
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
    self.init(
      keepingNoHidden: true, noAttention: level == .attention, length: length, layers: layers, heads: heads)
    keep(kept, of: target)
    for route in routes {
      precondition(level == .embedding || route.choices != nil, "a pattern without heads")
      keep((level == .attention ? route : route.withoutChoices).path, length: length)
    }
  }

  private mutating func keep(_ kept: KeptTarget, of target: Int) {
    guard kept != .nothing else { return }
    for row in hidden?.indices ?? 0..<0 { hidden?[row][target] = true }
    guard kept == .statesAndSkips else { return }
    for layer in skips?.indices ?? 0..<0 { skips?[layer][target] = true }
  }

  private mutating func keep(_ nodes: [Node], length: Int) {
    for node in nodes { keep(node, length: length) }
  }
}
