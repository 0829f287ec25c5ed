import ExactText

/// How often attention-level patterns pass through the skip connection.
public struct SkipSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    /// What the words are; nil for all words.
    public let role: String?
    /// By ``PatternFinding/Word/sign``.
    public let isPositive: Bool
    /// Words of the role and sign.
    public let words: Int
    /// (L): of these words, the share whose pattern takes the skip connection of the layer; NaN without words.
    public let layers: [Double]

    /// Mean over the layers.
    public var mean: Double { layers.reduce(0, +) / Double(layers.count) }
  }

  /// All words first, then by role in the order in which these come up in the sentences; positive before negative.
  public let lines: [Line]

  /// - Parameter role: what the word at a position is
  public init(_ findings: [PatternFinding], layers: Int, role: (_ position: Int) -> String) {
    let words = findings.flatMap(\.words).map { (role: role($0.position), word: $0) }
    let roles = Array(NameList(words.sorted { $0.word.position < $1.word.position }.map(\.role)))
    lines = ([nil] + roles).flatMap { name in
      [true, false].map { isPositive in
        let chosen = words.filter { (name == nil || $0.role == name) && ($0.word.sign > 0) == isPositive }
        return Line(
          role: name, isPositive: isPositive, words: chosen.count,
          layers: (0..<layers).map { layer in
            Measurement.mean(chosen.map { $0.word.choices[layer] < 0 ? 1 : 0 })
          })
      }
    }
  }
}
