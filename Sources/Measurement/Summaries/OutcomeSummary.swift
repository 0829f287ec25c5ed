/// How a model does on some rows.
public struct OutcomeSummary: Sendable, Equatable {
  public let rows: Int
  /// Rows that are right.
  public let correct: Int
  /// Mean of the quantity; NaN for no rows.
  public let mean: Double

  public init(rows: Int, correct: Int, mean: Double) {
    self.rows = rows
    self.correct = correct
    self.mean = mean
  }

  public init(_ outcomes: some Collection<Outcome>) {
    rows = outcomes.count
    correct = outcomes.reduce(0) { $0 + ($1.isCorrect ? 1 : 0) }
    mean = outcomes.reduce(0) { $0 + $1.value } / Double(outcomes.count)
  }

  /// Share of right rows; NaN for no rows.
  public var accuracy: Double { Double(correct) / Double(rows) }
}
