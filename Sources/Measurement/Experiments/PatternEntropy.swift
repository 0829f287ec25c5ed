import Attribution
import ExactText
import RealModule

/// How much the patterns of the same word differ between sentences.
///
/// The words of a role have a distribution of patterns over the rows; its ``entropyInBits(_:)`` is 0 when all rows have the same
/// pattern. A pattern is its nodes, at the attention level with its heads and skip connections, at the third with what it takes beside
/// them: the feed-forward branch, its skip connection or neither.
public struct EntropySummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let role: String
    /// Words of the role.
    public let words: Int
    /// Different patterns among them.
    public let distinct: Int
    /// Bits.
    public let entropy: Double
    /// (L): of the node after each layer, at the attention level with what leads there.
    public let layers: [Double]
  }

  /// Rows of similar quantity. Q is what stands for confidence: how far the right answer is ahead of the wrong one.
  public struct Bin: Sendable, Equatable {
    public let rows: Int
    public let minimum: Double
    public let maximum: Double
    /// Mean Q.
    public let meanValue: Double
    /// Share of rows that the model answers right.
    public let accuracy: Double
    /// Mean over roles of the entropy within the bin.
    public let entropy: Double
  }

  public let level: PatternLevel
  /// In the order of positions.
  public let lines: [Line]
  /// Mean of the lines.
  public let mean: Double
  /// Equal numbers of rows (up to one), by ascending Q: few rows make low entropies, so only such bins compare.
  public let bins: [Bin]
  /// Spearman's correlation over rows of Q and how usual a row's patterns are, the mean over its words of log2 f(pattern):
  /// positive when sure rows have the usual patterns. nil where it is undefined.
  public let correlation: Double?

  /// - Parameter role: what the word at a position is
  public init(
    _ findings: [PatternFinding], level: PatternLevel, bins count: Int,
    role: (_ position: Int) -> String
  ) {
    let table = RoleTable(findings, level, role)
    self.level = level
    lines = table.roles.map(table.line)
    mean = Measurement.mean(lines.map(\.entropy))
    let order = findings.indices.sorted { (findings[$0].value, $0) < (findings[$1].value, $1) }
    bins = (0..<count).compactMap { bin in
      let rows = order[order.count * bin / count..<order.count * (bin + 1) / count]
      guard let first = rows.first, let last = rows.last else { return nil }
      return Bin(
        rows: rows.count, minimum: findings[first].value, maximum: findings[last].value,
        meanValue: Measurement.mean(rows.map { findings[$0].value }),
        accuracy: Measurement.mean(rows.map { findings[$0].isCorrect ? 1 : 0 }),
        entropy: table.entropy(of: Set(rows)))
    }
    let usual = table.usualness(rows: findings.count)
    let pairs = zip(findings.map(\.value), usual).compactMap { value, usual in usual.map { (value, $0) } }
    correlation = rankCorrelation(pairs.map(\.0), pairs.map(\.1))
  }
}

/// The words of each role.
private struct RoleTable {
  struct Entry {
    let row: Int
    /// For each layer the node after it, at the attention level the head or skip connection, and at the third whether it
    /// goes on through the feed-forward branch.
    let steps: [[Int]]
  }

  private(set) var roles: [String] = []
  private var entries: NameTable<[Entry]> = [:]

  init(_ findings: [PatternFinding], _ level: PatternLevel, _ role: (_ position: Int) -> String) {
    let words = findings.enumerated().flatMap { row, finding in finding.words.map { (row, $0) } }
    for (row, word) in words.sorted(by: { ($0.1.position, $0.0) < ($1.1.position, $1.0) }) {
      let name = role(word.position)
      let steps = word.choices.indices.map { layer -> [Int] in
        let choice = level >= .attention ? [word.choices[layer]] : []
        // Where there is no choice the head says so.
        let branch = level == .feedForward ? [word.feedForward?.steps[layer] == .feedForward ? 1 : 0] : []
        return [word.nodes[layer + 1]] + choice + branch
      }
      if entries[name] == nil { roles.append(name) }
      entries[name, default: []].append(Entry(row: row, steps: steps))
    }
  }

  func line(_ role: String) -> EntropySummary.Line {
    let steps = (entries[role] ?? []).map(\.steps)
    return EntropySummary.Line(
      role: role, words: steps.count, distinct: Set(steps).count, entropy: entropyInBits(steps),
      layers: (steps.first ?? []).indices.map { layer in entropyInBits(steps.map { $0[layer] }) })
  }

  /// Mean over the roles that some of `rows` have.
  func entropy(of rows: Set<Int>) -> Double {
    mean(
      roles.compactMap { role in
        let own = (entries[role] ?? []).filter { rows.contains($0.row) }
        return own.isEmpty ? nil : entropyInBits(own.map(\.steps))
      })
  }

  /// For each row the mean over its words of log2 of their pattern's frequency; nil without words.
  func usualness(rows: Int) -> [Double?] {
    var sums = [(sum: Double, count: Int)](repeating: (0, 0), count: rows)
    for role in roles {
      let own = entries[role] ?? []
      let counts = frequencies(own.map(\.steps))
      for entry in own {
        let share = Double(counts[entry.steps] ?? 0) / Double(own.count)
        sums[entry.row].sum += Double.log2(share)
        sums[entry.row].count += 1
      }
    }
    return sums.map { $0.count == 0 ? nil : $0.sum / Double($0.count) }
  }
}
