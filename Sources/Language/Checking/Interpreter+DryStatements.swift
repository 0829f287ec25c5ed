import ExactText
import Faults
import Rendering
import Results
import Scripting

/// What a check has found.
package struct CheckFindings {
  /// What makes a run fail.
  package let diagnostics: [Diagnostic]
  /// What is wrong where hardly any run gets to, as in functions that nothing calls.
  package let warnings: [Diagnostic]
  /// What the scripts take, when nothing is wrong and they run the network.
  package let estimates: WorkEstimates?
}

extension Interpreter {
  /// Everything that is wrong with scripts as far as that shows without computing, in the order it was found; see
  /// ``DryRun`` for what is judged.
  ///
  /// - Throws: `Interrupted`.
  package func check(_ scripts: [Script]) throws -> CheckFindings {
    let dryRun = DryRun()
    dryRun.facts.isRecording = record.recording != nil
    self.dryRun = dryRun
    session.state.setChecking(true)
    defer {
      self.dryRun = nil
      session.state.setChecking(false)
      (flow, isFinished) = (.onward, false)
    }
    for script in scripts where !isFinished { try run(script) }
    dryRun.beginAnew()
    if let once = session.onceOutput { dryRun.report(once.fault) }
    let entries = dryRun.entries
    try dryRun.warning { try dryUncalled(dryRun) }
    let diagnostics = dryRun.diagnostics
    return CheckFindings(
      diagnostics: diagnostics.map(registry.answering), warnings: dryRun.warnings,
      estimates: diagnostics.isEmpty ? try estimates(entries) : nil)
  }

  /// Checks one statement; what is wrong with it is reported, and the check goes on with the next.
  ///
  /// - Throws: what is wrong with it in the body of a `try`, as a run does; `Interrupted`.
  func dryExecute(_ statement: Statement, showsResult: Bool, _ dryRun: DryRun) throws -> Value {
    try checkInterruption()
    dryRun.beginStatement()
    dryRun.depth += 1
    let uses = dryRun.uses
    defer {
      dryRun.depth -= 1
      if dryRun.uses != uses { dryRun.mayFail = true }
    }
    do { return try dryResult(of: statement, showsResult, dryRun) } catch is Quitting {
      isFinished = true
      return .null
    } catch is ComputationSkipped {
      dryRun.uses += 1
      // Whether there is a result, and one for the file of a `once`, nobody knows.
      if showsResult { (session.last, session.onceOutput) = (.unknown(), nil) }
    } catch {
      guard dryRun.tries == 0, let diagnostic = error.diagnostic(at: statement.span) else { throw error }
      dryRun.report(diagnostic)
    }
    forget(statement)
    return .unknown()
  }

  private func dryResult(of statement: Statement, _ showsResult: Bool, _ dryRun: DryRun) throws -> Value {
    guard stack?.isLeft() ?? true else { throw ComputationSkipped() }
    guard statement.hasBlocks else { return try perform(statement, showsResult: showsResult) }
    try dryBlocks(of: statement, showsResult, dryRun)
    return .null
  }

  private func dryBlocks(of statement: Statement, _ showsResults: Bool, _ dryRun: DryRun) throws {
    let before = SessionSnapshot(of: self)
    do {
      switch statement.kind {
      case .forLoop(let variables, let sequence, let body):
        let elements = try evaluate(sequence)
        try dryFor(variables, over: elements, at: sequence.span, body, showsResults, dryRun)
      case .whileLoop(let condition, let body): try dryWhile(condition, body, showsResults, dryRun)
      case .conditional(let branches, let otherwise):
        try dryConditional(branches[...], otherwise, showsResults, dryRun)
      case .scoped(let changes, let body): try dryScoped(changes, body, showsResults, dryRun)
      case .attempt(let body, let name, let handler):
        try dryAttempt(body, name, handler, showsResults, dryRun)
      default: preconditionFailure("a statement without blocks")
      }
    } catch {
      if error.isFault { before.restore(in: self) }
      throw error
    }
  }

  /// What becomes of a result that would print.
  func dryEmit(_ value: Value, _ dryRun: DryRun) throws {
    guard let path = session.onceOutput?.path else { return }
    session.onceOutput = nil
    guard FileFormats.isKnown(path: path) else { return }
    try checkFormat(of: value, for: path)
  }

  /// Whether the value can be written to a file of that name, as far as its form says.
  func checkFormat(of value: Value, for path: String) throws {
    let known = value.asUnknown.map(\.standIn) ?? value
    let form = try known.map { try withTensors($0, verb: "save") }
    if case .object(let object) = value, let object = object as? any FileContent {
      _ = try object.bytes(for: path)
      return
    }
    try FileFormats.check(form.flatMap { $0.holdsUnknown || $0.isObject ? Value?.none : $0 }, for: path)
  }
}

// MARK: Blocks
extension Interpreter {
  private func dryConditional(
    _ branches: ArraySlice<Statement.Branch>, _ otherwise: [Statement], _ showsResults: Bool, _ dryRun: DryRun
  ) throws {
    guard let branch = branches.first else { return try execute(otherwise, showsResults: showsResults) }
    let value = try evaluate(branch.condition)
    let others = branches.dropFirst()
    guard let unknown = value.asUnknown else {
      if try holds(value, at: branch.condition.span) {
        return try execute(branch.body, showsResults: showsResults)
      }
      return try dryConditional(others, otherwise, showsResults, dryRun)
    }
    if let form = unknown.standIn { _ = try holds(form, at: branch.condition.span) }
    try fork(
      [
        { try self.execute(branch.body, showsResults: showsResults) },
        { try self.dryConditional(others, otherwise, showsResults, dryRun) },
      ], dryRun)
  }

  /// However a way ends, what `with` changes is as before afterwards.
  private func dryScoped(
    _ changes: [Expression], _ body: [Statement], _ showsResults: Bool, _ dryRun: DryRun
  ) throws {
    let before = world(dryRun)
    let (loops, calls) = (dryRun.loops.last, dryRun.calls.last)
    defer {
      let (flow, isFinished) = (flow, isFinished)
      enter(world(dryRun).restoringChanges(from: before), dryRun)
      (self.flow, self.isFinished) = (flow, isFinished)
      if let loops {
        dryRun.loops[dryRun.loops.count - 1].restoreChanges(from: before, after: loops)
      }
      if let calls {
        dryRun.calls[dryRun.calls.count - 1].restoreChanges(from: before, after: calls)
      }
    }
    for change in changes { try apply(change) }
    try execute(body, showsResults: showsResults)
  }

  /// The handler runs when the body fails: certainly, or where one of its statements may.
  private func dryAttempt(
    _ body: [Statement], _ name: Identifier?, _ handler: [Statement], _ showsResults: Bool, _ dryRun: DryRun
  ) throws {
    var (failed, caught) = try dryBody(body, showsResults, dryRun)
    func handle(_ fault: Value) throws {
      if let name { session.variables[name.name] = fault }
      try execute(handler, showsResults: showsResults)
    }
    guard !failed.isEmpty else {
      if let caught { try handle(caught) }
      return
    }
    var ends: [WayEnd] = []
    if caught == nil { ends.append(wayEnd(dryRun)) } else { failed.append(world(dryRun)) }
    try join(failed, dryRun)
    guard !ends.isEmpty else { return try handle(.unknown()) }
    let handled = try dryRun.warning { try end(of: { try handle(.unknown()) }, dryRun) }
    if let handled { ends.append(handled) }
    try settle(ends, dryRun)
  }

  /// Runs the body of a `try`.
  ///
  /// - Returns: what is known before each statement that may fail, and the fault that certainly ends the body.
  private func dryBody(
    _ body: [Statement], _ showsResults: Bool, _ dryRun: DryRun
  ) throws -> (failed: [World], caught: Value?) {
    let mayFail = dryRun.mayFail
    dryRun.tries += 1
    defer {
      dryRun.tries -= 1
      dryRun.mayFail = mayFail
    }
    var failed: [World] = []
    for statement in body where !isLeaving {
      let before = world(dryRun)
      dryRun.mayFail = false
      do { try execute(statement, showsResult: showsResults) } catch {
        guard let diagnostic = error.diagnostic(at: nil) else { throw error }
        return (failed, .record(diagnostic.record))
      }
      if dryRun.mayFail { failed.append(before) }
    }
    return (failed, nil)
  }
}

extension LoopExits {
  fileprivate mutating func restoreChanges(from before: World, after others: LoopExits) {
    for index in others.continued.count..<continued.count {
      continued[index] = continued[index].restoringChanges(from: before)
    }
    for index in others.left.count..<left.count { left[index] = left[index].restoringChanges(from: before) }
  }
}

extension CallExits {
  fileprivate mutating func restoreChanges(from before: World, after others: CallExits) {
    for index in others.returned.count..<returned.count {
      returned[index].world = returned[index].world.restoringChanges(from: before)
    }
  }
}

extension Statement {
  /// Whether a run restores the session when the statement fails.
  fileprivate var hasBlocks: Bool {
    switch kind {
    case .forLoop, .whileLoop, .conditional, .scoped, .attempt: true
    default: false
    }
  }
}
