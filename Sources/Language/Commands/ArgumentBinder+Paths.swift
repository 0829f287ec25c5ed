import ExactText
import Rendering
import Results
import Scripting

// Files and models, with quotes and without.
extension ArgumentBinder {
  /// A path in quotes, in a variable, or as it stands. `~/` is the home folder.
  func path(_ expression: Expression, for parameter: Parameter) throws -> Value {
    let value: Value
    if case .raw(let word) = expression.kind {
      value = .string(interpreter.presentString(word) ?? word)
    } else {
      value = try askingForQuotes(expression) { try interpreter.evaluate(expression) }
      try checkForm(of: value, parameter, at: expression.span)
    }
    return if case .string(let path) = value { .string(expandingHome(path)) } else { value }
  }

  private func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = interpreter.environment["HOME"] else { return path }
    return home + path.dropFirst()
  }

  /// What is no value but reads as the name of a file is one.
  func valueOrPath(_ expression: Expression) throws -> Value {
    let text = expression.span.text
    if case .raw(let word) = expression.kind { return .string(expandingHome(word)) }
    guard FileFormats.isKnown(path: text), !text.contains("\"") else {
      return try interpreter.evaluate(expression)
    }
    do { return try interpreter.evaluate(expression) } catch let diagnostic as Diagnostic {
      guard Self.meaningless.contains(diagnostic.code) else { throw diagnostic }
      return .string(text)
    }
  }

  /// Codes of names and fields that are not there.
  private static let meaningless: Set<Name> = [
    "unknown-name", "unknown-field", "function-as-value", "no-text", "no-model",
  ]

  /// A name that means nothing, where a path is expected: the first line shows the quotes.
  private func askingForQuotes(_ expression: Expression, _ value: () throws -> Value) throws -> Value {
    do { return try value() } catch let diagnostic as Diagnostic {
      switch expression.kind {
      case .name, .member, .binary, .node: break
      default: throw diagnostic
      }
      guard Self.meaningless.contains(diagnostic.code) else { throw diagnostic }
      let line = expression.span.line(writing: "\"\(expression.span.text)\"")
      throw diagnostic.stating("a path stands in quotes here: write `\(line)`")
    }
  }

  func tooMany(_ extra: Expression, _ call: Call) -> Diagnostic {
    CallFault.tooManyArguments(synopsis: command.synopsis, instead: saving(to: extra, call)).located(
      extra.span)
  }

  /// `save heatmap(L3H2) "a.svg"` for `heatmap L3H2 "a.svg"`; nil where the last argument is no file.
  private func saving(to file: Expression, _ call: Call) -> String? {
    let text = file.span.text.filter { $0 != "\"" }
    guard FileFormats.isKnown(path: text), call.arguments.last?.value.span.range == file.span.range else {
      return nil
    }
    let others = call.arguments.dropLast().map { argument in
      (argument.label.map { "\($0.name)=" } ?? "") + argument.value.span.text
    }
    return "save \(command.name)(\(others.joined(separator: ", "))) \"\(text)\""
  }
}
