import ExactText
import Faults
import Results
import Scripting

extension Function {
  static let comparisons = ["==", "!=", "<", "<=", ">", ">=", "in", "contains"]

  static func selection(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let table = try rows(arguments.required("table"))
    let keys = try column(arguments.text("column"), of: table, at: arguments.span(of: "column"))
    let wanted = arguments.required("value")
    let matches = try matcher(arguments.text("comparison"), wanted, interpreter)
    try interpreter.checkInterruption()
    let kept = try Swift.zip(table.rows, keys).interruptibleFlatMap { try matches($1) ? [$0] : [] }
    return .table(Table(columns: table.columns, rows: kept))
  }

  private static func matcher(
    _ comparison: String, _ wanted: Arguments.Bound, _ interpreter: Interpreter
  ) throws -> (Value) throws -> Bool {
    if comparison == "in" {
      let choices = try wanted.elements(expected: "a list")
      return { value in try !choices.interruptibleAllSatisfy { try !$0.isEqual(to: value) } }
    }
    if comparison == "contains" {
      guard case .string(let part) = wanted.value else {
        throw wanted.mismatch(expected: "a string", "`value`")
      }
      return { value in if case .string(let text) = value { text.contains(part) } else { false } }
    }
    guard let op = BinaryOperator(rawValue: comparison) else { preconditionFailure("one of the comparisons") }
    return { value in
      // A missing value fulfils no order, as a NaN.
      if case .null = value, op != .equal, op != .notEqual { return false }
      let outcome = try interpreter.locating(wanted.span) { try interpreter.apply(op, value, wanted.value) }
      if case .bool(let holds) = outcome { return holds }
      throw wanted.mismatch(expected: "a value that compares to true or false", "`value`")
    }
  }
}

/// The name of a column, bare or as a string; a condition has no place there.
struct ColumnName: ArgumentKind {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    if case .name(let name) = expression.kind {
      if case .string? = session.variables[name] { return try session.evaluate(expression) }
      return .string(name)
    }
    switch expression.kind {
    case .binary, .lambda, .unary(.not, _):
      throw TableFault.conditionForColumn(expression.rowCondition).located(expression.span)
    default: break
    }
    let value = try session.known(try session.evaluate(expression))
    guard case .string = value else {
      throw ValueFault.wrongType(expected: "a name", found: value.typeName, what: "`column`")
        .located(expression.span)
    }
    return value
  }
}

extension Expression {
  /// As a function of the row, where it is a comparison of a column.
  fileprivate var rowCondition: String {
    if case .lambda = kind { return span.text }
    guard case .binary(let op, let left, let right) = kind, case .name(let column) = left.kind else {
      return "r => r.column > 0.5"
    }
    return "r => r.\(column) \(op.rawValue) \(right.span.text)"
  }
}
