import Attribution

/// The patterns of a sentence's words in numbers: what summaries of patterns are made of.
public struct PatternFinding: Finding, Equatable {
  public struct Word: Sendable, Equatable {
    public let position: Int
    /// Of the input, and of the pattern at each level; with their own signs.
    public let input: Double
    public let embedding: Double
    public let attention: Double
    /// ``WordPattern/sign``: -1 if the input influence is negative, else 1, also for 0 and NaN.
    public let sign: Int
    /// (L+1) positions.
    public let nodes: [Int]
    /// (L): a head, or -1 for the skip connection.
    public let choices: [Int]
    /// Of the third level; nil where it was not searched.
    public let feedForward: FeedForward?
  }

  public struct FeedForward: Sendable, Equatable {
    public let influence: Double
    /// (L): nil where a parallel block is entered by a head.
    public let steps: [FeedForwardPattern.Step?]
  }

  /// Q(x): how sure the model is of the right answer.
  public let value: Double
  /// Whether the model's answer is right.
  public let isCorrect: Bool
  /// n.
  public let length: Int
  public let words: [Word]

  init(value: Double, isCorrect: Bool, length: Int, words: [Word]) {
    (self.value, self.isCorrect, self.length, self.words) = (value, isCorrect, length, words)
  }

  init(_ patterns: SentencePatterns, isCorrect: Bool) {
    self.isCorrect = isCorrect
    value = patterns.inputs.quantity
    length = patterns.inputs.influence.count
    words = patterns.words.map { word in
      let route = Route(word, level: .attention)
      return Word(
        position: word.position, input: word.influence, embedding: word.embedding.influence,
        attention: word.attention?.influence ?? .nan, sign: word.sign, nodes: route.nodes,
        choices: route.choices ?? [],
        feedForward: word.feedForward.map { FeedForward(influence: $0.influence, steps: $0.steps) })
    }
  }
}

extension [PatternFinding] {
  /// Whether the patterns of all words, of which there are some, were refined to the third level.
  var reachThirdLevel: Bool {
    let words = flatMap(\.words)
    return !words.isEmpty && words.allSatisfy { $0.feedForward != nil }
  }
}

extension PatternFinding {
  public var numbers: NamedNumbers { NamedNumbers(pathNumbers.fields + feedForwardNumbers) }

  private var pathNumbers: NamedNumbers {
    NamedNumbers([
      "qoi": [value], "correct": [isCorrect ? 1 : 0], "tokens": [Double(length)],
      "positions": words.map { Double($0.position) },
      "influence": words.map(\.input), "embedding": words.map(\.embedding),
      "attention": words.map(\.attention), "signs": words.map { Double($0.sign) },
      "nodes": words.flatMap { $0.nodes.map(Double.init) },
      "heads": words.flatMap { $0.choices.map(Double.init) },
    ])
  }

  /// Of each step: -1 for none, 0 for the skip connection, 1 for the branch. Left out where some word has no third level.
  private var feedForwardNumbers: [(name: String, values: [Double])] {
    let found = words.compactMap(\.feedForward)
    guard !found.isEmpty, found.count == words.count else { return [] }
    let codes = found.flatMap { $0.steps.map { Double(Self.codes.firstIndex(of: $0) ?? 0) - 1 } }
    return [("feedforward", found.map(\.influence)), ("branches", codes)]
  }

  private static let codes: [FeedForwardPattern.Step?] = [nil, .skip, .feedForward]

  /// Of each of `words` words; nil when the numbers do not fit.
  private static func feedForwards(_ numbers: NamedNumbers, words: Int, layers: Int) -> [FeedForward?]? {
    guard let influences = numbers["feedforward"] else {
      return numbers["branches"] == nil ? Array(repeating: nil, count: words) : nil
    }
    guard let steps = numbers.wholes("branches"), influences.count == words, steps.count == words * layers,
      steps.allSatisfy({ codes.indices.contains($0 + 1) })
    else { return nil }
    return influences.indices.map { i in
      FeedForward(
        influence: influences[i], steps: steps[i * layers..<(i + 1) * layers].map { codes[$0 + 1] })
    }
  }

  public init?(numbers: NamedNumbers) {
    guard let value = numbers.number("qoi"), let correct = numbers.number("correct"),
      let length = numbers.number("tokens").flatMap(Int.init(exactly:)),
      let positions = numbers.wholes("positions"), let input = numbers["influence"],
      let embedding = numbers["embedding"], let attention = numbers["attention"],
      let signs = numbers.wholes("signs"), let nodes = numbers.wholes("nodes"),
      let choices = numbers.wholes("heads")
    else { return nil }
    let count = positions.count
    guard [input.count, embedding.count, attention.count, signs.count].allSatisfy({ $0 == count }),
      nodes.count == choices.count + count, count == 0 || choices.count % count == 0
    else { return nil }
    let layers = count == 0 ? 0 : choices.count / count
    guard let feedForwards = Self.feedForwards(numbers, words: count, layers: layers) else { return nil }
    self.value = value
    isCorrect = correct == 1
    self.length = length
    words = positions.indices.map { i in
      Word(
        position: positions[i], input: input[i], embedding: embedding[i], attention: attention[i],
        sign: signs[i],
        nodes: Array(nodes[i * (layers + 1)..<(i + 1) * (layers + 1)]),
        choices: Array(choices[i * layers..<(i + 1) * layers]), feedForward: feedForwards[i])
    }
  }
}

/// Searches the patterns of each row: ``ConcentrationSummary``, ``PathShareSummary``, ``SkipSummary`` and
/// ``EntropySummary`` are made of them.
public struct PatternExperiment: Experiment {
  public init() {}

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [PatternFinding] {
    let outcomes = try context.evaluator.outcomes(rows.map { context.rows[$0].probe() })
    return zip(try context.patterns(rows), outcomes).map { PatternFinding($0, isCorrect: $1.isCorrect) }
  }
}
