import ExactText
import Faults
import Results
import Scripting

/// `[element for x in xs if condition]`: its variables are its own.
extension Interpreter {
  func list(of comprehension: Comprehension, at span: Span) throws -> Value {
    try restoring(\.variables.locals) {
      session.variables.locals = session.variables.locals ?? [:]
      var elements: [Value] = []
      func take() throws {
        guard elements.count < ValueLimits.elements else {
          throw LimitFault.tooManyElements(limit: ValueLimits.elements).located(span)
        }
        elements.append(try evaluate(comprehension.element))
      }
      if let dryRun {
        var isCertain = true
        try dryGenerate(comprehension.clauses[...], &isCertain, dryRun, take)
        guard isCertain else { throw ComputationSkipped() }
      } else {
        try generate(comprehension.clauses[...], take)
      }
      return try locating(span) { try Value.list(elements).nestingChecked() }
    }
  }

  private func generate(_ clauses: ArraySlice<Comprehension.Clause>, _ take: () throws -> Void) throws {
    guard let clause = clauses.first else { return try take() }
    let rest = clauses.dropFirst()
    switch clause {
    case .condition(let condition):
      if try holds(try evaluate(condition), at: condition.span) { try generate(rest, take) }
    case .each(let variables, let sequence):
      let (count, element) = try elements(
        of: try evaluate(sequence), names: variables.count, at: sequence.span)
      for index in 0..<count {
        try checkTurn(index, at: sequence.span)
        try bind(variables, to: element(index), at: sequence.span)
        try generate(rest, take)
      }
    }
  }

  /// As a run goes on, as far as that is known.
  ///
  /// - Parameter isCertain: false when nobody knows which elements there are.
  private func dryGenerate(
    _ clauses: ArraySlice<Comprehension.Clause>, _ isCertain: inout Bool, _ dryRun: DryRun,
    _ take: () throws -> Void
  ) throws {
    guard let clause = clauses.first else { return try take() }
    let rest = clauses.dropFirst()
    switch clause {
    case .condition(let condition):
      let value = try evaluate(condition)
      guard let unknown = value.asUnknown else {
        if try holds(value, at: condition.span) { try dryGenerate(rest, &isCertain, dryRun, take) }
        return
      }
      if let form = unknown.standIn { _ = try holds(form, at: condition.span) }
      isCertain = false
      var isInner = true
      try possibly({ try dryGenerate(rest, &isInner, dryRun, take) }, dryRun)
    case .each(let variables, let sequence):
      let value = try evaluate(sequence)
      let (count, element) = try dryElements(of: value, names: variables.count, at: sequence.span)
      var index = 0
      while let count, !dryRun.isExhausted {
        guard index < count else { return }
        try checkTurn(index, at: sequence.span)
        dryRun.step()
        try bind(variables, to: element(index), at: sequence.span)
        try dryGenerate(rest, &isCertain, dryRun, take)
        index += 1
      }
      isCertain = false
      var isInner = true
      for variable in variables { session.variables[variable.name] = .unknown() }
      let entries = try dryRun.entries(of: {
        try possibly({ try dryGenerate(rest, &isInner, dryRun, take) }, dryRun)
      })
      dryRun.addTurns(entries, nil)
    }
  }
}

// MARK: Names of loops
extension Interpreter {
  /// Binds the variables of a loop; several take the element apart. `_` stands for what nobody needs.
  func bind(_ variables: [Identifier], to element: Value, at span: Span) throws {
    guard variables.count > 1 else {
      if variables[0].name != "_" { session.variables[variables[0].name] = element }
      return
    }
    let parts = try parts(of: element, count: variables.count, at: span)
    for (variable, part) in zip(variables, parts) where variable.name != "_" {
      session.variables[variable.name] = part
    }
  }

  private func parts(of element: Value, count: Int, at span: Span) throws -> [Value] {
    let parts: [Value]
    switch element.opened {
    case .list(let elements): parts = elements
    case .tensor(let tensor) where tensor.rank > 0 && tensor.shape[0] == count:
      parts = (0..<count).map { Value(unwrapping: tensor[$0]) }
    case let value where value.asUnknown != nil: parts = Array(repeating: .unknown(), count: count)
    default: throw ValueFault.notTakenApart(count, found: element.typeName).located(span)
    }
    guard parts.count == count else {
      throw ValueFault.notTakenApart(count, found: "a list of \(parts.count)").located(span)
    }
    return parts
  }

  /// Before another turn of a loop.
  func checkTurn(_ index: Int, at span: Span) throws {
    try checkInterruption()
    guard index < session.settings.maxTurns else {
      throw LimitFault.tooManyTurns(limit: session.settings.maxTurns).located(span)
    }
  }
}
