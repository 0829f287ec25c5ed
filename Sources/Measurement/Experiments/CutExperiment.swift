import Attribution
import ExactText
import Transformers

/// What the quantity loses when the attention edges of a word's pattern are cut, beside patterns of the same shape that are drawn
/// at random and as many of the edges that matter most on their own by ``Attributor/attentionEdgeScores(_:by:options:check:progress:)``.
public struct CutExperiment: Experiment {
  public let mode: AttentionCut.Mode
  /// Random patterns of each word.
  public let samples: Int
  /// Whether zeros take the place of the patterns' skip connections too.
  public let cutsSkips: Bool

  public init(by mode: AttentionCut.Mode, samples: Int, cutsSkips: Bool) {
    (self.mode, self.samples, self.cutsSkips) = (mode, samples, cutsSkips)
  }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [CutFinding] {
    try zip(rows, context.patterns(rows)).map { row, sentence in
      try context.check()
      let scores = try context.attributor.attentionEdgeScores(
        [context.rows[row].input], by: mode, options: context.options, check: context.check)[0]
      return try finding(
        row, sentence, RankedEdges(scores, context, length: context.rows[row].length), context)
    }
  }

  private func finding(
    _ row: Int, _ sentence: SentencePatterns, _ ranked: RankedEdges, _ context: ExperimentContext
  ) throws -> CutFinding {
    let (experimentRow, length) = (context.rows[row], context.rows[row].length)
    let masks = (0..<context.layers).map(context.model.configuration.blocks.mask)
    var (contests, left): ([Contest], Int) = ([], 0)
    for word in sentence.words {
      guard let route = word.route else { preconditionFailure("a pattern without heads") }
      let own = cut(route, masks, length)
      guard !own.isEmpty else {
        left += 1
        continue
      }
      var generator = context.generator(row, use: UInt64(300) << 32 + UInt64(word.position))
      let shape = RouteShape(route, masks: masks, heads: context.heads, length: length)
      let random = (0..<samples).map { _ in cut(shape.random(&generator), masks, length) }
      let count = own.cuts.count
      let strongest = [count, min(1, count)].map { count in
        Interventions(cuts: ranked.best(count, sign: word.sign, mode).map { AttentionCut($0, by: mode) })
      }
      contests.append(Contest(word: word, interventions: [own] + strongest + random))
    }
    let probes =
      [experimentRow.probe()] + contests.flatMap { $0.interventions.map { experimentRow.probe($0) } }
    let values = try context.evaluator.outcomes(probes).map(\.value)
    var rest = values.dropFirst()
    let words = contests.map { contest in
      let own = rest.prefix(contest.interventions.count)
      rest = rest.dropFirst(own.count)
      return CutFinding.Word(contest.word, costs: own.map { values[0] - $0 })
    }
    return CutFinding(value: values[0], words: words, withoutEdges: left)
  }

  /// Where edges are masked, without those that are all that a reader reads.
  private func cut(_ route: Route, _ masks: [AttentionMask], _ length: Int) -> Interventions {
    let edges = route.edges.filter {
      mode == .zero || masks[$0.layer].keys(of: $0.reader, length: length).count > 1
    }
    let skips = cutsSkips ? route.skips.map { Replacement(node: $0, value: .zero) } : []
    return Interventions(skips, cuts: edges.map { AttentionCut($0, by: mode) })
  }

  private struct Contest {
    let word: WordPattern
    /// The pattern's own, the strongest edges, the strongest one, then random patterns.
    let interventions: [Interventions]
  }
}

/// The attention edges of a sentence by their scores.
private struct RankedEdges {
  private let edges: [(edge: AttentionEdge, score: Double)]
  private let masks: [AttentionMask]
  private let length: Int

  /// The largest score first.
  init(_ scores: AttentionEdgeScores, _ context: ExperimentContext, length: Int) {
    let masks = (0..<context.layers).map(context.model.configuration.blocks.mask)
    (self.masks, self.length) = (masks, length)
    edges = (0..<context.layers).flatMap { layer in
      (0..<context.heads).flatMap { head in
        (0..<length).flatMap { reader in
          masks[layer].keys(of: reader, length: length).map {
            AttentionEdge(layer: layer, head: head, reader: reader, read: $0)
          }
        }
      }
    }.map { ($0, scores[$0]) }.filter(\.1.isFinite).sorted { ($1.1, $0.0) < ($0.1, $1.0) }
  }

  /// Those that raise the quantity most, for a sign of -1 those that lower it most. No reader is left with nothing under masks.
  func best(_ count: Int, sign: Int, _ mode: AttentionCut.Mode) -> [AttentionEdge] {
    var (best, taken): ([AttentionEdge], [[Int]: Int]) = ([], [:])
    for place in edges.indices where best.count < count {
      let edge = edges[sign < 0 ? edges.count - 1 - place : place].edge
      let reader = [edge.layer, edge.head, edge.reader]
      let keys = masks[edge.layer].keys(of: edge.reader, length: length).count
      guard mode == .zero || taken[reader, default: 0] + 1 < keys else { continue }
      taken[reader, default: 0] += 1
      best.append(edge)
    }
    return best
  }
}

/// What cuts cost in one sentence.
public struct CutFinding: Finding, Equatable {
  public struct Word: Sendable, Equatable {
    public let position: Int
    /// Of the word, and of its pattern at the attention level; with their own signs.
    public let input: Double
    public let pattern: Double
    /// -1 where the word lowers the quantity.
    public let sign: Int
    /// What the quantity loses when the pattern's edges are cut, as many of the strongest edges, the strongest one, and in the mean
    /// over random patterns of the same shape.
    public let cost: Double
    public let strongest: Double
    public let single: Double
    public let random: Double
    /// The share of the random patterns that cost less in the word's direction, of which equal ones count half.
    public let rank: Double

    /// - Parameter costs: of the pattern, the strongest edges, the strongest one, and the random patterns
    fileprivate init(_ word: WordPattern, costs: [Double]) {
      (position, input, sign) = (word.position, word.influence, word.sign)
      pattern = word.attention?.influence ?? .nan
      (cost, strongest, single) = (costs[0], costs[1], costs[2])
      let others = costs.dropFirst(3)
      random = mean(Array(others))
      let own = Double(word.sign) * costs[0]
      // Costs are differences of logits: what is nearer than they are rounded is equal.
      let noise = 1e-5 * (1 + abs(own))
      let shares = others.map { other -> Double in
        let difference = own - Double(word.sign) * other
        return abs(difference) < noise ? 0.5 : difference > 0 ? 1 : 0
      }
      rank = mean(shares)
    }

    fileprivate init(_ values: [Double]) {
      (position, input, pattern, sign) = (Int(values[0]), values[1], values[2], Int(values[3]))
      (cost, strongest, single, random, rank) = (values[4], values[5], values[6], values[7], values[8])
    }

    fileprivate var values: [Double] {
      [Double(position), input, pattern, Double(sign), cost, strongest, single, random, rank]
    }
  }

  /// Q(x).
  public let value: Double
  /// Those whose patterns have an edge to cut.
  public let words: [Word]
  /// How many have none.
  public let withoutEdges: Int

  init(value: Double, words: [Word], withoutEdges: Int) {
    (self.value, self.words, self.withoutEdges) = (value, words, withoutEdges)
  }

  private static let names = [
    "positions", "influence", "pattern", "signs", "cost", "strongest", "single", "random", "rank",
  ]

  public var numbers: NamedNumbers {
    let columns = Self.names.enumerated().map { index, name in
      (name: name, values: words.map { $0.values[index] })
    }
    return NamedNumbers(
      [(name: "qoi", values: [value]), (name: "without_edges", values: [Double(withoutEdges)])] + columns)
  }

  public init?(numbers: NamedNumbers) {
    let columns = Self.names.compactMap { numbers[$0] }
    guard let value = numbers.number("qoi"), let left = numbers.wholes("without_edges"), left.count == 1,
      columns.count == Self.names.count, columns.allSatisfy({ $0.count == columns[0].count }),
      numbers.wholes("positions") != nil, numbers.wholes("signs") != nil
    else { return nil }
    self.init(
      value: value, words: columns[0].indices.map { word in Word(columns.map { $0[word] }) },
      withoutEdges: left[0])
  }
}

public struct CutSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    /// nil for all.
    public let role: String?
    public let isPositive: Bool
    public let words: Int
    /// Means over the words.
    public let pattern: Double
    public let cost: Double
    public let random: Double
    public let rank: Double
    public let strongest: Double
    public let single: Double
  }

  /// Of all words by sign, then of each role.
  public let lines: [Line]
  /// Words whose pattern goes through no edge that can be cut.
  public let withoutEdges: Int
  /// Spearman's, of the patterns' influences with what cutting them costs, over all words; nil where it is not defined.
  public let correlation: Double?

  public init(_ findings: [CutFinding], role: (_ position: Int) -> String) {
    let words = findings.flatMap(\.words)
    let roles: [String?] = [nil] + Set(words.map(\.position)).sorted().map(role)
    lines = roles.flatMap { name in
      [true, false].compactMap { isPositive in
        let own = words.filter { ($0.sign > 0) == isPositive && (name == nil || role($0.position) == name) }
        return own.isEmpty ? nil : Line(name, isPositive, own)
      }
    }
    withoutEdges = findings.reduce(0) { $0 + $1.withoutEdges }
    correlation = rankCorrelation(words.map(\.pattern), words.map(\.cost))
  }
}

extension CutSummary.Line {
  fileprivate init(_ role: String?, _ isPositive: Bool, _ words: [CutFinding.Word]) {
    self.init(
      role: role, isPositive: isPositive, words: words.count, pattern: mean(words.map(\.pattern)),
      cost: mean(words.map(\.cost)), random: mean(words.map(\.random)), rank: mean(words.map(\.rank)),
      strongest: mean(words.map(\.strongest)), single: mean(words.map(\.single)))
  }
}
