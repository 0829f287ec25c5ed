/// Influence patterns as a drawing: words down the left, a column of nodes for each layer, edges towards the
/// target. After figure 3 of Lu et al., NeurIPS 2021.
public struct PatternPlot: Sendable {
  public struct Word: Sendable {
    public let position: Int
    public let token: String
    /// Signed influences, drawn as bars; nil where there is none.
    public let input: Double?
    public let embedding: Double?
    public let attention: Double?
    public let feedForward: Double?

    public init(
      position: Int, token: String, input: Double?, embedding: Double?, attention: Double?,
      feedForward: Double? = nil
    ) {
      self.position = position
      self.token = token
      self.input = input
      self.embedding = embedding
      self.attention = attention
      self.feedForward = feedForward
    }
  }

  /// A step of one or more patterns through one block.
  public struct Edge: Sendable {
    public enum Route: Sendable, Hashable {
      case skip
      case head(Int)
      /// Embedding level: through the block as a whole.
      case block
    }

    /// What a step goes on through at the third level.
    public enum Branch: String, Sendable, Hashable {
      case feedForward = "mlp"
      case skip
    }

    /// The block, from 0: the edge leads from column `layer` to column `layer + 1`.
    public let layer: Int
    public let from: Int
    public let to: Int
    public let route: Route
    /// nil where it is not told, or a head of a parallel block leads past both.
    public let branch: Branch?
    /// Signed influence of the patterns that use the edge; its sign gives the colour.
    public let influence: Double
    /// What sets the width, relative to the widest: |influence| for one sentence, frequency (0...1) for many.
    public let weight: Double
    /// Positions of the words whose patterns use the edge, ascending.
    public let words: [Int]

    public init(
      layer: Int, from: Int, to: Int, route: Route, branch: Branch? = nil, influence: Double, weight: Double,
      words: [Int]
    ) {
      self.layer = layer
      self.from = from
      self.to = to
      self.route = route
      self.branch = branch
      self.influence = influence
      self.weight = weight
      self.words = words
    }
  }

  /// E.g. "is - are, demo".
  public let title: String
  /// E.g. "one sentence" or "100 sentences of obj_rel_across_anim"; may be empty.
  public let subtitle: String
  /// Every position, in order.
  public let words: [Word]
  /// L: there are L + 1 columns.
  public let layers: Int
  /// Position that the quantity of interest reads.
  public let target: Int
  public let edges: [Edge]
  /// Whether the widths are frequencies over many sentences.
  public let isAggregate: Bool
  /// Share of the sum of |influence|, of every kind, below which a word's patterns are not drawn; 0 draws all.
  public let hidesBelow: Double

  /// - Precondition: edges lie within the layers and, like the target, at positions of words, no two of which
  ///   are the same.
  public init(
    title: String, subtitle: String, words: [Word], layers: Int, target: Int, edges: [Edge],
    isAggregate: Bool, hidesBelow: Double = 0.05
  ) {
    let positions = Set(words.map(\.position))
    precondition(positions.count == words.count, "a position occurs twice in \(words.map(\.position))")
    precondition(words.isEmpty || positions.contains(target), "no word at the target position \(target)")
    for edge in edges {
      precondition((0..<layers).contains(edge.layer), "an edge at layer \(edge.layer) of \(layers)")
      precondition(
        positions.isSuperset(of: edge.words + [edge.from, edge.to]),
        "no word at one of the positions \(edge.from), \(edge.to), \(edge.words) of an edge")
    }
    self.title = title
    self.subtitle = subtitle
    self.words = words
    self.layers = layers
    self.target = target
    self.edges = edges
    self.isAggregate = isAggregate
    self.hidesBelow = hidesBelow
  }
}

extension PatternPlot {
  /// Positions of the words whose share of the sum of |influence| is below ``hidesBelow`` for every kind of influence, that on the
  /// input and those through their patterns.
  ///
  /// A word without an influence of some kind has share 0 of it. Where no word has any, none is hidden.
  public var hiddenPositions: Set<Int> {
    let kinds: [(Word) -> Double?] = [\.input, \.embedding, \.attention, \.feedForward]
    let magnitudes = kinds.map { kind in
      words.map { word in kind(word).map(abs).flatMap { $0.isFinite ? $0 : nil } ?? 0 }
    }.filter { $0.contains { $0 > 0 } }
    guard !magnitudes.isEmpty else { return [] }
    let hidden = words.indices.filter { index in
      magnitudes.allSatisfy { $0[index] / $0.reduce(0, +) < hidesBelow }
    }
    return Set(hidden.map { words[$0].position })
  }

  /// The edges that a word not hidden uses, and those of no known word.
  public var shownEdges: [Edge] {
    let hidden = hiddenPositions
    return edges.filter { edge in edge.words.isEmpty || !hidden.isSuperset(of: edge.words) }
  }
}
