import ExactText
import Results
import Scripting

// Fields of values that are there already.
extension Completer {
  /// `record.field`, `model.layers`, `p.words[3].attention.nodes`.
  func fields(of base: String) -> [Candidate] {
    guard let value = present(base) else { return [] }
    return ((try? interpreter.fields(of: value)) ?? [:]).map {
      Candidate("\(base).\($0.key)", of: $0.value)
    }
  }

  /// The value of a text that only names, indexes and reads fields; nothing is computed.
  func present(_ text: String) -> Value? {
    // In parentheses, or `model` would be the verb.
    let script = try? interpreter.parse(Source(name: nil, text: "(\(text))"))
    guard let statement = script?.statements.first, script?.statements.count == 1,
      case .expression(let expression) = statement.kind
    else { return nil }
    return value(of: expression)
  }

  private func value(of expression: Expression) -> Value? {
    switch expression.kind {
    case .name(let name): return value(named: name)
    case .member(let base, let field):
      return value(of: base).flatMap { (try? interpreter.fields(of: $0))?[field.name] }
    case .subscripted(let base, let subscripts):
      guard let whole = value(of: base), subscripts.allSatisfy(\.isLiteral) else { return nil }
      return try? interpreter.element(of: whole, at: subscripts)
    case .call(let call) where Self.keepColumns.contains(call.callee.name):
      return call.arguments.first.flatMap { value(of: $0.value) }
    default: return nil
    }
  }

  /// Functions whose result has the columns of their first argument.
  private static let keepColumns: Set<Name> = ["sort", "where", "head", "tail", "filter", "with_column"]

  func value(named name: String) -> Value? {
    if let value = interpreter.session.variables[name] { return value }
    return name == "_"
      ? interpreter.session.last : interpreter.domain.presentValue(named: name, in: interpreter)
  }
}

extension Subscript {
  /// A number, `-1` or a name in quotes: nothing has to be evaluated to know it.
  fileprivate var isLiteral: Bool {
    guard case .index(let expression) = self else { return false }
    switch expression.kind {
    case .number: return true
    case .string(let parts):
      return parts.allSatisfy { if case .text = $0 { true } else { false } }
    case .unary(.negate, let operand):
      if case .number = operand.kind { return true }
      return false
    default: return false
    }
  }
}
