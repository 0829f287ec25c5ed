import Transformers

/// How much of a network patterns single out.
public enum PatternLevel: String, Sendable, CaseIterable, Comparable {
  /// Hidden states; all heads and skip connections stay.
  case embedding
  /// Hidden states, and of heads and skip connections only those that some pattern takes.
  case attention
  /// The same, and of feed-forward branches and their skip connections only those that some pattern takes: our own.
  case feedForward = "feedforward"

  public static func < (a: PatternLevel, b: PatternLevel) -> Bool {
    let order: [PatternLevel] = [.embedding, .attention, .feedForward]
    return (order.firstIndex(of: a) ?? 0) < (order.firstIndex(of: b) ?? 0)
  }

  /// As sentences name it.
  package var title: String { self == .feedForward ? "feed-forward" : rawValue }

  /// The two of Lu et al.
  public static let published: [PatternLevel] = [.embedding, .attention]
}

extension KeepMask {
  /// What of the target stays besides what patterns take: they end there, and the target has none of its own.
  public enum KeptTarget: Sendable {
    case nothing
    /// Its state in every row.
    case states
    /// Its state in every row, at the attention level all its skip connections, at the third level also those beside its
    /// feed-forward branches.
    case statesAndSkips
  }

  /// The union of the patterns of a sentence's words. Row 0 keeps the words that have a pattern.
  ///
  /// - Parameters:
  ///   - length: n
  ///   - heads: A
  /// - Precondition: nodes are within the length; each word has a pattern of the level.
  public init(
    patterns: SentencePatterns, level: PatternLevel, length: Int, layers: Int, heads: Int,
    keeping kept: KeptTarget = .statesAndSkips
  ) {
    self.init(level: level, length: length, layers: layers, heads: heads)
    keep(kept, of: patterns.target)
    for word in patterns.words {
      precondition(level <= word.finestLevel, "a pattern that does not go to the level")
      let path = Node.path(
        through: word.embedding.nodes, choices: level >= .attention ? word.attention?.choices : nil,
        steps: level == .feedForward ? word.feedForward?.steps : nil)
      keep(path, length: length)
    }
  }

  /// The union of routes. Row 0 keeps the words that routes start from.
  ///
  /// - Parameters:
  ///   - length: n
  ///   - heads: A
  /// - Precondition: nodes are within the length; routes go to the level.
  package init(
    routes: [Route], target: Int, level: PatternLevel, length: Int, layers: Int, heads: Int,
    keeping kept: KeptTarget = .statesAndSkips
  ) {
    self.init(level: level, length: length, layers: layers, heads: heads)
    keep(kept, of: target)
    for route in routes { keep(route.coarsened(to: level).path, length: length) }
  }

  private init(level: PatternLevel, length: Int, layers: Int, heads: Int) {
    self.init(keepingNo: level.kinds, length: length, layers: layers, heads: heads)
  }

  private mutating func keep(_ kept: KeptTarget, of target: Int) {
    guard kept != .nothing else { return }
    for row in hidden?.indices ?? 0..<0 { hidden?[row][target] = true }
    guard kept == .statesAndSkips else { return }
    for layer in skips?.indices ?? 0..<0 { skips?[layer][target] = true }
    for layer in feedForwardSkips?.indices ?? 0..<0 { feedForwardSkips?[layer][target] = true }
  }

  private mutating func keep(_ nodes: [Node], length: Int) {
    for node in nodes { keep(node, length: length) }
  }
}

extension WordPattern {
  /// How far it was refined.
  public var finestLevel: PatternLevel {
    feedForward != nil ? .feedForward : attention != nil ? .attention : .embedding
  }

  /// Of its pattern, with its own sign; nil where it was not refined so far.
  public func influence(at level: PatternLevel) -> Double? {
    switch level {
    case .embedding: embedding.influence
    case .attention: attention?.influence
    case .feedForward: feedForward?.influence
    }
  }
}

extension PatternLevel {
  /// What patterns of the level go through.
  package var kinds: Set<KeepMask.Kind> {
    switch self {
    case .embedding: [.hidden]
    case .attention: [.hidden, .attention]
    case .feedForward: [.hidden, .attention, .feedForward]
    }
  }
}
