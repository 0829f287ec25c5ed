import ExactText
import Faults
import Results
import Scripting
import Tensors

/// `x[0] = 5`, `r.field += 1`: values are values, so the variable gets another one and copies stay as they are.
extension Interpreter {
  /// What an assignment says behind the variable: a field, or the subscripts of one pair of brackets.
  enum Part {
    case field(Identifier)
    case element([Place], Span)

    var span: Span {
      switch self {
      case .field(let name): name.span
      case .element(_, let span): span
      }
    }
  }

  func assign(_ statement: Statement) throws {
    guard case .assignment(let target, let op, let expression) = statement.kind,
      let variable = target.assignedVariable
    else { preconditionFailure("the parser accepts no other target") }
    try requireOwn(variable)
    let value = try evaluate(expression)
    let parts = try parts(of: target)
    try locating(target.span) {
      let changed = try op.map { op in
        let whole = try self.value(named: variable.name, at: variable.span)
        let before = try parts.reduce(whole) { try self.value(of: $1, in: $0) }
        let span = target.span.union(expression.span)
        let after = try locating(span) { try apply(op, before, value).sizeChecked() }
        try counted(after, at: span)
        return after
      }
      try change(variable.name, parts[...], to: changed ?? value)
    }
  }

  /// The variable is there; in a function it is the function's own.
  private func requireOwn(_ variable: Identifier) throws {
    let name = variable.name
    if session.variables.locals?[name] != nil { return }
    if session.variables[name] == nil {
      if dryRun?.facts.hidesNames == true { throw ComputationSkipped() }
      let suggestion = closest(to: name, in: session.variables.names)
      throw NameFault.unassignedName(name, suggestion: suggestion).located(variable.span)
    }
    if session.variables.locals != nil { throw NameFault.notOwn(name).located(variable.span) }
  }

  private func parts(of target: Expression) throws -> [Part] {
    switch target.kind {
    case .subscripted(let base, let subscripts):
      return try parts(of: base) + [.element(try subscripts.map(place), target.span)]
    case .member(let base, let field): return try parts(of: base) + [.field(field)]
    default: return []
    }
  }

  private func value(of part: Part, in whole: Value) throws -> Value {
    switch part {
    case .field(let name): try member(name, of: whole)
    case .element(let places, let span): try locating(span) { try element(of: whole, at: places) }
    }
  }

  private func change(_ name: String, _ parts: ArraySlice<Part>, to new: Value) throws {
    if let dryRun, session.variables[name]?.asUnknown != nil || new.holdsUnknown {
      session.variables[name] = try changed(session.variables[name] ?? .null, parts, to: new, dryRun)
    } else if new.isSimple, !parts.isEmpty {
      var value = take(name)
      defer { session.variables[name] = value }
      try change(&value, parts, to: new)
    } else {
      var copy = session.variables[name] ?? .null
      try change(&copy, parts, to: new)
      session.variables[name] = try copy.nestingChecked()
    }
  }

  /// The value, which nothing else holds while it changes, so that it is not copied.
  private func take(_ name: String) -> Value {
    let value = session.variables[name] ?? .null
    session.variables[name] = .null
    return value
  }

  /// What is known behind an assignment in which something is unknown.
  private func changed(
    _ whole: Value, _ parts: ArraySlice<Part>, to new: Value, _ dryRun: DryRun
  ) throws -> Value {
    if parts.isEmpty { return new }
    dryRun.uses += 1
    guard whole.asUnknown?.knowsLength ?? true else { throw ComputationSkipped() }
    // Lists and records hold what is unknown; of others the form is known.
    switch whole {
    case .list, .record:
      var value = whole
      try change(&value, parts, to: new)
      return value
    default:
      guard var form = whole.asUnknown.map(\.standIn) ?? whole else { throw ComputationSkipped() }
      let standIn = new.asUnknown.map { $0.standIn ?? (form.isTensor ? .number(0) : .null) } ?? new
      try change(&form, parts, to: standIn)
      return .unknown(like: form)
    }
  }

  /// What a check knows of the variables that a statement binds or changes, when it does not know how.
  func forget(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, _): session.variables[name.name] = .unknown()
    case .assignment(let target, _, _):
      guard let name = target.assignedVariable?.name, let value = session.variables[name] else { return }
      let form = value.asUnknown.map(\.standIn) ?? value
      session.variables[name] = form?.isTensor == true ? .unknown(like: form) : .unknown()
    default: break
    }
  }
}

extension Value {
  /// Whether it has no parts that make what holds it nest deeper.
  fileprivate var isSimple: Bool {
    switch self {
    case .null, .bool, .number, .string, .range, .tensor: true
    default: false
    }
  }
}
