import ExactText
import Rendering
import Results
import Scripting

/// Results as scripts state them: tables of a fixed width, without colours, wherever the session prints.
enum Expectation {
  private static let width = 100
  /// Lines of a result that `record FILE results` still keeps.
  static let shortResult = 20

  static func text(of result: CommandResult, precision: Int) throws -> String {
    try TableRenderer().render(
      result, options: RenderOptions(width: width, color: false, unicode: true, precision: precision)
    ).plain
  }

  /// What is shown, as lines `#=> ...`; none when there are more than `limit`.
  static func lines(of shown: String, atMost limit: Int) -> String {
    let lines = lines(shown)
    guard lines.count <= limit else { return "" }
    return lines.map { marked($0) + "\n" }.joined()
  }

  static func marked(_ line: String) -> String {
    line.isEmpty ? ExpectedOutput.mark : "\(ExpectedOutput.mark) \(line)"
  }

  /// The lines of a shown text, without the blanks at their ends, which editors remove.
  static func lines(_ shown: String) -> [String] {
    var lines = shown.split(separator: "\n", omittingEmptySubsequences: false).map(withoutFinalBlanks)
    if lines.last?.isEmpty ?? false { lines.removeLast() }
    return lines
  }

  private static func withoutFinalBlanks(_ line: Substring) -> String {
    var line = line
    while let last = line.last, last == " " || last == "\t" || last == "\r" { line.removeLast() }
    return String(line)
  }
}
