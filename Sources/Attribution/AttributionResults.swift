/// Integrated gradients of one sentence.
///
/// Sundararajan, Taly, Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.
public struct InputInfluence: Sendable, Equatable {
  /// (n): mean over the path of <dQ/dword_i, x_i - b_i>; 0 for padding and for words that do not move.
  public let influence: [Double]
  /// Q(x), under the input's interventions, as Q(b).
  public let quantity: Double
  /// Q(b).
  public let quantityAtBaseline: Double
  /// K.
  public let points: Int

  package init(influence: [Double], quantity: Double, quantityAtBaseline: Double, points: Int) {
    self.influence = influence
    self.quantity = quantity
    self.quantityAtBaseline = quantityAtBaseline
    self.points = points
  }

  /// sum(influence) - (Q(x) - Q(b)): tends to 0 as K grows.
  public var completenessGap: Double {
    influence.reduce(0, +) - (quantity - quantityAtBaseline)
  }
}

/// The patterns of a sentence's words.
///
/// Lu, Wang, Mardziel, Datta, "Influence Patterns for Explaining Information Flow in BERT", NeurIPS 2021.
public struct SentencePatterns: Sendable, Equatable {
  public let target: Int
  public let inputs: InputInfluence
  public let words: [WordPattern]

  package init(target: Int, inputs: InputInfluence, words: [WordPattern]) {
    self.target = target
    self.inputs = inputs
    self.words = words
  }
}

/// How the influence of one word flows to the quantity of interest.
public struct WordPattern: Sendable, Equatable {
  /// i, the word.
  public let position: Int
  /// Its input influence.
  public let influence: Double
  /// -1 if the influence is negative, else 1: the search maximises sign * influence.
  public let sign: Int
  public let embedding: EmbeddingPattern
  /// nil when it was not asked for, or when several nodes of a layer are kept.
  public let attention: AttentionPattern?
  /// The same of the third level.
  public let feedForward: FeedForwardPattern?

  package init(
    position: Int, influence: Double, sign: Int, embedding: EmbeddingPattern, attention: AttentionPattern?,
    feedForward: FeedForwardPattern? = nil
  ) {
    self.position = position
    self.influence = influence
    self.sign = sign
    self.embedding = embedding
    self.attention = attention
    self.feedForward = feedForward
  }
}

/// The hidden states a word's influence flows through.
public struct EmbeddingPattern: Sendable, Equatable {
  /// (L+1) rows of positions, best first: row 0 is the word, row L the target; one position in each unless
  /// several are kept.
  public let nodes: [[Int]]
  /// Influence of all paths through these nodes, with its own sign. When several nodes are kept: that of the best
  /// single node of row L-1.
  public let influence: Double
  /// (L, n): entry [l][j] is sign * influence of the paths through the nodes of rows 0...l and position j of row l+1.
  ///
  /// The last row is 0 but at the target, the only position that the quantity reads: there it is what flows through
  /// the nodes kept in row L-1, all of which leads to the target.
  public let steps: [[Float]]

  package init(nodes: [[Int]], influence: Double, steps: [[Float]]) {
    self.nodes = nodes
    self.influence = influence
    self.steps = steps
  }
}

/// The heads and skip connections that a pattern's influence flows through.
public struct AttentionPattern: Sendable, Equatable {
  /// (L): a head, or -1 for the skip connection.
  public let choices: [Int]
  /// Influence of the one path through these choices, with its own sign.
  public let influence: Double
  /// (L, A): sign * influence of the paths through the choices of earlier layers and this head; heads and skip of later
  /// layers are free at the pattern's nodes.
  public let heads: [[Float]]
  /// (L): the same through the skip connection; 0 where the pattern moves to another position.
  public let skips: [Float]
  /// (L): influence through the choice, with its own sign.
  public let values: [Double]

  package init(choices: [Int], influence: Double, heads: [[Float]], skips: [Float], values: [Double]) {
    self.choices = choices
    self.influence = influence
    self.heads = heads
    self.skips = skips
    self.values = values
  }
}

/// The feed-forward branches and their skip connections that a pattern's influence flows through: a level of our own, below
/// the paper's two.
public struct FeedForwardPattern: Sendable, Equatable {
  public enum Step: String, Sendable, CaseIterable {
    case feedForward = "mlp"
    case skip
  }

  /// (L); nil where the pattern enters a parallel block by a head, and so passes neither.
  public let steps: [Step?]
  /// Influence of the one path through these, with its own sign.
  public let influence: Double
  /// (L): sign * influence through the branch, and through its skip connection, given the choices of earlier layers; both of
  /// later layers are free at the pattern's nodes. nil where there is no choice.
  public let feedForwards: [Float?]
  public let skips: [Float?]

  package init(steps: [Step?], influence: Double, feedForwards: [Float?], skips: [Float?]) {
    (self.steps, self.influence, self.feedForwards, self.skips) = (steps, influence, feedForwards, skips)
  }
}
