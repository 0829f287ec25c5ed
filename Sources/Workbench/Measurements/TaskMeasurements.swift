import ExactText
import Language
import Results

/// How a model does on several tasks: a table with a row for each. What a task does not have is null.
struct TaskMeasurements: InterventionResult {
  let all: [TaskMeasurement]

  /// Of one task its own measurement; nil of none.
  static func value(_ all: [TaskMeasurement]) -> Value? {
    if all.count > 1 { return .object(TaskMeasurements(all: all)) }
    return all.first.map { .object($0) }
  }

  var typeName: String { "table" }

  var summary: String { all.map(\.summary).joined(separator: "; ") }

  var interventions: [String] { all.first?.interventions ?? [] }

  var fields: Record { ["rows": .list(all.map { .record($0.fields) })] }

  var table: Table? { Self.table(all.map(\.fields)) }

  var sheet: Table? { Self.table(all.flatMap(\.sheetRows)) }

  /// Cases and other records do not fit a line.
  var display: Value { .table(Self.table(all.map { $0.shownFields.filter { !$0.value.isRecord } })) }

  /// One row a record, a column for each field that one of them has.
  static func table(_ records: [Record]) -> Table {
    let columns = records.reduce(into: [String]()) { columns, record in
      columns += record.keys.filter { !columns.contains($0) }
    }
    return Table(columns: columns, rows: records.map { record in columns.map { record[$0] ?? .null } })
  }
}

extension Value {
  fileprivate var isRecord: Bool {
    if case .record = self { true } else { false }
  }
}
