import ExactText
import Faults
import Results
import Scripting

// MARK: Functions of scripts
extension Interpreter {
  /// Follows a call.
  ///
  /// - Throws: ``ComputationSkipped`` for one that is not followed.
  func dryCall(
    _ function: UserFunction, _ arguments: NameTable<Value>, at span: Span, _ dryRun: DryRun
  ) throws -> Value {
    dryRun.called.insert(Name(function.name))
    guard dryRun.follows(function.name) else { return try dryUnfollowed(function, dryRun) }
    let (uses, locals) = (dryRun.uses, session.variables.locals)
    dryRun.calls.append(CallExits(function: function.name, doubt: dryRun.doubt))
    callDepth += 1
    session.variables.locals = function.scope(arguments)
    var fault: (any Error)?
    do {
      try bindDefaults(of: function)
      try execute(function.syntax.body, showsResults: true)
    } catch is Quitting { isFinished = true } catch { fault = error }
    callDepth -= 1
    let value = try dryEnd(of: function, fault, restoring: locals, at: span, dryRun)
    // It says itself what of it is unknown.
    dryRun.uses = uses
    return value
  }

  /// Where the ways through a function meet.
  private func dryEnd(
    of function: UserFunction, _ fault: (any Error)?, restoring locals: NameTable<Value>?, at span: Span,
    _ dryRun: DryRun
  ) throws -> Value {
    var ends = dryRun.calls.removeLast().returned
    dryRun.pending -= ends.count
    if let fault {
      guard fault.isFault, dryRun.tries > 0, !ends.isEmpty else {
        session.variables.locals = locals
        let diagnostic = fault.diagnostic(at: span)
        throw (function.syntax.isLambda ? diagnostic : diagnostic?.called(function.name, at: span)) ?? fault
      }
      dryRun.mayFail = true
    } else if let value = takeReturned() {
      ends.append((world(dryRun), value))
    }
    guard !ends.isEmpty else { throw Quitting() }
    try join(ends.map(\.world), dryRun)
    session.variables.locals = locals
    return try Value.joined(ends.map(\.value))
  }

  /// nil when nothing is reached behind the call.
  private func takeReturned() -> Value? {
    defer { flow = .onward }
    if isFinished { return nil }
    guard case .returning(let value) = flow else { return .null }
    return value
  }

  /// It may do anything that functions do.
  private func dryUnfollowed(_ function: UserFunction, _ dryRun: DryRun) throws -> Value {
    if dryRun.computing.contains(Name(function.name)) {
      // Nobody knows how often.
      dryRun.add(WorkEntry(function.syntax.name.span, nil).unlimited)
    }
    if dryRun.isExhausted { dryRun.loseEverything(in: self) } else { dryRun.loseContexts(in: self) }
    throw ComputationSkipped()
  }

  /// What is called may be unknown.
  ///
  /// - Throws: ``ComputationSkipped`` then.
  func dryCallee(_ callee: Identifier, _ dryRun: DryRun) throws {
    let value = session.variables[callee.name]
    guard value.map({ $0.asUnknown.map { $0.standIn == nil } ?? false }) ?? dryRun.facts.hidesNames else {
      return
    }
    dryRun.loseContexts(in: self)
    throw ComputationSkipped()
  }

  /// Functions that nothing has called: their names are known, what they will work on is not. No run fails because of
  /// them, so what is wrong with them is a warning.
  func dryUncalled(_ dryRun: DryRun) throws {
    (flow, isFinished) = (.onward, false)
    dryRun.loseContexts(in: self)
    for name in functionNames {
      guard case .object(let object)? = session.variables[name], let function = object as? UserFunction,
        !dryRun.called.contains(Name(function.name))
      else { continue }
      let parameters = function.syntax.parameters.map { ($0.name.name, Value.unknown()) }
      dryRun.beginAnew()
      try finishing {
        _ = try dryCall(
          function, NameTable(parameters, uniquingKeysWith: { $1 }), at: function.syntax.name.span, dryRun)
      }
      (flow, isFinished) = (.onward, false)
    }
  }
}
