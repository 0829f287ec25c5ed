import ExactText
import Faults
import JSONReading

/// What can be wrong with one row of a task's file.
public enum RowFault: Fault, Equatable {
  case fieldCount(expected: Int, found: Int)
  case maskCount(Int)
  /// Other columns than the first row names.
  case unlikeHeader(expected: Int, found: Int)
  case noColumn(String)
  case emptyField(String)
  /// The correct and the wrong word are the same, so that no answer is right.
  case sameWords(String)
  /// Of answers that are numbers of entries.
  case noID(String)
  case noTwoDigits(String)
  /// Nothing that two digits can say exceeds it.
  case noLaterYear(String)
  case notUTF8
  case control(String)
  /// Of a row of CSV.
  case quoting(String)
  /// Of a JSON list as a whole.
  case list(String)
  case tooLong(bytes: Int, limit: Int)
  case json(JSONProblem)

  public var code: String { "task-row" }

  public var message: String {
    switch self {
    case .fieldCount(let expected, let found):
      "expected \(expected) columns, found \(found)"
    case .maskCount(let found): "expected one [MASK] in the sentence, found \(found)"
    case .unlikeHeader(let expected, let found):
      "expected the \(expected) columns that the first row names, found \(found)"
    case .noColumn(let name): "there is no column \(name)"
    case .quoting(let what): what
    case .list(let what): what
    case .emptyField(let name): "the \(name) is empty"
    case .sameWords(let word): "\(quoted(word)) is both the correct and the wrong word"
    case .noID(let text): "\(quoted(text)) is no number of an entry"
    case .noTwoDigits(let text): "the label \(quoted(text)) is no number of two digits"
    case .noLaterYear(let year): "no two digits exceed the label \(year)"
    case .notUTF8: "not UTF-8 text"
    case .control(let name): "\(name) within the line"
    case .tooLong(let bytes, let limit): "\(bytes) bytes long, at most \(limit) are read"
    case .json(.syntax(_, _, let column, let expected, let found)):
      "column \(column): expected \(expected), found \(found)"
    case .json(.value("", let expected, let found)): "expected \(expected), found \(found)"
    case .json(.value(let path, let expected, let found)): "\(path): expected \(expected), found \(found)"
    }
  }

  public var remedy: String? {
    switch self {
    case .fieldCount(5, _):
      "a row is task, case, sentence with [MASK], correct word, wrong word, perhaps a counterfactual; other columns need "
        + "names in the first row: sentence, correct, wrong"
    case .fieldCount(4, _):
      "a row is task, case, good sentence, bad sentence, or the two sentences; other columns need names in the first "
        + "row: sentence_good, sentence_bad"
    case .fieldCount(2, _):
      "a row is a sentence and its label; other columns need names in the first row: sentence, label"
    case .noColumn(let name): "name a column \(name) in the first row, or take another format="
    case .quoting:
      "a column with a comma, a quote or a line break stands in quotes, quotes in it doubled (RFC 4180)"
    case .noID: "read answers that are words without answers=ids"
    case .noTwoDigits:
      "the label of `clean, corrupted, label` is the year that the right ones exceed; classes stand beside `sentence`"
    case .notUTF8: "save the file as UTF-8"
    case .control: "lines end with \\n or \\r\\n and hold text"
    case .json:
      "a row is {\"sentence_good\": \"...\", \"sentence_bad\": \"...\", \"UID\": \"...\", \"pairID\": \"...\"}"
    default: nil
    }
  }
}
