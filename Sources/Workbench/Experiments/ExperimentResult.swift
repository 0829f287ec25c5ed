import Language
import Results

/// The tables of an experiment, and a drawing where there is a natural one.
struct ExperimentResult: InterventionResult, RowsByContent {
  let kind: ExperimentKind
  let taskName: String
  let modelName: String
  /// Finished, and asked for.
  let rows: Int
  let requested: Int
  /// How it was made: points, baseline, seed, ...
  let settings: Record
  /// What was done to the network.
  let interventions: [String]
  let report: ExperimentReport

  var typeName: String { "experiment" }

  var summary: String {
    let settings = settings.map { "\($0.key) \(Self.text($0.value))" }.joined(separator: ", ")
    let missing = requested > rows ? ", interrupted before the other \(requested - rows)" : ""
    return "\(kind.rawValue) on \(taskName), \(rows) \(rows == 1 ? "row" : "rows")\(missing)"
      + (settings.isEmpty ? "" : "; \(settings)")
  }

  var table: Table? { report.table }

  var fields: Record {
    var fields: Record = [
      "experiment": .string(kind.rawValue), "task": .string(taskName), "model": .string(modelName),
      "rows": Value(rows), "requested": Value(requested),
    ]
    fields.merge(settings) { own, _ in own }
    fields.state(interventions)
    fields["table"] = .table(report.table)
    fields.merge(report.more) { own, _ in own }
    fields.merge(report.details) { own, _ in own }
    if let figure = report.figure { fields["figure"] = .figure(figure) }
    return fields
  }

  var display: Value {
    .list([.string(summary), .table(report.table)] + report.more.map { ["\($0.key)": $0.value] })
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .string(let text): text
    default: value.typeName
    }
  }
}

/// What an experiment's findings come to.
struct ExperimentReport {
  var table: Table
  /// Further tables and numbers, by name.
  var more: Record = [:]
  /// Those that are too long to be shown.
  var details: Record = [:]
  var figure: Figure?
}
