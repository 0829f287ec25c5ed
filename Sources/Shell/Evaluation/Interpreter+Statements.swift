import Faults
import Rendering
import Results
import Scripting
import Tensors

extension Interpreter {
  /// Runs one statement; its result is printed (and becomes `_`) when `showsResult`.
  @discardableResult
  func execute(_ statement: Statement, showsResult: Bool) throws -> Value {
    try checkInterruption()
    return try tracingInterventions { try perform(statement, showsResult: showsResult) }
  }

  private func perform(_ statement: Statement, showsResult: Bool) throws -> Value {
    switch statement.kind {
    case .binding(let name, let value):
      session.variables[name.name] = try evaluate(value)
      return .null
    case .command(let call):
      let result = try invoke(call)
      if showsResult { try show(result, of: statement, command: commandName(call)) }
      return result
    case .expression(let expression):
      let result = try evaluate(expression)
      if showsResult { try show(result, of: statement, command: commandName(expression)) }
      return result
    case .forLoop(let variable, let sequence, let body):
      let (count, element) = try elements(of: sequence)
      for index in 0..<count where !isFinished {
        try checkInterruption()
        session.variables[variable.name] = element(index)
        try execute(body, showsResults: showsResult)
      }
      return .null
    case .conditional(let branches, let otherwise):
      let taken = try branches.first { try condition($0.condition) }
      try execute(taken?.body ?? otherwise, showsResults: showsResult)
      return .null
    }
  }

  private func execute(_ body: [Statement], showsResults: Bool) throws {
    for statement in body where !isFinished { try execute(statement, showsResult: showsResults) }
  }

  /// Calls a command. The session is left as it was when it fails or is interrupted.
  func invoke(_ call: Call) throws -> Value {
    guard let command = registry[call.callee.name] else {
      throw ShellFault.unknownCommand(
        call.callee.name, suggestion: registry.closestCommand(to: call.callee.name)
      ).located(call.callee.span)
    }
    let before = session
    do {
      let arguments = try ArgumentBinder(command: command, interpreter: self).bind(call)
      return try command.run(arguments, in: self)
    } catch let error {
      // A file that the command has completed stays completed.
      let isOutputEnded = before.output != nil && session.output == nil
      session = before
      if isOutputEnded { session.output = nil }
      if let fault = error as? any Fault { throw fault.located(call.span) }
      throw error
    }
  }

  private func show(_ result: Value, of statement: Statement, command: String) throws {
    if case .null = result { return }
    session.last = result
    session.lastInterventions = interventions(behind: result)
    try locating(statement.span) {
      try emit(
        CommandResult(
          command: command, line: statement.span.start.line, value: result,
          interventions: session.lastInterventions))
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

  private func condition(_ expression: Expression) throws -> Bool {
    let value = try evaluate(expression)
    guard case .bool(let holds) = value else {
      throw ShellFault.wrongType(expected: "true or false", found: value.typeName, what: "a condition")
        .located(expression.span)
    }
    return holds
  }

  /// What `for` goes through; made one at a time, since a range may be astronomically long.
  private func elements(of expression: Expression) throws -> (count: Int, element: (Int) -> Value) {
    let value = try evaluate(expression)
    switch value {
    case .list(let elements): return (elements.count, { elements[$0] })
    case .range(let range): return (range.count, { Value(range.lower + $0) })
    case .tensor(let tensor) where tensor.rank > 0:
      return (tensor.shape[0], { Value(unwrapping: tensor[$0]) })
    case .table(let table):
      let records = table.records
      return (records.count, { .record(records[$0]) })
    default:
      throw ShellFault.wrongType(
        expected: "a list, range, tensor or table", found: value.typeName, what: "`for`"
      ).located(expression.span)
    }
  }
}

extension Value {
  /// A tensor, or the number that a rank-0 tensor holds.
  init(unwrapping tensor: Tensor) {
    self = tensor.rank == 0 ? Value(tensor.values[0]) : .tensor(tensor)
  }
}
