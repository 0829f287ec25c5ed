import ExactText
import Faults
import Results
import Scripting

extension Interpreter {
  /// Everything that is wrong with a script as far as that shows without computing, in the order it was found; and
  /// what it takes, when nothing is.
  ///
  /// - Throws: `Interrupted`.
  package func check(_ scripts: [Script]) throws -> (diagnostics: [Diagnostic], estimates: WorkEstimates?) {
    let dryRun = DryRun()
    self.dryRun = dryRun
    session.state.setChecking(true)
    defer {
      self.dryRun = nil
      session.state.setChecking(false)
    }
    for script in scripts { try run(script) }
    let entries = dryRun.entries
    try checkUncalled(dryRun)
    guard dryRun.diagnostics.isEmpty else { return (dryRun.diagnostics, nil) }
    return ([], try estimates(entries))
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
    try checkInterruption()
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
      try dryWhile(body, isEntered: value.asUnknown == nil, dryRun)
    case .function(let function):
      dryRun.functions[function.name.name] = nil
      dryRun.returning.remove(Name(function.name.name))
      session.variables[function.name.name] = .object(UserFunction(syntax: function))
    // What follows is checked as well: it may be reached in another turn or call.
    case .break, .continue: dryRun.mayLeave = true
    case .return(let value):
      if value != nil, let function = dryRun.currentFunction { dryRun.returning.insert(function) }
      dryRun.mayLeave = true
      _ = try value.map(evaluate)
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
    for statement in body { try dryRun.statement { _ = try dryExecute(statement, dryRun) } }
  }
}

// MARK: Blocks
extension Interpreter {
  /// The first turn with what is known before the loop, the last with what is left of that.
  private func dryLoop(
    _ name: String, over sequence: Value, at span: Span, _ body: [Statement], _ dryRun: DryRun
  ) throws {
    let elements = try dryElements(of: sequence, at: span)
    for (turn, weight) in turns(elements.count) {
      var keys: Set<StateKey> = []
      let entries = try dryRun.entries(of: {
        keys = try dryRun.written(in: self) {
          session.variables[name] = elements.element(turn)
          try dryRun.inLoop { try dryExecute(body, dryRun) }
        }
      })
      dryRun.addTurns(entries, weight)
      forget(keys, dryRun)
    }
  }

  /// The first and the last turn, and how many they stand for; nil when there is no knowing.
  private func turns(_ count: Int?) -> [(turn: Int, weight: Int?)] {
    guard let count else { return [(0, nil), (0, 0)] }
    if count < 2 { return count == 1 ? [(0, 1)] : [] }
    return [(0, count - count / 2), (count - 1, count / 2)]
  }

  /// - Parameter isEntered: whether the condition holds the first time
  private func dryWhile(_ body: [Statement], isEntered: Bool, _ dryRun: DryRun) throws {
    var keys: Set<StateKey> = []
    let entries = try dryRun.entries(of: {
      keys = try dryRun.written(in: self) { try dryRun.inLoop { try dryExecute(body, dryRun) } }
    })
    dryRun.addTurns(isEntered ? entries.map(\.unlimited) : entries, isEntered ? 1 : nil)
    forget(keys, dryRun)
  }

  /// - Returns: the count when it is known.
  private func dryElements(of sequence: Value, at span: Span) throws -> (count: Int?, element: (Int) -> Value)
  {
    guard let unknown = sequence.asUnknown else {
      let (count, element) = try elements(of: sequence, at: span)
      return (count, element)
    }
    guard unknown.knowsLength else { return (nil, { _ in .unknown() }) }
    switch unknown.standIn?.tabular {
    case .tensor?, .list?, .table?:
      let (count, element) = try elements(of: unknown.standIn ?? .null, at: span)
      return (count, { .unknown(like: element($0)) })
    default: return (nil, { _ in .unknown() })
    }
  }

  /// One branch when the conditions are known, else each from the same session.
  private func dryConditional(
    _ branches: [Statement.Branch], _ otherwise: [Statement], _ dryRun: DryRun
  ) throws {
    var bodies: [[Statement]] = []
    for branch in branches {
      let value = try evaluate(branch.condition)
      let isUnknown = value.asUnknown != nil
      guard try isUnknown || holds(value, at: branch.condition.span) else {
        try dryPassedOver(branch.body, dryRun)
        continue
      }
      bodies.append(branch.body)
      // Behind a condition that holds there is nothing that could run.
      if !isUnknown {
        if dryRun.isInLoop { return try dryRun.optionally { try dryBranches(bodies, dryRun) } }
        return try dryBranches(bodies, dryRun)
      }
    }
    if dryRun.isInLoop { return try dryRun.optionally { try dryBranches(bodies + [otherwise], dryRun) } }
    try dryBranches(bodies + [otherwise], dryRun)
  }

  /// A branch that is not taken in this turn of a loop but may be in another: its work counts, its faults do not, for
  /// nobody knows the values it would meet.
  private func dryPassedOver(_ body: [Statement], _ dryRun: DryRun) throws {
    guard dryRun.isInLoop else { return }
    dryRun.silences += 1
    defer { dryRun.silences -= 1 }
    try dryBranches([body, []], dryRun)
  }

  private func dryBranches(_ bodies: [[Statement]], _ dryRun: DryRun) throws {
    guard bodies.count > 1 else { return try bodies.forEach { try dryExecute($0, dryRun) } }
    let before = session
    var keys: Set<StateKey> = []
    for body in bodies {
      session = before
      try dryRun.optionally {
        keys.formUnion(try dryRun.written(in: self) { try dryExecute(body, dryRun) })
      }
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
    try dryRun.optionally {
      forget(
        try dryRun.written(in: self) {
          if let name { session.variables[name.name] = .unknown() }
          try dryExecute(handler, dryRun)
        }, dryRun)
    }
  }

  /// The body of a function is checked at the first call, with parameters that nobody knows.
  func dryCall(_ function: UserFunction, _ arguments: NameTable<Value>, _ dryRun: DryRun) throws -> Value {
    if dryRun.functions[function.name] == nil { try dryBody(of: function, arguments, dryRun) }
    dryRun.entries += dryRun.functionEntries[function.name] ?? []
    forget(dryRun.functions[function.name] ?? [], dryRun)
    throw ComputationSkipped()
  }

  private func dryBody(of function: UserFunction, _ arguments: NameTable<Value>, _ dryRun: DryRun) throws {
    dryRun.functions[function.name] = []
    // A call of itself: nobody knows how often.
    dryRun.functionEntries[function.name] = [WorkEntry(function.syntax.name.span, nil)]
    let (before, mayLeave, outer) = (session, dryRun.mayLeave, dryRun.currentFunction)
    defer { (dryRun.mayLeave, dryRun.currentFunction) = (mayLeave, outer) }
    (dryRun.mayLeave, dryRun.currentFunction) = (false, function.name)
    var keys: Set<StateKey> = []
    let entries = try dryRun.entries(of: {
      keys = try dryRun.written(in: self) {
        session.variables.locals = arguments.mapValues { .unknown(like: $0) }
        for parameter in function.syntax.parameters where arguments[parameter.name.name] == nil {
          _ = try parameter.standard.map(evaluate)
          session.variables.locals?[parameter.name.name] = .unknown()
        }
        try dryRun.outsideLoops { try dryExecute(function.syntax.body, dryRun) }
      }
    })
    session = before
    dryRun.functions[function.name] = keys
    dryRun.functionEntries[function.name] = entries
  }

  /// What was written in some turn or branch is not known afterwards.
  private func forget(_ keys: Set<StateKey>, _ dryRun: DryRun) {
    for key in keys {
      switch key {
      case .variable(let name): session.variables[name] = .unknown(like: session.variables[name])
      case .last: session.last = .unknown()
      case .state: dryRun.lose(key, in: self)
      case .stateItem(let name, _): dryRun.lose(.state(name), in: self)
      default: break
      }
    }
  }
}
