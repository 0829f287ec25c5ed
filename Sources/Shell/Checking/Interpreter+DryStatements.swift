import Faults
import Results
import Scripting

extension Interpreter {
  /// Everything that is wrong with a script as far as that shows without computing, in the order it was found.
  ///
  /// - Throws: `Interrupted`.
  package func check(_ scripts: [Script]) throws -> [Diagnostic] {
    let dryRun = DryRun()
    self.dryRun = dryRun
    defer { self.dryRun = nil }
    for script in scripts { try run(script) }
    try checkUncalled(dryRun)
    return dryRun.diagnostics
  }

  /// Functions that the scripts define for others: their names are known, what they will work on is not.
  private func checkUncalled(_ dryRun: DryRun) throws {
    dryRun.loseContexts(in: self)
    for name in functionNames where dryRun.functions[name] == nil {
      guard case .object(let object)? = session.variables[name], let function = object as? UserFunction else {
        continue
      }
      do { _ = try dryCall(function, [:], dryRun) } catch is ComputationSkipped { continue }
    }
  }

  /// Checks one statement; what is wrong with it is reported, and the check goes on with the next.
  func dryExecute(_ statement: Statement, _ dryRun: DryRun) throws -> Value {
    try interruption()
    do { return try dryResult(of: statement, dryRun) } catch let interrupted as Interrupted {
      throw interrupted
    } catch let diagnostic as Diagnostic {
      dryRun.report(diagnostic)
    } catch let fault as any Fault {
      dryRun.report(fault.located(statement.span))
    } catch is ComputationSkipped {
      session.last = .unknown()
    }
    if case .binding(let name, _) = statement.kind { session.variables[name.name] = .unknown() }
    return .unknown()
  }

  private func dryResult(of statement: Statement, _ dryRun: DryRun) throws -> Value {
    switch statement.kind {
    case .binding(let name, let value):
      session.variables[name.name] = try evaluate(value)
      return .null
    case .command(let call): return keep(try invoke(call))
    case .expression(let expression): return keep(try evaluate(expression))
    case .forLoop(let variable, let sequence, let body):
      try dryLoop(variable.name, over: try evaluate(sequence), at: sequence.span, body, dryRun)
    case .conditional(let branches, let otherwise): try dryConditional(branches, otherwise, dryRun)
    case .whileLoop(let condition, let body):
      let value = try evaluate(condition)
      guard try value.asUnknown != nil || holds(value, at: condition.span) else { break }
      forget(try dryRun.written(in: self) { try dryExecute(body, dryRun) }, dryRun)
    case .function(let function):
      dryRun.functions[function.name.name] = nil
      session.variables[function.name.name] = .object(UserFunction(syntax: function))
    // What follows is checked as well: it may be reached in another turn or call.
    case .break, .continue: break
    case .return(let value): _ = try value.map(evaluate)
    case .scoped(let changes, let body):
      try scoped {
        for change in changes { try apply(change) }
        try dryExecute(body, dryRun)
      }
    case .attempt(let body, let name, let handler): try dryAttempt(body, name, handler, dryRun)
    }
    return .null
  }

  private func keep(_ result: Value) -> Value {
    if case .null = result {} else { session.last = result }
    return result
  }

  private func dryExecute(_ body: [Statement], _ dryRun: DryRun) throws {
    for statement in body { _ = try dryExecute(statement, dryRun) }
  }
}

// MARK: Blocks
extension Interpreter {
  /// The first turn with what is known before the loop, the last with what is left of that.
  private func dryLoop(
    _ name: String, over sequence: Value, at span: Span, _ body: [Statement], _ dryRun: DryRun
  ) throws {
    let elements = try dryElements(of: sequence, at: span)
    let turns =
      elements.count == nil ? [0, 0] : Set([0, (elements.count ?? 0) - 1]).filter { $0 >= 0 }.sorted()
    for turn in turns {
      let keys = try dryRun.written(in: self) {
        session.variables[name] = elements.element(turn)
        try dryExecute(body, dryRun)
      }
      forget(keys, dryRun)
    }
  }

  /// - Returns: the count when it is known.
  private func dryElements(of sequence: Value, at span: Span) throws -> (count: Int?, element: (Int) -> Value)
  {
    guard let unknown = sequence.asUnknown else {
      let (count, element) = try elements(of: sequence, at: span)
      return (count, element)
    }
    guard case .tensor(let tensor)? = unknown.standIn else { return (nil, { _ in .unknown() }) }
    return (tensor.shape[0], { .unknown(like: .tensor(tensor[$0])) })
  }

  /// One branch when the conditions are known, else each from the same session.
  private func dryConditional(
    _ branches: [Statement.Branch], _ otherwise: [Statement], _ dryRun: DryRun
  ) throws {
    var bodies: [[Statement]] = []
    for branch in branches {
      let value = try evaluate(branch.condition)
      let isUnknown = value.asUnknown != nil
      guard try isUnknown || holds(value, at: branch.condition.span) else { continue }
      bodies.append(branch.body)
      // Behind a condition that holds there is nothing that could run.
      if !isUnknown { return try dryBranches(bodies, dryRun) }
    }
    try dryBranches(bodies + [otherwise], dryRun)
  }

  private func dryBranches(_ bodies: [[Statement]], _ dryRun: DryRun) throws {
    guard bodies.count > 1 else { return try bodies.forEach { try dryExecute($0, dryRun) } }
    let before = session
    var keys: Set<StateKey> = []
    for body in bodies {
      session = before
      keys.formUnion(try dryRun.written(in: self) { try dryExecute(body, dryRun) })
    }
    session = before
    forget(keys, dryRun)
  }

  /// Faults of the body are caught by the script.
  private func dryAttempt(
    _ body: [Statement], _ name: Identifier?, _ handler: [Statement], _ dryRun: DryRun
  ) throws {
    let keys = try dryRun.written(in: self) {
      dryRun.silences += 1
      defer { dryRun.silences -= 1 }
      try dryExecute(body, dryRun)
    }
    forget(keys, dryRun)
    forget(
      try dryRun.written(in: self) {
        if let name { session.variables[name.name] = .unknown() }
        try dryExecute(handler, dryRun)
      }, dryRun)
  }

  /// The body of a function is checked at the first call, with parameters that nobody knows.
  func dryCall(_ function: UserFunction, _ arguments: [String: Value], _ dryRun: DryRun) throws -> Value {
    if dryRun.functions[function.name] == nil {
      dryRun.functions[function.name] = []
      let before = session
      let keys = try dryRun.written(in: self) {
        session.variables.locals = arguments.mapValues { .unknown(like: $0) }
        for parameter in function.syntax.parameters where arguments[parameter.name.name] == nil {
          _ = try parameter.standard.map(evaluate)
          session.variables.locals?[parameter.name.name] = .unknown()
        }
        try dryExecute(function.syntax.body, dryRun)
      }
      session = before
      dryRun.functions[function.name] = keys
    }
    forget(dryRun.functions[function.name] ?? [], dryRun)
    throw ComputationSkipped()
  }

  /// What was written in some turn or branch is not known afterwards.
  private func forget(_ keys: Set<StateKey>, _ dryRun: DryRun) {
    for key in keys {
      switch key {
      case .variable(let name): session.variables[name] = .unknown(like: session.variables[name])
      case .last: session.last = .unknown()
      case .currentModel, .model: dryRun.lose(.currentModel, in: self)
      case .text, .quantity, .baseline, .interventions: dryRun.lose(key, in: self)
      default: break
      }
    }
  }
}
