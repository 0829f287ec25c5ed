import Language
import Measurement
import Results

/// A task as scripts see it: `task.rows[3].sentence`.
struct TaskValue: ObjectValue {
  let task: MeasurementTask

  var typeName: String { "task" }

  var summary: String {
    let count = task.rows.count
    return "\(task.name): \(count) \(count == 1 ? "row" : "rows"), \(task.kind.rawValue)" + casesSummary
  }

  private var casesSummary: String {
    let cases = task.cases
    guard !cases.isEmpty else { return "" }
    let more = cases.count > 12 ? " ... (\(cases.count))" : ""
    return (cases.count == 1 ? ", case " : ", cases ") + cases.prefix(12).joined(separator: " ") + more
  }

  var fields: Record {
    [
      "name": .string(task.name), "kind": .string(task.kind.rawValue), "count": Value(task.rows.count),
      "cases": .strings(task.cases), "rows": .list(task.rows.map { .record($0.fields) }),
    ]
  }
}

extension MeasurementTask.Row {
  /// What scripts read of a row; the names depend on the kind of task.
  var fields: Record {
    let own: Record =
      switch content {
      case .masked(let sentence, let correct, let wrong):
        ["sentence": .string(sentence), "correct": .string(correct), "wrong": .string(wrong)]
      case .pair(let good, let bad, let id):
        ["good": .string(good), "bad": .string(bad), "id": .string(id)]
      case .labelled(let sentence, let label): ["sentence": .string(sentence), "label": .string(label)]
      case .text(let sentence): ["sentence": .string(sentence)]
      }
    let place: Record = ["line": Value(line), "case": .string(caseName)]
    return place.merging(own) { place, _ in place }
  }

  /// One line that shows what the row is about.
  var example: String {
    switch content {
    case .masked(let sentence, _, _), .labelled(let sentence, _), .text(let sentence): sentence
    case .pair(let good, _, _): good
    }
  }
}

extension TaskValue: FileContent {
  package func bytes(for path: String) throws -> [UInt8] { try task.bytes(for: path) }
}
