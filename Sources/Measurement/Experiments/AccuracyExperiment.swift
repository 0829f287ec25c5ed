/// Whether the intact model answers each row rightly: all criteria above 0.
public struct AccuracyExperiment: Experiment {
  public init() {}

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [OutcomeFinding] {
    try context.evaluator.outcomes(rows.map { context.rows[$0].probe() }).map(OutcomeFinding.init)
  }
}

public struct OutcomeFinding: Finding, Equatable {
  /// Q.
  public let value: Double
  public let isCorrect: Bool

  init(_ outcome: Outcome) { (value, isCorrect) = (outcome.value, outcome.isCorrect) }

  public var numbers: NamedNumbers { NamedNumbers(["qoi": [value], "correct": [isCorrect ? 1 : 0]]) }

  public init?(numbers: NamedNumbers) {
    guard let value = numbers.number("qoi"), let correct = numbers.number("correct") else { return nil }
    (self.value, isCorrect) = (value, correct == 1)
  }
}

/// Some rows' outcomes.
public struct AccuracySummary: Sendable, Equatable {
  public let rows: Int
  /// Share of rows that are right.
  public let accuracy: Double
  /// Mean Q.
  public let meanValue: Double

  public init(_ findings: [OutcomeFinding]) {
    rows = findings.count
    accuracy = mean(findings.map { $0.isCorrect ? 1 : 0 })
    meanValue = mean(findings.map(\.value))
  }
}
