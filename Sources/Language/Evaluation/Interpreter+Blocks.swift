import ExactText
import Faults
import Results
import Scripting
import Tensors

/// Where statements go on, other than with the next one.
enum ControlFlow {
  case onward, nextTurn, leavingLoop
  case returning(Value)
}

// MARK: Loops and conditions
extension Interpreter {
  /// Whether the statements that follow in the block are passed over.
  var isLeaving: Bool {
    if isFinished { return true }
    if case .onward = flow { return false }
    return true
  }

  /// Runs a statement with blocks. The session is left as it was when it fails or is interrupted.
  func executeBlocks(of statement: Statement, showsResults: Bool) throws {
    let before = SessionSnapshot(of: self)
    do { try runBlocks(of: statement, showsResults) } catch {
      if !(error is Quitting) { before.restore(in: self) }
      throw error
    }
  }

  private func runBlocks(of statement: Statement, _ showsResults: Bool) throws {
    switch statement.kind {
    case .forLoop(let variables, let sequence, let body):
      let (count, element) = try elements(
        of: try evaluate(sequence), names: variables.count, at: sequence.span)
      for index in 0..<count {
        try bind(variables, to: element(index), at: sequence.span)
        guard try turn(index, body, showsResults, at: sequence.span) else { break }
      }
    case .whileLoop(let condition, let body):
      var index = 0
      while try holds(try evaluate(condition), at: condition.span) {
        guard try turn(index, body, showsResults, at: condition.span) else { break }
        index += 1
      }
    case .conditional(let branches, let otherwise):
      let taken = try branches.first { try holds(try evaluate($0.condition), at: $0.condition.span) }
      try execute(taken?.body ?? otherwise, showsResults: showsResults)
    case .scoped(let changes, let body):
      try scoped {
        for change in changes { try apply(change) }
        try execute(body, showsResults: showsResults)
      }
    case .attempt(let body, let name, let handler):
      guard let caught = try attempt(body, showsResults) else { return }
      if let name { session.variables[name.name] = caught }
      try execute(handler, showsResults: showsResults)
    default: preconditionFailure("a statement without blocks")
    }
  }

  /// Runs the body of a loop once; false when the loop is over.
  private func turn(
    _ index: Int, _ body: [Statement], _ showsResults: Bool, at span: Span
  ) throws -> Bool {
    try checkTurn(index, at: span)
    try execute(body, showsResults: showsResults)
    switch flow {
    case .returning: return false
    case .leavingLoop:
      flow = .onward
      return false
    case .onward, .nextTurn:
      flow = .onward
      return !isFinished
    }
  }

  func holds(_ value: Value, at span: Span) throws -> Bool {
    guard case .bool(let holds) = value else {
      throw ValueFault.wrongType(expected: "true or false", found: value.typeName, what: "a condition")
        .located(span)
    }
    return holds
  }

  /// What `for` goes through; made one at a time, since a range may be astronomically long.
  ///
  /// - Parameter names: how many variables there are: of a record one is a key, two are a key and its value.
  func elements(of value: Value, names: Int, at span: Span) throws -> (count: Int, element: (Int) -> Value) {
    switch value.tabular {
    case .record(let record) where names <= 2:
      return (
        record.count,
        { names == 1 ? .string(record[$0].key) : .list([.string(record[$0].key), record[$0].value]) }
      )
    case .list(let elements): return (elements.count, { elements[$0] })
    case .range(let range): return (range.count, { Value(range.lower + $0) })
    case .tensor(let tensor) where tensor.rank > 0:
      return (tensor.shape[0], { Value(unwrapping: tensor[$0]) })
    case .table(let table):
      let records = try table.records
      return (records.count, { .record(records[$0]) })
    default:
      throw ValueFault.wrongType(
        expected: "a list, range, record, tensor or table", found: value.typeName, what: "`for`"
      ).located(span)
    }
  }
}

// MARK: Scopes and errors
extension Interpreter {
  /// Runs `body`; however it ends, what `with` changes is as before afterwards.
  func scoped<R>(_ body: () throws -> R) rethrows -> R {
    let before = SessionSnapshot(of: self)
    defer { before.restoreChanges(in: self) }
    return try body()
  }

  /// Evaluates an expression of `with`: it changes what the block works on, or it is a change that was made before and is
  /// made again.
  ///
  /// - Throws: also ``ValueFault`` for what does neither.
  func apply(_ change: Expression) throws {
    let (before, losses) = (session.state.changes, dryRun?.losses)
    let value = try evaluate(change)
    guard session.state.changes == before, dryRun?.losses == losses else { return }
    guard let form = value.asUnknown.map(\.standIn) ?? value else { return }
    guard case .object(let object) = form, session.state.apply(object) else {
      let advice = type(of: session.state).changeAdvice
      throw ValueFault.notForWith(found: form.described, takes: advice.takes, example: advice.example)
        .located(change.span)
    }
  }

  /// Runs `body`; however it ends, that part of the session is as before afterwards.
  func restoring<Part, R>(_ part: WritableKeyPath<Session, Part>, _ body: () throws -> R) rethrows -> R {
    let before = session[keyPath: part]
    defer { session[keyPath: part] = before }
    return try body()
  }

  /// Runs the body of a `try`.
  ///
  /// - Returns: what went wrong, as a record; nil when nothing did.
  /// - Throws: what is no error of the script, such as ``Interrupted``.
  private func attempt(_ body: [Statement], _ showsResults: Bool) throws -> Value? {
    do {
      try execute(body, showsResults: showsResults)
      return nil
    } catch let diagnostic as Diagnostic {
      return .record(diagnostic.record)
    } catch let fault as any Fault {
      return .record(fault.located(nil).record)
    }
  }
}

extension Value {
  /// With its article, for a message.
  fileprivate var described: String {
    if case .null = self { return "nothing" }
    return ("aeiou".contains(typeName.prefix(1)) ? "an " : "a ") + typeName
  }
}

extension Diagnostic {
  /// What `catch` binds.
  var record: Record {
    [
      "code": .string(code), "message": .string(message),
      "remedy": notes.isEmpty ? .null : .string(notes.joined(separator: "; ")),
      "place": span?.place.map { .string($0) } ?? .null,
      "line": span.map { Value($0.start.line) } ?? .null,
    ]
  }
}
