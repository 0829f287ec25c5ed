import Measurement
import Results

/// A task as scripts see it: `task.rows[3].sentence`.
struct TaskValue: ObjectValue {
  let task: MaskedTask

  var typeName: String { "task" }
  var summary: String { "\(task.name): \(task.rows.count) rows, cases \(cases.joined(separator: " "))" }

  var fields: Record {
    let rows = task.rows.map { row -> Value in
      [
        "case": .string(row.caseName), "sentence": .string(row.sentence), "correct": .string(row.correct),
        "wrong": .string(row.wrong),
      ]
    }
    return [
      "name": .string(task.name), "count": Value(rows.count), "cases": .strings(cases), "rows": .list(rows),
    ]
  }

  private var cases: [String] { Set(task.rows.map(\.caseName)).sorted() }
}
