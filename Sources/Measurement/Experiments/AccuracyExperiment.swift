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

  public var outcome: Outcome { Outcome(value: value, isCorrect: isCorrect) }

  public var numbers: NamedNumbers { NamedNumbers(["qoi": [value], "correct": [isCorrect ? 1 : 0]]) }

  public init?(numbers: NamedNumbers) {
    guard let value = numbers.number("qoi"), let correct = numbers.number("correct") else { return nil }
    (self.value, isCorrect) = (value, correct == 1)
  }
}
