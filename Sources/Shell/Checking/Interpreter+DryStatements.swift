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
    return dryRun.diagnostics
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

  /// What was written in some turn or branch is not known afterwards.
  private func forget(_ keys: Set<StateKey>, _ dryRun: DryRun) {
    for key in keys {
      switch key {
      case .variable(let name): session.variables[name] = .unknown(like: session.variables[name])
      case .last: session.last = .unknown()
      case .currentModel, .model: dryRun.lose(.currentModel, in: self)
      case .text, .quantity, .baseline: dryRun.lose(key, in: self)
      default: break
      }
    }
  }
}
