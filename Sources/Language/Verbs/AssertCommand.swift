import ExactText
import Faults
import Results
import Scripting

struct AssertCommand: LanguageCommand {
  let name = "assert"
  let group = CommandGroup.language
  let summary = "fail unless a condition holds"
  let discussion = "The error shows the condition and, for a comparison, the values of both sides."
  let parameters: [Parameter] = [
    .required("condition", .condition, "an expression that is true or false"),
    .optional("message", .text, "what to say instead of the condition"),
  ]
  let example = #"""
    let accuracy = 0.97
    assert accuracy > 0.9
    assert accuracy < 1, "too good to be true"
    print "both hold"
    """#

  /// Numbers of a check mean nothing: nothing is said of a condition that they decide.
  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let uses = interpreter.dryRun?.uses
    do { return try run(arguments, in: interpreter) } catch let diagnostic as Diagnostic
      where diagnostic.code == "assertion-failed" && interpreter.dryRun?.uses != uses
    {
      throw ComputationSkipped()
    }
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let condition = arguments["condition"]?.expression else { return .null }
    let sides = try interpreter.sides(of: condition)
    let value =
      try sides.map { sides in
        try interpreter.locating(condition.span) {
          try interpreter.apply(sides.comparison, sides.left.value, sides.right.value)
        }
      } ?? interpreter.evaluate(condition)
    guard case .bool(let holds) = try interpreter.known(value) else {
      throw ValueFault.wrongType(expected: "true or false", found: value.typeName, what: "`assert`")
        .located(condition.span)
    }
    if holds { return .null }
    let known = try sides.map { try [$0.left, $0.right].compactMap(interpreter.sentence) } ?? []
    throw ValueFault.assertionFailed(
      condition.span.text, message: arguments.string("message"),
      values: known.isEmpty ? nil : known.joined(separator: ", ")
    ).located(condition.span)
  }
}

extension Interpreter {
  /// Characters of a value that are shown.
  private static var longestSide: Int { 200 }

  fileprivate typealias Side = Arguments.Bound

  /// Both sides of a comparison, evaluated once; nil for another expression.
  fileprivate func sides(
    of condition: Expression
  ) throws -> (comparison: BinaryOperator, left: Side, right: Side)? {
    guard case .binary(let op, let left, let right) = condition.kind, op.isComparison else { return nil }
    return (
      op, Side(value: try evaluate(left), expression: left),
      Side(value: try evaluate(right), expression: right)
    )
  }

  /// `accuracy is 0.5`; nil for a literal, whose value is in sight.
  fileprivate func sentence(_ side: Side) throws -> String? {
    switch side.expression.kind {
    case .number, .string, .bool, .null: return nil
    default: break
    }
    let value: String
    switch side.value {
    case .tensor(let tensor): value = "a tensor of shape \(tensor.shape)"
    case .table, .figure: value = withArticle(side.value.typeName)
    case .string(let text): value = quoted(shortened(text, to: Self.longestSide))
    default: value = shortened(try displayText(side.value), to: Self.longestSide)
    }
    return "`\(side.span.text)` is \(value)"
  }
}

extension BinaryOperator {
  fileprivate var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .notIn: true
    case .or, .and, .add, .subtract, .multiply, .divide, .remainder, .matrixProduct, .power: false
    }
  }
}
