import ExactText
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

  func field(_ name: String) throws -> Value? {
    switch name {
    case "name": .string(task.name)
    case "kind": .string(task.kind.rawValue)
    case "count": Value(task.rows.count)
    case "cases": .strings(task.cases)
    case "rows": .list(try task.rows.interruptibleMap { .record($0.fields) })
    default: nil
    }
  }
}

extension MeasurementTask.Row {
  /// What scripts read of a row; the names depend on the kind of task.
  var fields: Record {
    switch content {
    case .masked(let sentence, let correct, let wrong):
      fields(Self.masked, [.string(sentence), .string(correct), .string(wrong)])
    case .pair(let good, let bad, let id): fields(Self.pair, [.string(good), .string(bad), .string(id)])
    case .labelled(let sentence, let label): fields(Self.labelled, [.string(sentence), .string(label)])
    case .text(let sentence): fields(Self.text, [.string(sentence)])
    case .prefix(let text, let correct, let wrong, _):
      fields(Self.masked, [.string(text), .string(correct), .string(wrong)])
    case .greaterThan(let text, let year): fields(Self.labelled, [.string(text), .string(year)])
    }
  }

  /// Records of one kind share their keys.
  private func fields(_ form: Form, _ own: [Value]) -> Record {
    let values = [Value(line), .string(caseName)] + own
    guard let counterfactual else { return form.alone.replacingValues(values) }
    return form.beside.replacingValues(values + [.string(counterfactual)])
  }

  /// The names without a counterfactual, and with one.
  private struct Form {
    let alone: Record
    let beside: Record

    init(_ own: String...) {
      func record(_ names: [String]) -> Record { Record(uniqueKeysWithValues: names.map { ($0, .null) }) }
      alone = record(["line", "case"] + own)
      beside = record(["line", "case"] + own + ["counterfactual"])
    }
  }

  private static let masked = Form("sentence", "correct", "wrong")
  private static let pair = Form("good", "bad", "id")
  private static let labelled = Form("sentence", "label")
  private static let text = Form("sentence")

  /// One line that shows what the row is about.
  var example: String {
    switch content {
    case .masked(let sentence, _, _), .labelled(let sentence, _), .text(let sentence): sentence
    case .pair(let good, _, _): good
    case .prefix(let text, _, _, _), .greaterThan(let text, _): text
    }
  }
}

extension TaskValue: FileContent {
  package func bytes(for path: String) throws -> [UInt8] { try task.bytes(for: path) }
}
