import ExactText

/// What can be wrong with a JSON file: its text, or a value in it.
public enum JSONProblem: Error, Equatable, Sendable {
  /// `byte` counts from 0; `line` and `column`, in Unicode scalars, from 1.
  case syntax(byte: Int, line: Int, column: Int, expected: String, found: String)
  /// The path is empty for the whole text.
  case value(path: String, expected: String, found: String)

  /// Continues the file's name.
  package var sentence: String {
    switch self {
    case .syntax(_, let line, let column, let expected, let found):
      ":\(line):\(column): expected \(expected), found \(found)"
    case .value("", let expected, let found): ": expected \(expected), found \(found)"
    case .value(let path, let expected, let found): ": \(path): expected \(expected), found \(found)"
    }
  }
}
