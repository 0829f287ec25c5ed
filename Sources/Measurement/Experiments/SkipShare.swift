import Attribution
import ExactText

/// How often patterns pass through skip connections: at the attention level that of the attention branch, at the third that of
/// the feed-forward branch.
public struct SkipSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    /// What the words are; nil for all words.
    public let role: String?
    /// By ``PatternFinding/Word/sign``.
    public let isPositive: Bool
    /// Words of the role and sign.
    public let words: Int
    /// (L): of these words, the share whose pattern takes the skip connection of the layer, of those that have a choice;
    /// NaN without any.
    public let layers: [Double]

    /// Mean over the layers that have one.
    public var mean: Double {
      let known = layers.filter { !$0.isNaN }
      return known.reduce(0, +) / Double(known.count)
    }
  }

  /// All words first, then by role in the order in which these come up in the sentences; positive before negative.
  public let lines: [Line]

  /// - Parameters:
  ///   - level: attention or feed-forward
  ///   - role: what the word at a position is
  public init(
    _ findings: [PatternFinding], level: PatternLevel = .attention, layers: Int,
    role: (_ position: Int) -> String
  ) {
    let words = findings.flatMap(\.words).map { (role: role($0.position), word: $0) }
    let roles = Array(NameList(words.sorted { $0.word.position < $1.word.position }.map(\.role)))
    lines = ([nil] + roles).flatMap { name in
      [true, false].map { isPositive in
        let chosen = words.filter { (name == nil || $0.role == name) && ($0.word.sign > 0) == isPositive }
        return Line(
          role: name, isPositive: isPositive, words: chosen.count,
          layers: (0..<layers).map { layer in
            Measurement.mean(chosen.compactMap { $0.word.skips(layer, level) }.map { $0 ? 1 : 0 })
          })
      }
    }
  }
}

extension PatternFinding.Word {
  /// nil where there is no choice.
  fileprivate func skips(_ layer: Int, _ level: PatternLevel) -> Bool? {
    level == .feedForward ? (feedForward?.steps[layer] ?? nil).map { $0 == .skip } : choices[layer] < 0
  }
}
