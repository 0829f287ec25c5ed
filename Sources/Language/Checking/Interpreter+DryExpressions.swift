import ExactText
import Faults
import Results
import Scripting
import Tensors

extension Interpreter {
  /// The value as it can be used: a stand-in for one that is unknown.
  ///
  /// - Throws: ``ComputationSkipped`` when there is no stand-in.
  package func known(_ value: Value) throws -> Value {
    guard let unknown = value.asUnknown else { return value }
    dryRun?.uses += 1
    guard let standIn = unknown.standIn else { throw ComputationSkipped() }
    return standIn
  }

  /// The same for a value of which all parts are looked at.
  func knownThroughout(_ value: Value) throws -> Value {
    if let dryRun, value.holdsUnknown { dryRun.uses += 1 }
    return try known(value)
  }

  /// The value of an expression, unknown when anything unknown is used on the way.
  func dryValue(of expression: Expression, _ dryRun: DryRun) throws -> Value {
    dryRun.step()
    let before = dryRun.uses
    do {
      // A check takes more of the stack than a run, of which its end says nothing.
      guard stack?.isLeft() ?? true, !isUncertain(expression, dryRun) else { throw ComputationSkipped() }
      if let known = try outline(expression) { return known }
      let value = try value(of: expression)
      guard dryRun.uses != before, value.asUnknown == nil else { return value }
      if tellsWhatIsUnknown(expression) {
        dryRun.uses = before
        return value
      }
      return .unknown(like: value)
    } catch is ComputationSkipped {
      dryRun.uses += 1
      return .unknown()
    } catch let fault as Diagnostic where fault.code == "unknown-name" && dryRun.facts.hidesNames {
      dryRun.uses += 1
      return .unknown()
    }
  }

  /// Whether the expression reads what the session is about while nobody knows what that is.
  private func isUncertain(_ expression: Expression, _ dryRun: DryRun) -> Bool {
    guard !dryRun.facts.uncertain.isDisjoint(with: type(of: session.state).nameKeys) else { return false }
    switch expression.kind {
    case .node: return true
    case .name(let name):
      return session.variables[name] == nil
        && domain.readsState(name)
    default: return false
    }
  }

  /// Whether the value of the expression says itself what of it is unknown, whatever was used on the way.
  private func tellsWhatIsUnknown(_ expression: Expression) -> Bool {
    guard case .call(let call) = expression.kind else { return false }
    return registry[call.callee.name].map { $0.group == .functions } ?? true
  }

  /// `x.count`, `x.shape` or `x.rank` of a value whose form is known; nil for another expression.
  private func outline(_ expression: Expression) throws -> Value? {
    guard case .member(let base, let field) = expression.kind,
      ["count", "shape", "rank"].contains(field.name),
      case .name(let name) = base.kind, let unknown = session.variables[name]?.asUnknown, unknown.knowsLength
    else { return nil }
    switch unknown.standIn {
    case .list(let elements) where field.name == "count": return Value(elements.count)
    case .tensor(let tensor): return try fields(of: .tensor(tensor))[field.name]
    default: return nil
    }
  }

  /// Binds, validates and counts a call; what it would compute is unknown.
  func dryInvoke(_ command: any Command, _ call: Call, _ dryRun: DryRun) throws -> Value {
    let (before, uses) = (session, dryRun.uses)
    do {
      let arguments = try ArgumentBinder(command: command, interpreter: self).bind(call)
      // What `with` changes is added to or taken from, all else a command puts in the place of what there was.
      let replaced = command.context == type(of: session.state).changesKey ? nil : command.context
      let bound = dryRun.uses
      var result = try counting(command, call, arguments, dryRun) {
        try dryRun.certainly(but: replaced, in: self) { try command.check(arguments, in: self) }
      }
      // The function itself has asked for an activation.
      if command.group == .functions, dryRun.uses != bound, result.asUnknown == nil {
        result = .unknown(like: result)
      }
      if let replaced, !arguments.bound.isEmpty { dryRun.learn(replaced) }
      return result
    } catch {
      if !command.runsStatements { session = before }
      // What fails in a `try` has certainly changed nothing.
      let isUndone = error.isFault && dryRun.tries > 0
      if let context = command.context, !isUndone { dryRun.lose(context, in: self) }
      guard let fault = error as? any Fault else { throw error }
      // A stand-in has the form of its value; its numbers are zeros that mean nothing.
      if fault.code == ValueFault.divisionByZero.code, dryRun.uses != uses { throw ComputationSkipped() }
      throw fault.located(call.span)
    }
  }

  /// Notes the work of `body`; a result that the network has a part in is unknown but for its form.
  private func counting(
    _ command: any Command, _ call: Call, _ arguments: Arguments, _ dryRun: DryRun,
    _ body: () throws -> Value
  ) throws -> Value {
    let (result, cost) = domain.measuring(in: self, body)
    let skipped: ComputationSkipped? =
      if case .failure(let error) = result { error as? ComputationSkipped } else { nil }
    if command.runsNetwork { dryRun.step(100) }
    if command.runsNetwork, let skipped, !skipped.isWorkKnown {
      dryRun.add(WorkEntry(call.span, nil))
    } else if let cost {
      dryRun.add(WorkEntry(call.span, cost))
    }
    let value = try result.get()
    let regard = (command as? Function)?.regard ?? .everything
    let isGuess = regard == .everything && arguments.all.contains { $0.value.asUnknown != nil }
    guard cost != nil || isGuess else { return value }
    dryRun.uses += 1
    return value.asUnknown == nil ? .unknown(like: value) : value
  }
}

extension Command {
  package func check(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    try checkByForm(arguments, in: session)
  }

  /// Runs unless something that it is given is unknown, or it would read or write a file.
  ///
  /// What is not computed yet, like a record or patterns, is taken by its form; what is said of it then is unknown but
  /// for its form, too. Of a function's result not even that: it may have as many rows as the numbers have it.
  package func checkByForm(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    let isFunction = group == .functions
    let formed = arguments.withForms { $0.isObject || $0.isTensor || !isFunction && $0.hasShape }
    let files = parameters.compactMap { parameter -> String? in
      if case .path = parameter.kind { arguments.string(parameter.name) } else { nil }
    }
    for file in files { session.dryRun?.noteWritten(file) }
    let isUnknown = formed.all.contains { $0.value.holdsUnknown }
    if isUnknown || !files.isEmpty && !beginsRowFile(arguments) { throw ComputationSkipped() }
    let result = try run(files.isEmpty ? formed : formed.without("file").without("shard"), in: session)
    if isFunction, arguments.all.contains(where: { $0.value.asUnknown != nil }) { throw ComputationSkipped() }
    return result
  }

  /// Whether the file gets the rows of a result that does not depend on it.
  private func beginsRowFile(_ arguments: Arguments) -> Bool {
    parameters.contains { $0.name == "resume" } && !arguments.flag("resume")
  }

  package var context: StateKey? { nil }

  package var runsNetwork: Bool { false }

  /// Whether it runs other statements, each of which is checked by itself.
  fileprivate var runsStatements: Bool { argumentStyle == .statement || self is SourceCommand }
}
