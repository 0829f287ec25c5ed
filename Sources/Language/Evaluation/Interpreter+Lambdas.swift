import ExactText
import Results
import Scripting

extension Interpreter {
  /// The value of an expression that is no operand; a function of its own, since operations nest deeply and its parts would
  /// take stack in each.
  func valueOfForm(_ expression: Expression) throws -> Value {
    switch expression.kind {
    case .choice(let value, let condition, let otherwise): return try choice(value, condition, otherwise)
    case .lambda(let syntax): return try locating(expression.span) { try function(syntax) }
    case .comprehension(let comprehension): return try list(of: comprehension, at: expression.span)
    default: preconditionFailure("an operand")
    }
  }

  /// A function `x => ...` as a value: it keeps what the names in it mean here. What it calls is looked up when it runs, but
  /// for the variables of a function around it.
  func function(_ syntax: FunctionSyntax) throws -> Value {
    var captured: NameTable<Value> = [:]
    for free in syntax.freeNames where captured[free.name] == nil {
      let value = free.isCalled ? session.variables.locals?[free.name] : session.variables[free.name]
      if let value { captured[free.name] = value }
    }
    return try Value.object(UserFunction(syntax: syntax, captured: captured)).nestingChecked()
  }

  /// `a if condition else b`
  func choice(_ value: Expression, _ condition: Expression, _ otherwise: Expression) throws -> Value {
    let decision = try evaluate(condition)
    guard let dryRun, let unknown = decision.asUnknown else {
      return try evaluate(try holds(decision, at: condition.span) ? value : otherwise)
    }
    if let form = unknown.standIn { _ = try holds(form, at: condition.span) }
    dryRun.uses += 1
    var values: [Value] = []
    try fork([value, otherwise].map { way in { values.append(try self.evaluate(way)) } }, dryRun)
    if isFinished { throw Quitting() }
    return try Value.joined(values)
  }
}
