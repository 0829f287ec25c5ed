import ExactText
import Language
import Measurement
import RealModule
import Rendering
import Results

/// How a model does on a task.
struct TaskMeasurement: InterventionResult {
  struct Row: Sendable {
    /// The row in the network without interventions.
    struct Intact: Sendable {
      let outcome: Outcome
      /// KL(intact || changed) in nats, summed over the row's questions.
      let divergence: Double
    }

    let caseName: String
    /// How often the model was asked: once, or once for each token that is scored.
    let questions: Int
    let outcome: Outcome
    let intact: Intact?
  }

  let taskName: String
  let kind: MeasurementTask.Kind
  let modelName: String
  let rows: [Row]
  /// Rows that were left out since they cannot be used.
  let skipped: Int
  let interventions: [String]

  var typeName: String { "measurement" }

  var summary: String {
    let start = "\(taskName): \(rows.count) \(rows.count == 1 ? "row" : "rows"), "
    return start
      + (hasAnswers ? "accuracy \(shown(all.accuracy))" : "\(shown(scorePerToken ?? .nan)) nats a token")
  }

  /// Whether rows are right or wrong.
  var hasAnswers: Bool { kind != .text }

  var fields: Record {
    var fields: Record = [
      "task": .string(taskName), "model": .string(modelName), "rows": Value(rows.count),
      "skipped": Value(skipped),
    ]
    fields.merge(hasAnswers ? answerFields : scoreFields) { own, _ in own }
    fields.state(interventions)
    return fields
  }

  var display: Value { .record(shownFields) }

  /// Intervals on one line each, and no cases where there are none. What the result was computed under stands before it
  /// in any case.
  var shownFields: Record {
    fields.filter { $0.key != "interventions" && !$0.value.isEmptyRecord }.mapValues { value in
      if case .record(let record) = value { return .record(record.filter { !$0.value.isEmptyRecord }) }
      guard case .list(let bounds) = value, case .number(let lower)? = bounds.first,
        case .number(let upper)? = bounds.last
      else { return value }
      return .string("\(shown(lower)) to \(shown(upper))")
    }
  }
}

extension TaskMeasurement {
  var sheet: Table? { TaskMeasurements.table(sheetRows) }

  /// All rows together and each case; what is said of all rows alone is null for a case.
  var sheetRows: [Record] {
    guard hasAnswers else { return [fields.filter { $0.value.isCell && $0.key != "model" }] }
    let compares = intactRows.count == rows.count
    let intact = compares ? cases { $0.intact?.outcome } : []
    let total = sheetRow("all", of: rows, intact: compares ? OutcomeSummary(intactRows.map(\.outcome)) : nil)
    let further = fields.filter { ["kl_mean", "agreement"].contains($0.key) }
    return [total.merging(further) { own, _ in own }]
      + cases.enumerated().map { index, entry in
        sheetRow(
          entry.name, of: rows.filter { $0.caseName == entry.name },
          intact: compares ? intact[index].summary : nil)
      }
  }

  private func sheetRow(_ name: String, of rows: [Row], intact: OutcomeSummary?) -> Record {
    let summary = OutcomeSummary(rows.map(\.outcome))
    let accuracy = ConfidenceInterval.wilson(successes: summary.correct, of: summary.rows)
    let mean = ConfidenceInterval.mean(of: rows.map(\.outcome.value))
    var row: Record = ["task": .string(taskName), "case": .string(name), "rows": Value(summary.rows)]
    row["accuracy"] = .number(summary.accuracy)
    row["accuracy_low"] = .number(accuracy.lower)
    row["accuracy_high"] = .number(accuracy.upper)
    row["qoi_mean"] = .number(summary.mean)
    row["qoi_low"] = mean.map { .number($0.lower) } ?? .null
    row["qoi_high"] = mean.map { .number($0.upper) } ?? .null
    if let intact {
      row["intact_accuracy"] = .number(intact.accuracy)
      row["intact_qoi_mean"] = .number(intact.mean)
    }
    return row
  }
}

extension Value {
  fileprivate var isCell: Bool {
    switch self {
    case .number, .string, .bool, .null: true
    default: false
    }
  }

  fileprivate var isEmptyRecord: Bool {
    if case .record(let record) = self { record.isEmpty } else { false }
  }
}

/// For lines of text.
func shown(_ number: Double) -> String { formatNumber(number, precision: 5) }

// MARK: Rows with a right answer

extension TaskMeasurement {
  var all: OutcomeSummary { OutcomeSummary(rows.map(\.outcome)) }

  /// Rows whose quantity is not finite.
  var unanswered: Int { rows.count { !$0.outcome.value.isFinite } }

  private var intactRows: [Row.Intact] { rows.compactMap(\.intact) }

  /// By case, sorted; empty for a task without cases.
  var cases: [(name: String, summary: OutcomeSummary)] { cases { $0.outcome } }

  private func cases(_ outcome: (Row) -> Outcome?) -> [(name: String, summary: OutcomeSummary)] {
    Dictionary(grouping: rows) { Name($0.caseName) }.filter { $0.key != "" }.sorted { $0.key < $1.key }
      .map { ($0.key.text, OutcomeSummary($0.value.compactMap(outcome))) }
  }

  private var answerFields: Record {
    let outcomes = rows.map(\.outcome)
    let accuracy = ConfidenceInterval.wilson(successes: all.correct, of: all.rows)
    var fields = all.measures
    fields["accuracy_interval"] = accuracy.bounds
    fields["qoi_interval"] = ConfidenceInterval.mean(of: outcomes.map(\.value))?.bounds ?? .null
    fields["cases"] = .record(Self.record(cases))
    guard intactRows.count == rows.count else { return fields }
    return fields.merging(comparison) { own, _ in own }
  }

  private var comparison: Record {
    let pairs = zip(rows, intactRows)
    let agreeing = pairs.filter { $0.outcome.isCorrect == $1.outcome.isCorrect }.count
    let differences = pairs.map { $0.outcome.value - $1.outcome.value }
    var intact = OutcomeSummary(intactRows.map(\.outcome)).measures
    intact["cases"] = .record(Self.record(cases { $0.intact?.outcome }))
    return [
      "intact": .record(intact), "kl_mean": meanDivergence,
      "qoi_difference": .number(differences.reduce(0, +) / Double(differences.count)),
      "qoi_difference_interval": ConfidenceInterval.mean(of: differences)?.bounds ?? .null,
      "agreement": .number(Double(agreeing) / Double(rows.count)),
    ]
  }

  private static func record(_ cases: [(name: String, summary: OutcomeSummary)]) -> Record {
    Record(uniqueKeysWithValues: cases.map { ($0.name, .record($0.summary.record)) })
  }

  private var questions: Int { rows.reduce(0) { $0 + $1.questions } }

  private var meanDivergence: Value {
    .number(intactRows.reduce(0) { $0 + $1.divergence } / Double(questions))
  }
}

// MARK: Rows with a score alone

extension TaskMeasurement {
  /// Mean pseudo-log-likelihood of a token; nil when none is scored.
  var scorePerToken: Double? { perToken { $0.outcome.value } }

  private func perToken(_ score: (Row) -> Double) -> Double? {
    questions > 0 ? rows.reduce(0) { $0 + score($1) } / Double(questions) : nil
  }

  private var scoreFields: Record {
    var fields: Record = ["tokens": Value(questions)]
    guard let score = scorePerToken else { return fields }
    fields["score_mean"] = .number(all.mean)
    fields["score_interval"] = ConfidenceInterval.mean(of: rows.map(\.outcome.value))?.bounds ?? .null
    fields["score_per_token"] = .number(score)
    fields["pseudo_perplexity"] = .number(Double.exp(-score))
    guard intactRows.count == rows.count, let intact = perToken({ $0.intact?.outcome.value ?? .nan }) else {
      return fields
    }
    fields["intact"] = [
      "score_per_token": .number(intact), "pseudo_perplexity": .number(Double.exp(-intact)),
    ]
    fields["kl_mean"] = meanDivergence
    fields["score_difference"] = .number(score - intact)
    return fields
  }
}

extension OutcomeSummary {
  var measures: Record { ["accuracy": .number(accuracy), "qoi_mean": .number(mean)] }

  var record: Record { ["rows": Value(rows), "accuracy": .number(accuracy), "qoi_mean": .number(mean)] }
}

extension ConfidenceInterval {
  var bounds: Value { [.number(lower), .number(upper)] }
}
