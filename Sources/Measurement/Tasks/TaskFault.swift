import ExactText
import Faults

/// What can be wrong with a task as a whole.
public enum TaskFault: Fault {
  case empty(path: String)
  /// Where one bad row is too many.
  case badRow(BadRow, path: String)
  /// There are rows, and none can be used.
  case onlyBadRows([BadRow], path: String)
  /// The first row as it is shown; empty when it cannot be read.
  case unknownFormat(path: String, firstRow: String)
  case notUTF8(path: String, encoding: String)
  case unknownCase(String, task: String, cases: [String])
  /// The answers are numbers of entries, which was not said.
  case answersAreIDs(path: String, columns: [String])

  public var code: String {
    switch self {
    case .empty: "task-empty"
    case .badRow(let row, _): row.cause.code
    case .onlyBadRows: "task-rows"
    case .unknownFormat: "task-format"
    case .notUTF8: "not-utf8"
    case .unknownCase: "unknown-case"
    case .answersAreIDs: "task-answers"
    }
  }

  public var message: String {
    switch self {
    case .empty(let path): "\(path): no rows"
    case .badRow(let row, let path):
      row.unit == .line ? "\(path):\(row.line): \(row.cause.message)" : "\(path): \(row.message)"
    case .onlyBadRows(let rows, let path):
      "\(path): none of \(rows.count) rows can be used" + (rows.first.map { ": \($0.message)" } ?? "")
    case .unknownFormat(let path, let row):
      "\(path): neither name nor content tell what the rows are"
        + (row.isEmpty ? "" : "; the first is \(row)")
    case .notUTF8(let path, let encoding): "\(path): not UTF-8 text, it begins as \(encoding) does"
    case .answersAreIDs(let path, let columns):
      "\(path): the answers, \(columns.joined(separator: " and ")), are numbers of entries of some vocabulary"
    case .unknownCase(let name, let task, _): "\(task) has no case \(quoted(name))"
    }
  }

  public var remedy: String? {
    switch self {
    case .badRow(let row, _): row.cause.remedy
    case .onlyBadRows(let rows, _): rows.first?.cause.remedy
    case .unknownFormat:
      "name the columns in the first row: sentence, correct, wrong; sentence_good, sentence_bad; sentence, label; "
        + "clean, corrupted, correct, wrong; clean, corrupted, label; or sentence. Or give format=\(MeasurementTask.Kind.allCases.map(\.rawValue).joined(separator: "|"))"
    case .notUTF8: RowFault.notUTF8.remedy
    case .unknownCase(let name, _, let cases):
      closest(to: name, in: cases).map { "did you mean `\($0)`?" }
        ?? (cases.isEmpty ? "its rows have no cases" : "cases: \(cases.prefix(12).joined(separator: ", "))")
    case .answersAreIDs:
      "read it with answers=ids if the vocabulary is the model's, or give the words in columns `correct` and `wrong`"
    case .empty: nil
    }
  }
}
