import Transformers

/// A set of paths from a word to the quantity of interest, given by nodes they must go through.
///
/// Nodes of one cut are alternatives: a path goes through one of the pattern's nodes of each row of hidden states that
/// has any, through one of the pattern's queries, keys, values and skip connections of each layer that has any of the first
/// three, through one of its heads and skip connections of each layer that has any, and through one of its feed-forward branches
/// and the skip connections beside them of each layer that has any. Everything else is free.
///
/// In parallel blocks heads, feed-forward branch and its skip connection are one cut: a path takes one of the three.
public struct PathPattern: Sendable, Hashable {
  /// The word the paths start from; nil for all words together.
  public var word: Int?
  /// Hidden states, queries, keys, values, heads, feed-forward branches and skip connections; one without a position stands for
  /// all positions.
  public var nodes: [Node]

  public init(word: Int?, nodes: [Node]) {
    self.word = word
    self.nodes = nodes
  }
}

/// A pattern as masks: what is open in each row and layer of one sentence, whose positions are those of its real tokens.
struct PathMask {
  private struct Head: Hashable {
    let head: Int
    let position: Int
  }

  private struct Projected: Hashable {
    let component: Node.Component
    let position: Int
  }

  let word: Int?
  /// Open positions of each row; nil when all are.
  private var hidden: [Set<Int>?]
  /// Open queries, keys and values of each layer; nil when all are.
  private var projected: [Set<Projected>?]
  /// Open heads and skip connections of each layer; nil when all are.
  private var heads: [Set<Head>?]
  private var skips: [Set<Int>?]
  /// Open feed-forward branches and their skip connections; nil when all are.
  private var feedForwards: [Set<Int>?]
  private var feedForwardSkips: [Set<Int>?]

  /// Nothing is closed but what other words move.
  init(word: Int?, layers: Int) {
    self.word = word
    hidden = Array(repeating: nil, count: layers + 1)
    projected = Array(repeating: nil, count: layers)
    heads = Array(repeating: nil, count: layers)
    skips = Array(repeating: nil, count: layers)
    feedForwards = skips
    feedForwardSkips = skips
  }

  /// - Throws: `PlaceFault` for a node that the model or the sentence does not have, ``AttributionFault`` for one at
  ///   padding, or that no path goes through.
  init(_ pattern: PathPattern, _ sentence: Sentence, _ configuration: TransformerConfiguration) throws {
    let bounds = PlaceBounds(configuration, length: sentence.paddedLength)
    if let word = pattern.word { try bounds.check(.position, word) }
    self.init(word: try pattern.word.map(sentence.token), layers: configuration.layers)
    for node in pattern.nodes {
      try bounds.check(node)
      let positions = try node.position.map { [try sentence.token(at: $0)] } ?? Array(0..<sentence.length)
      try open(node, at: positions)
      // Of a parallel block only the skip connection's part leads to either.
      if configuration.blocks.isParallel, node.component.isInFeedForward, let layer = node.layer {
        try open(.skip(layer: layer), at: positions)
      }
    }
    closeAlternatives()
  }

  /// Where nodes of the attention are named no skip connection leads past them, and past a skip connection alone no head.
  private mutating func closeAlternatives() {
    for layer in heads.indices {
      if heads[layer] != nil || projected[layer] != nil {
        skips[layer] = skips[layer] ?? []
      } else if skips[layer] != nil {
        heads[layer] = []
      }
    }
  }

  private mutating func open(_ node: Node, at positions: [Int]) throws {
    switch (node.component, node.row, node.layer) {
    case (_, let row?, _): hidden[row] = (hidden[row] ?? []).union(positions)
    case (.query, _, let layer?), (.key, _, let layer?), (.value, _, let layer?):
      let component = node.component
      projected[layer] = (projected[layer] ?? [])
        .union(positions.map { Projected(component: component, position: $0) })
    case (.head(let head), _, let layer?):
      heads[layer] = (heads[layer] ?? []).union(positions.map { Head(head: head, position: $0) })
    case (.skip, _, let layer?): skips[layer] = (skips[layer] ?? []).union(positions)
    case (.feedForward, _, let layer?):
      feedForwards[layer] = (feedForwards[layer] ?? []).union(positions)
      feedForwardSkips[layer] = feedForwardSkips[layer] ?? []
    case (.feedForwardSkip, _, let layer?):
      feedForwardSkips[layer] = (feedForwardSkips[layer] ?? []).union(positions)
      feedForwards[layer] = feedForwards[layer] ?? []
    default: throw AttributionFault.notInPatterns(node)
    }
  }

  func isRestricted(row: Int) -> Bool { hidden[row] != nil }
  /// In heads or skip connections.
  func isRestricted(layer: Int) -> Bool { heads[layer] != nil || skips[layer] != nil }
  func isRestricted(projectionsOf layer: Int) -> Bool { projected[layer] != nil }
  func isRestricted(feedForward layer: Int) -> Bool { feedForwards[layer] != nil }

  func isOpen(row: Int, position: Int) -> Bool { hidden[row]?.contains(position) ?? true }
  /// Of a query, a key or a value.
  func isOpen(layer: Int, _ component: Node.Component, position: Int) -> Bool {
    projected[layer]?.contains(Projected(component: component, position: position)) ?? true
  }
  func isOpen(layer: Int, skip position: Int) -> Bool { skips[layer]?.contains(position) ?? true }
  func isOpen(layer: Int, feedForward position: Int) -> Bool {
    feedForwards[layer]?.contains(position) ?? true
  }
  func isOpen(layer: Int, feedForwardSkip position: Int) -> Bool {
    feedForwardSkips[layer]?.contains(position) ?? true
  }
  func isOpen(layer: Int, head: Int, position: Int) -> Bool {
    heads[layer]?.contains(Head(head: head, position: position)) ?? true
  }
}
