import ExactText
import Faults
import Rendering
import Results
import Scripting
import Tensors

extension Interpreter {
  /// Runs one statement; its result is printed (and becomes `_`) when `showsResult`.
  @discardableResult
  func execute(_ statement: Statement, showsResult: Bool) throws -> Value {
    if dryRun != nil || shardPlan != nil { return try executeInPart(statement, showsResult: showsResult) }
    try checkStatement(statement)
    return try tracingInterventions { try perform(statement, showsResult: showsResult) }
  }

  private func checkStatement(_ statement: Statement) throws {
    try checkInterruption()
    guard stack?.isLeft() ?? true else { throw LimitFault.stackExhausted.located(statement.span) }
  }

  /// In a check or where rows are divided; a function of its own, since statements inside others nest deeply.
  private func executeInPart(_ statement: Statement, showsResult: Bool) throws -> Value {
    if let dryRun { return try dryExecute(statement, showsResult: showsResult, dryRun) }
    try checkStatement(statement)
    return try executeDivided(statement, showsResult: showsResult)
  }

  func perform(_ statement: Statement, showsResult: Bool) throws -> Value {
    switch statement.kind {
    case .binding(let name, let value): session.variables[name.name] = try evaluate(value)
    case .assignment: try assign(statement)
    case .command(let call):
      // Statements inside others nest deeply: they go without a frame more.
      return try showsResult ? invokeAndShow(call, statement) : invoke(call)
    case .expression(let expression):
      // In a function the value of an expression is for its own use; its commands print as anywhere.
      let isShown = showsResult && session.variables.locals == nil
      let result = try showing(isShown ? commandName(expression) : nil) { try evaluate(expression) }
      if isShown {
        try restoringAfterErrors { try show(result, of: statement, command: commandName(expression)) }
      }
      return result
    case .function(let function):
      session.variables[function.name.name] = .object(UserFunction(syntax: function))
    case .break: flow = .leavingLoop
    case .continue: flow = .nextTurn
    case .return(let value): flow = .returning(try value.map(evaluate) ?? .null)
    default: try executeBlocks(of: statement, showsResults: showsResult)
    }
    return .null
  }

  private func invokeAndShow(_ call: Call, _ statement: Statement) throws -> Value {
    try restoringAfterErrors {
      let result = try showing(commandName(call)) { try invoke(call) }
      try show(result, of: statement, command: commandName(call))
      return result
    }
  }

  /// Runs `body`; when it fails or is interrupted, also where its result is shown, the session is as before it.
  private func restoringAfterErrors<R>(_ body: () throws -> R) throws -> R {
    let before = SessionSnapshot(of: self)
    do { return try body() } catch {
      if !(error is Quitting) { before.restore(in: self) }
      throw error
    }
  }

  func execute(_ body: [Statement], showsResults: Bool) throws {
    for statement in body where !isLeaving { try execute(statement, showsResult: showsResults) }
  }

  private func show(_ result: Value, of statement: Statement, command: String) throws {
    if case .null = result { return }
    session.last = result
    session.lastInterventions = interventions(behind: result)
    let shown = CommandResult(
      command: command, line: statement.span.start.line, value: result,
      interventions: session.lastInterventions, source: statement.span.source.oneOfSeveral)
    try locating(statement.span) {
      if let dryRun { return try dryEmit(result, dryRun) }
      try emit(shown)
    }
  }

  private func commandName(_ call: Call) -> String {
    if case .statement(let inner)? = call.arguments.first?.value.kind,
      case .command(let innerCall) = inner.kind
    {
      return commandName(innerCall)
    }
    return call.callee.name
  }

  private func commandName(_ expression: Expression) -> String {
    if case .call(let call) = expression.kind { return call.callee.name }
    return expression.span.text
  }
}

extension Source {
  /// The name of one of several texts of the command line.
  var oneOfSeveral: String? { name.flatMap { $0.hasPrefix("-c ") ? $0 : nil } }
}

extension Value {
  /// A tensor, or the number that a rank-0 tensor holds.
  package init(unwrapping tensor: Tensor) {
    self = tensor.rank == 0 ? Value(tensor.values[0]) : .tensor(tensor)
  }
}
