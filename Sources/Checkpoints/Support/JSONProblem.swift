/// What can be wrong with a JSON file of a model folder.
public enum JSONProblem: Equatable, Sendable {
  case syntax(line: Int, column: Int, expected: String, found: String)
  case value(path: String, expected: String, found: String)

  /// Continues the file's name.
  var sentence: String {
    switch self {
    case .syntax(let line, let column, let expected, let found):
      ":\(line):\(column): expected \(expected), found \(found)"
    case .value("", let expected, let found): ": expected \(expected), found \(found)"
    case .value(let path, let expected, let found): ": \(path): expected \(expected), found \(found)"
    }
  }
}
