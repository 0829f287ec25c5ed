import ExactText
import Measurement
import Results

extension SweepResult.Row {
  /// nil when a field is missing. JSON has null for a number that is not finite.
  init?(saved record: Record) {
    func number(_ measure: SweepResult.Measure) -> Double? { record.saved(measure.rawValue) }
    guard case .string(let node)? = record["node"], let accuracy = number(.accuracy),
      let mean = number(.mean),
      let accuracyDifference = number(.accuracyDifference), let meanDifference = number(.meanDifference)
    else { return nil }
    self.init(
      node: node, accuracy: accuracy, mean: mean, accuracyDifference: accuracyDifference,
      meanDifference: meanDifference)
  }
}

extension OutcomeSummary {
  /// nil when a field is missing.
  init?(saved record: Record) {
    guard let rows = record.saved("rows").flatMap(Int.init(exactly:)),
      let correct = record.saved("correct").flatMap(Int.init(exactly:)), let mean = record.saved("qoi_mean")
    else { return nil }
    self.init(rows: rows, correct: correct, mean: mean)
  }

  /// As a file of rows has it.
  var savedRecord: Record {
    ["rows": Value(rows), "correct": Value(correct), "qoi_mean": .number(mean)]
  }
}
