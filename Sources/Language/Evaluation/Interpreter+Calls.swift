import ExactText
import Faults
import Results
import Scripting

/// `quit` inside a function: leaves the expression in which the function was called.
struct Quitting: Error {}

extension Interpreter {
  /// Calls a command or function. The session is left as it was when it fails or is interrupted.
  func invoke(_ call: Call) throws -> Value {
    let before = SessionSnapshot(of: self)
    do {
      guard let command = registry[call.callee.name] else {
        if let dryRun { try dryCallee(call.callee, dryRun) }
        return try self.call(try function(named: call.callee), call)
      }
      if let dryRun { return try dryInvoke(command, call, dryRun) }
      return try run(command, call)
    } catch let error {
      if error is Quitting { throw error }
      before.restore(in: self)
      if let fault = error as? any Fault { throw fault.located(call.span) }
      throw error
    }
  }

  /// A record says itself what it and its arguments were computed under, and goes on to do so in a variable.
  private func run(_ command: any Command, _ call: Call) throws -> Value {
    try tracingInterventions {
      let arguments = try ArgumentBinder(command: command, interpreter: self).bind(call)
      try requireCopies(of: arguments)
      let result = try command.run(arguments, in: self).nestingChecked()
      if case .tensor(let tensor) = result { try checkMemory(ofShape: tensor.shape) }
      try counted(result, at: call.span)
      return result.stating(
        interventions: Array(interventionsInUse))
    }
  }

  /// Commands copy tensors on the way, at most as Float64 beside a result of the same size. Such copies are soon freed, so they
  /// do not count for the budget, but the system must have them.
  private func requireCopies(of arguments: Arguments) throws {
    let bytes = 4 * arguments.tensorBytes
    if bytes > 1 << 24 { try ProcessMemory.require(bytes) }
  }

  private func function(named callee: Identifier) throws -> UserFunction {
    guard let value = session.variables[callee.name] else {
      if let here = CommandRegistry.otherCalls[callee.name] {
        throw NameFault.otherCall(callee.name, here: here).located(callee.span)
      }
      let known = registry.names + functionNames
      throw NameFault.unknownCommand(callee.name, suggestion: closest(to: callee.name, in: known))
        .located(callee.span)
    }
    guard case .object(let object) = value, let function = object as? UserFunction else {
      throw NameFault.notAFunction(callee.name, type: value.typeName).located(callee.span)
    }
    return function
  }

  /// The functions that scripts have defined.
  package var functionNames: [String] {
    session.variables.names {
      if case .object(let object) = $0 { object is UserFunction } else { false }
    }
  }
}

// MARK: Functions of scripts
extension Interpreter {
  static var deepestCall: Int { 200 }

  private func call(_ function: UserFunction, _ call: Call) throws -> Value {
    let arguments = try bind(call, to: function)
    return try self.call(function, arguments, at: call.span)
  }

  /// Runs the body of a function in a scope of its own.
  func call(_ function: UserFunction, _ arguments: NameTable<Value>, at span: Span) throws -> Value {
    guard callDepth < Self.deepestCall else {
      throw LimitFault.callsTooDeep(limit: Self.deepestCall).located(span)
    }
    if let dryRun { return try dryCall(function, arguments, at: span, dryRun) }
    try checkInterruption()
    callDepth += 1
    defer { callDepth -= 1 }
    return try restoring(\.variables.locals) {
      session.variables.locals = function.scope(arguments)
      do { return try result(of: function, at: span) } catch let diagnostic as Diagnostic {
        // The fault is in what stands here.
        if function.syntax.isLambda { throw diagnostic }
        throw diagnostic.called(function.name, at: span)
      }
    }
  }

  private func result(of function: UserFunction, at span: Span) throws -> Value {
    try bindDefaults(of: function)
    try locating(span) { try execute(function.syntax.body, showsResults: true) }
    if isFinished { throw Quitting() }
    guard case .returning(let value) = flow else { return .null }
    flow = .onward
    return value
  }

  /// Defaults see the parameters before them and the variables of the session.
  func bindDefaults(of function: UserFunction) throws {
    for parameter in function.syntax.parameters where session.variables.locals?[parameter.name.name] == nil {
      guard let standard = parameter.standard else { continue }
      let value = try evaluate(standard)
      session.variables.locals?[parameter.name.name] = value
    }
  }

  private func bind(_ call: Call, to function: UserFunction) throws -> NameTable<Value> {
    let names = function.syntax.parameters.map(\.name.name)
    var bound: NameTable<Value> = [:]
    var positional = names[...]
    for argument in call.arguments {
      let name: String
      if let label = argument.label {
        guard names.contains(label.name) else {
          throw CallFault.unknownOption(label.name, command: function.name, known: names).located(label.span)
        }
        name = label.name
      } else {
        guard let next = positional.popFirst() else {
          throw CallFault.tooManyArguments(synopsis: function.synopsis, instead: nil).located(
            argument.value.span)
        }
        name = next
      }
      guard bound[name] == nil else {
        throw CallFault.repeatedArgument(name).located(argument.value.span)
      }
      bound[name] = try evaluate(argument.value)
    }
    for parameter in function.syntax.parameters
    where parameter.standard == nil && bound[parameter.name.name] == nil {
      throw CallFault.missingParameter(parameter.name.name, synopsis: function.synopsis).located(call.span)
    }
    return bound
  }
}
