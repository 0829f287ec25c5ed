import ExactText
import Measurement
import Results

/// Rows of measurements in files.
extension TaskMeasurement.Row {
  var record: Record {
    var record: Record = ["case": .string(caseName), "questions": Value(questions)]
    record["qoi"] = .number(outcome.value)
    record["correct"] = .bool(outcome.isCorrect)
    if let intact {
      record["intact_qoi"] = .number(intact.outcome.value)
      record["intact_correct"] = .bool(intact.outcome.isCorrect)
      record["kl"] = .number(intact.divergence)
    }
    return record
  }

  /// nil when a field is missing.
  init?(saved record: Record) {
    func outcome(_ value: String, _ correct: String) -> Outcome? {
      guard let value = record.saved(value), case .bool(let isCorrect)? = record[correct] else { return nil }
      return Outcome(value: value, isCorrect: isCorrect)
    }
    guard case .string(let caseName)? = record["case"],
      let questions = record.saved("questions").flatMap(Int.init(exactly:)),
      let own = outcome("qoi", "correct")
    else { return nil }
    var intact: Intact?
    if let other = outcome("intact_qoi", "intact_correct") {
      guard let divergence = record.saved("kl") else { return nil }
      intact = Intact(outcome: other, divergence: divergence)
    }
    self.init(caseName: caseName, questions: questions, outcome: own, intact: intact)
  }
}
