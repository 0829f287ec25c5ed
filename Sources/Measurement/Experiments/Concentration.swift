import Attribution

/// How much of the words' influence their patterns carry.
///
/// For one sentence, with I_i the input influence of word i and p_i that of its pattern,
///
///     C+ = sum_{i: s_i > 0} p_i / sum_{i: s_i > 0} I_i
///
/// with s_i the sign that the search maximised for, ``PatternFinding/Word/sign``, and the same for s_i < 0. A pattern leaves
/// out paths of either sign, so a concentration may exceed 1. Means are over the sentences that have a word of the sign with
/// any influence; an influence that is NaN makes the positive one NaN.
public struct ConcentrationSummary: Sendable, Equatable {
  public struct Mean: Sendable, Equatable {
    /// NaN when no sentence has a word of the sign.
    public let positive: Double
    public let negative: Double
  }

  public let rows: Int
  public let embedding: Mean
  public let attention: Mean
  /// nil where the third level was not searched.
  public let feedForward: Mean?

  public init(_ findings: [PatternFinding]) {
    rows = findings.count
    func means(_ pattern: (PatternFinding.Word) -> Double) -> Mean {
      let ratios = findings.map { finding in
        [1, -1].map { sign in concentration(of: finding.words.filter { $0.sign == sign }, pattern) }
      }
      return Mean(
        positive: mean(ratios.compactMap { $0[0] }), negative: mean(ratios.compactMap { $0[1] }))
    }
    embedding = means(\.embedding)
    attention = means(\.attention)
    feedForward =
      findings.reachThirdLevel ? means { $0.feedForward?.influence ?? .nan } : nil
  }
}

extension ConcentrationSummary {
  /// nil where the level was not searched.
  public subscript(level: PatternLevel) -> Mean? {
    switch level {
    case .embedding: embedding
    case .attention: attention
    case .feedForward: feedForward
    }
  }
}

/// nil without influence.
private func concentration(
  of words: [PatternFinding.Word], _ pattern: (PatternFinding.Word) -> Double
) -> Double? {
  let total = words.reduce(0) { $0 + $1.input }
  return total == 0 ? nil : words.reduce(0) { $0 + pattern($1) } / total
}
