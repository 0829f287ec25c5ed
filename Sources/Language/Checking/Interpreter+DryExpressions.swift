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

  /// The value of an expression, unknown when anything unknown is used on the way.
  func dryValue(of expression: Expression, _ dryRun: DryRun) throws -> Value {
    let before = dryRun.uses
    do {
      if isUncertain(expression, dryRun) { throw ComputationSkipped() }
      let value = try value(of: expression)
      return dryRun.uses == before || value.asUnknown != nil ? value : .unknown(like: value)
    } catch is ComputationSkipped {
      dryRun.uses += 1
      return .unknown()
    } catch let fault as Diagnostic where fault.code == "unknown-name" && dryRun.hidesNames {
      dryRun.uses += 1
      return .unknown()
    }
  }

  /// Whether the expression reads what the session is about while nobody knows what that is.
  private func isUncertain(_ expression: Expression, _ dryRun: DryRun) -> Bool {
    guard !dryRun.uncertain.isDisjoint(with: type(of: session.state).nameKeys) else { return false }
    switch expression.kind {
    case .node: return true
    case .name(let name):
      return session.variables[name] == nil
        && domain.readsState(name)
    default: return false
    }
  }

  /// Binds, validates and counts a call; what it would compute is unknown.
  func dryInvoke(_ command: any Command, _ call: Call, _ dryRun: DryRun) throws -> Value {
    let (before, uses) = (session, dryRun.uses)
    do {
      let arguments = try ArgumentBinder(command: command, interpreter: self).bind(call)
      // What `with` changes is added to or taken from, all else a command puts in the place of what there was.
      let replaced = command.context == type(of: session.state).changesKey ? nil : command.context
      let result = try counting(command, call, arguments, dryRun) {
        try dryRun.certainly(but: replaced, in: self) { try command.check(arguments, in: self) }
      }
      if let replaced, !arguments.bound.isEmpty { dryRun.learn(replaced) }
      return result
    } catch {
      if !command.runsStatements { session = before }
      if let context = command.context { dryRun.lose(context, in: self) }
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
    if command.runsNetwork, let skipped, !skipped.isWorkKnown {
      dryRun.entries.append(WorkEntry(call.span, nil))
    } else if let cost {
      dryRun.entries.append(WorkEntry(call.span, cost))
    }
    let value = try result.get()
    let isGuess = arguments.all.contains { $0.value.asUnknown != nil }
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
    let formed = arguments.withForms { $0.isObject || !isFunction && $0.hasShape }
    let files = parameters.compactMap { parameter -> String? in
      if case .path = parameter.kind { arguments.string(parameter.name) } else { nil }
    }
    session.dryRun?.writtenFiles.formUnion(files.map { Name(AbsolutePath.of($0)) })
    let isUnknown = formed.all.contains { $0.value.holdsUnknown }
    if isUnknown || !files.isEmpty && !beginsRowFile(arguments) { throw ComputationSkipped() }
    let result = try run(files.isEmpty ? formed : formed.without("file"), in: session)
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
