import Attribution

/// How many other patterns of a word carry less of its influence than the one that guided refinement found.
public struct OptimalityExperiment: Experiment {
  /// Random patterns of each word; all of them when there are no more.
  public let samples: Int
  public let levels: [PatternLevel]

  public init(samples: Int, levels: [PatternLevel] = PatternLevel.published) {
    (self.samples, self.levels) = (samples, levels)
  }

  /// Routes that are made and followed at a time: enough for the forward pass to cost little beside them, few enough to
  /// take about a megabyte and to stop soon.
  private static let routesAtOnce = 4096

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [OptimalityFinding] {
    try zip(rows, context.patterns(rows)).map { row, sentence in
      var contests = contests(row, sentence, context)
      while let part = contests.next(Self.routesAtOnce) {
        try context.check()
        let values = try context.attributor.influence(
          of: [part.flatMap(\.routes)], in: [context.rows[row].input], options: context.options,
          check: context.check)[0]
        contests.add(values, of: part)
      }
      return OptimalityFinding(contests.comparisons, words: sentence.words.count)
    }
  }

  /// Of all levels and words.
  private func contests(_ row: Int, _ sentence: SentencePatterns, _ context: ExperimentContext) -> Contests {
    let configuration = context.model.configuration
    let blocks = configuration.blocks
    let masks = (0..<context.layers).map(blocks.mask)
    return Contests(
      levels.enumerated().flatMap { index, level in
        sentence.words.map { word in
          let generator = context.generator(row, use: UInt64(100 + index) << 32 + UInt64(word.position))
          let sampler = RouteSampler(
            word: word.position, target: sentence.target, length: context.rows[row].length,
            heads: context.heads, level: level, masks: masks, isParallel: blocks.isParallel)
          return (Route(word, level: level), word.sign, sampler.routes(samples, generator))
        }
      })
  }
}

/// Patterns beside others of the same word, some of these at a time.
private struct Contests {
  /// A pattern and then others to compare it with in the same computation, so that equal ones are rounded equally.
  struct Part {
    let contest: Int
    let routes: [Route]
  }

  private var contests: [(route: Route, sign: Int, others: RouteIterator)]
  private(set) var comparisons: [Comparison]
  /// The first whose others are not all taken.
  private var current = 0

  init(_ contests: [(Route, Int, RouteIterator)]) {
    self.contests = contests
    comparisons = Array(repeating: Comparison(), count: contests.count)
  }

  /// Parts of about `count` routes together; nil at the end.
  mutating func next(_ count: Int) -> [Part]? {
    var (parts, missing): ([Part], Int) = ([], count)
    while current < contests.count, missing > 0 {
      let route = contests[current].route
      let taken = contests[current].others.next(missing)
      parts.append(Part(contest: current, routes: [route] + taken.filter { $0 != route }))
      if taken.count < missing { current += 1 }
      missing -= taken.count + 1
    }
    return parts.isEmpty ? nil : parts
  }

  /// - Parameter values: of the routes of `parts`
  mutating func add(_ values: [Double], of parts: [Part]) {
    var rest = values[...]
    for part in parts {
      let own = rest.prefix(part.routes.count).map { Double(contests[part.contest].sign) * $0 }
      comparisons[part.contest].add(own.dropFirst(), beside: own[0])
      rest = rest.dropFirst(own.count)
    }
  }
}

/// How a value compares with others.
private struct Comparison {
  private var (smaller, equal, larger) = (0, 0, 0)
  private var isDefined = true

  mutating func add(_ others: some Sequence<Double>, beside value: Double) {
    if value.isNaN { isDefined = false }
    for other in others {
      if other < value { smaller += 1 } else if other > value { larger += 1 } else { equal += 1 }
      if other.isNaN { isDefined = false }
    }
  }

  /// The share of the others that are smaller, of which equal ones count half; 1 without others, NaN when a value is NaN.
  var rank: Double {
    let count = smaller + equal + larger
    guard isDefined else { return .nan }
    return count == 0 ? 1 : (Double(smaller) + Double(equal) / 2) / Double(count)
  }

  /// How many others are larger; NaN when a value is NaN.
  var exceeding: Double { isDefined ? Double(larger) : .nan }
}

/// Ranks of one sentence's patterns.
public struct OptimalityFinding: Finding, Equatable {
  /// (levels, words): 1 when no other pattern carries as much, 0.5 for the middle; NaN for an influence that is NaN.
  public let ranks: [[Double]]
  /// (levels, words): how many other patterns carry more; NaN likewise.
  public let exceeding: [[Double]]

  /// - Parameter comparisons: (levels, words)
  fileprivate init(_ comparisons: [Comparison], words: Int) {
    let levels = stride(from: 0, to: comparisons.count, by: max(1, words)).map {
      comparisons[$0..<$0 + words]
    }
    ranks = levels.map { $0.map(\.rank) }
    exceeding = levels.map { $0.map(\.exceeding) }
  }

  public var numbers: NamedNumbers {
    NamedNumbers(
      ranks.indices.flatMap { level -> [(name: String, values: [Double])] in
        [("ranks\(level)", ranks[level]), ("exceeding\(level)", exceeding[level])]
      })
  }

  public init?(numbers: NamedNumbers) {
    let levels = 0..<numbers.fields.count / 2
    ranks = levels.compactMap { numbers["ranks\($0)"] }
    exceeding = levels.compactMap { numbers["exceeding\($0)"] }
    // One list of each kind for each level, of the same words.
    guard !levels.isEmpty, ranks.count == levels.count, ranks.map(\.count) == exceeding.map(\.count) else {
      return nil
    }
  }
}

public struct OptimalitySummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let level: PatternLevel
    public let words: Int
    /// Mean and lowest rank over all words of all rows; NaN, like `best`, when one is.
    public let meanRank: Double
    public let lowestRank: Double
    /// Share of words whose pattern no other one of the sample exceeds; others may equal it.
    public let best: Double
  }

  public let lines: [Line]

  public init(_ findings: [OptimalityFinding], levels: [PatternLevel]) {
    lines = levels.enumerated().map { index, level in
      let ranks = findings.flatMap { $0.ranks[index] }
      return Line(
        level: level, words: ranks.count, meanRank: mean(ranks),
        lowestRank: ranks.contains(where: \.isNaN) ? .nan : ranks.min() ?? .nan,
        best: mean(findings.flatMap { $0.exceeding[index] }.map { $0.isNaN ? .nan : $0 == 0 ? 1 : 0 }))
    }
  }
}
