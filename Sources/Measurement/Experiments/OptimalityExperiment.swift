import Attribution

/// How many other patterns of a word carry less of its influence than the one that guided refinement found.
public struct OptimalityExperiment: Experiment {
  /// Random patterns of each word; all of them when there are no more.
  public let samples: Int
  public let levels: [PatternLevel]

  public init(samples: Int, levels: [PatternLevel] = PatternLevel.allCases) {
    (self.samples, self.levels) = (samples, levels)
  }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [OptimalityFinding] {
    let patterns = try context.patterns(rows)
    // One list of routes for each row: all words and levels after another.
    let groups = zip(rows, patterns).map { row, sentence in
      sentence.words.map { word in
        levels.enumerated().map { index, level -> [Route] in
          var generator = context.generator(row, use: UInt64(100 + index) << 32 + UInt64(word.position))
          let sampler = RouteSampler(
            word: word.position, target: sentence.target, length: context.rows[row].length,
            layers: context.layers, heads: context.heads, level: level)
          return [Route(word, level: level)] + sampler.routes(samples, using: &generator)
        }
      }
    }
    let values = try context.attributor.influence(
      of: groups.map { $0.flatMap { $0.flatMap { $0 } } }, in: rows.map { context.rows[$0].input },
      options: context.options, check: context.check)
    return zip(zip(patterns, groups), values).map { pair, values in
      var rest = values[...]
      let words = zip(pair.0.words, pair.1).map { word, levels in
        levels.map { routes -> Double in
          defer { rest = rest.dropFirst(routes.count) }
          return rank(routes, rest.prefix(routes.count).map { Double(word.sign) * $0 })
        }
      }
      return OptimalityFinding(ranks: levels.indices.map { level in words.map { $0[level] } })
    }
  }

  /// Of the other routes, the share with a smaller value than the first; equal values count half. 1 without others, NaN
  /// where values have no order.
  private func rank(_ routes: [Route], _ values: [Double]) -> Double {
    guard values.allSatisfy({ !$0.isNaN }) else { return .nan }
    let others = zip(routes, values).filter { $0.0 != routes[0] }.map(\.1)
    if others.isEmpty { return 1 }
    return mean(others.map { $0 == values[0] ? 0.5 : $0 < values[0] ? 1 : 0 })
  }
}

/// Ranks of one sentence's patterns.
public struct OptimalityFinding: Finding, Equatable {
  /// (levels, words): 1 when no other pattern carries as much, 0.5 for the middle.
  public let ranks: [[Double]]

  init(ranks: [[Double]]) { self.ranks = ranks }

  public var numbers: NamedNumbers {
    NamedNumbers(ranks.enumerated().map { ("ranks\($0.offset)", $0.element) })
  }

  public init?(numbers: NamedNumbers) {
    let lists = numbers.fields.filter { $0.name.hasPrefix("ranks") }
    guard !lists.isEmpty, lists.enumerated().allSatisfy({ $0.element.name == "ranks\($0.offset)" }) else {
      return nil
    }
    ranks = lists.map(\.values)
  }
}

public struct OptimalitySummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let level: PatternLevel
    public let words: Int
    /// Mean and lowest rank over all words of all rows.
    public let meanRank: Double
    public let lowestRank: Double
    /// Share of words whose pattern no other one exceeds in the sample.
    public let best: Double
  }

  public let lines: [Line]

  public init(_ findings: [OptimalityFinding], levels: [PatternLevel]) {
    lines = levels.enumerated().map { index, level in
      let ranks = findings.flatMap { $0.ranks[index] }
      return Line(
        level: level, words: ranks.count, meanRank: mean(ranks),
        lowestRank: ranks.contains(where: \.isNaN) ? .nan : ranks.min() ?? .nan,
        best: mean(ranks.map { $0.isNaN ? .nan : $0 == 1 ? 1 : 0 }))
    }
  }
}
