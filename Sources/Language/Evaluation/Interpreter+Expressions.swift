import ExactText
import Faults
import Rendering
import Results
import Scripting
import Tensors

extension Interpreter {
  package func evaluate(_ expression: Expression) throws -> Value {
    if let dryRun { return try dryValue(of: expression, dryRun) }
    guard stack?.isLeft() ?? true else { throw LimitFault.stackExhausted.located(expression.span) }
    return try value(of: expression)
  }

  func value(of expression: Expression) throws -> Value {
    let value = try uncountedValue(of: expression)
    switch expression.kind {
    // What is there already; calls count their results themselves.
    case .null, .bool, .number, .raw, .name, .node, .range, .call, .choice, .lambda, .statement: break
    default: try counted(value, at: expression.span)
    }
    return value
  }

  /// Counts what was made for the memory budget.
  func counted(_ value: Value, at span: Span) throws {
    guard let memory else { return }
    let bytes = value.shallowBytes
    guard bytes > 0 else { return }
    do { try memory.note(bytes) } catch let fault as HeldMemoryFault { throw fault.located(span) }
  }

  private func uncountedValue(of expression: Expression) throws -> Value {
    switch expression.kind {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .number(let value): return .number(value)
    case .string(let parts): return try locating(expression.span) { .string(try text(parts)) }
    case .raw(let text): return .string(text)
    case .list(let elements):
      return try locating(expression.span) {
        try Value.list(try elements.interruptibleMap(evaluate)).nestingChecked()
      }
    case .record(let fields):
      let record = Value.record(
        try fields.reduce(into: Record()) { $0[$1.name.name] = try evaluate($1.value) })
      return try locating(expression.span) { try record.nestingChecked() }
    case .name(let name): return try value(named: name, at: expression.span)
    case .node(let syntax): return try domain.value(of: syntax, at: expression.span, in: self)
    case .unary(let op, let operand):
      return try locating(expression.span) { try apply(op, try evaluate(operand)) }
    case .binary(let op, let left, let right): return try binary(op, left, right, at: expression.span)
    case .range(let lower, let upper, let includesUpper):
      let (start, end) = (try rangeEnd(lower), try rangeEnd(upper))
      return .range(IntegerRange(start, upTo: includesUpper ? end + 1 : end))
    case .subscripted(let base, let subscripts):
      let value = try evaluate(base)
      return try locating(expression.span) { try element(of: value, at: subscripts) }
    case .member(let base, let field):
      // `a3.h5` of a name that means nothing else.
      if case .name(let name) = base.kind, session.variables[name] == nil,
        let head = try domain.value(ofAlias: expression.span.text, at: expression.span, in: self)
      {
        return head
      }
      return try member(field, of: try evaluate(base))
    case .call(let call): return try invoke(call)
    case .choice, .lambda, .comprehension: return try valueOfForm(expression)
    case .statement(let statement): return try execute(statement, showsResult: false)
    }
  }

  /// An end of a range: no further than the numbers that are exact.
  private func rangeEnd(_ expression: Scripting.Expression) throws -> Int {
    let end = try wholeNumber(expression)
    guard abs(Double(end)) <= 0x1p53 else {
      throw ValueFault.outOfBounds(end, minimum: -(1 << 53), maximum: 1 << 53, what: "an end of a range")
        .located(expression.span)
    }
    return end
  }

  /// A variable, a constant of the session, or what the domain knows by that name.
  func value(named name: String, at span: Span) throws -> Value {
    if let value = session.variables[name] { return try knownToShare(value) }
    switch name {
    case "_":
      guard let last = session.last else { throw NameFault.noResult.located(span) }
      return try knownToShare(last)
    case "ARGV": return .strings(session.scriptArguments)
    default: break
    }
    if let value = try domain.value(named: name, at: span, in: self) { return value }
    let suggestion = closest(to: name, in: knownNames)
    if registry.isFunction(name) || suggestion == nil && registry[name] != nil {
      throw NameFault.functionAsValue(name).located(span)
    }
    // A verb alone is an expression as well.
    throw NameFault.unknownName(name, suggestion: suggestion ?? closest(to: name, in: registry.names))
      .located(span)
  }

  /// The string that a text of names and fields stands for, without computing anything; nil for another text.
  func presentString(_ text: String) -> String? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count > 1, parts.allSatisfy(Completer.isBare) else { return nil }
    let base = session.variables[parts[0]] ?? domain.presentValue(named: parts[0], in: self)
    let value = parts.dropFirst().reduce(base) { value, field in
      value.flatMap { try? fields(of: $0) }?[field]
    }
    return if case .string(let text)? = value { text } else { nil }
  }

  package var knownNames: [String] { session.variables.names + constants.map(\.name) }

  /// What has a value without being a variable.
  var constants: [(name: String, what: String)] {
    [("ARGV", "the script's arguments")] + domain.constants(in: self)
  }

  private func text(_ parts: [StringPart]) throws -> String {
    let values = try parts.map { part -> (value: Value, format: FormatSyntax?) in
      switch part {
      case .text(let text): (.string(text), nil)
      case .interpolation(let expression, let format): (try evaluate(expression), format)
      }
    }
    return try values.joinedText { value, format in
      let value = try knownThroughout(value)
      return try format.map { try text(of: value, $0) } ?? displayText(value)
    }
  }

  /// As `print` and interpolation show a value: strings without quotes, numbers so that they read back.
  ///
  /// - Throws: ``Interrupted``.
  func displayText(_ value: Value) throws -> String {
    switch value {
    case .string(let text): text
    case .number(let number): formatNumber(number)
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .range(let range): "\(range.lower)..<\(range.upper)"
    case .list(let elements):
      "[" + (try elements.joinedText(separator: ", ", displayText)) + "]"
    default: try tableText(value)
    }
  }

  private func tableText(_ value: Value) throws -> String {
    let result = CommandResult(command: "print", line: 0, value: value)
    let text = try TableRenderer().render(result, options: renderOptions(.file)).plain
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  func wholeNumber(_ expression: Expression) throws -> Int {
    try wholeNumber(try evaluate(expression), at: expression.span)
  }

  package func wholeNumber(_ value: Value, at span: Span) throws -> Int {
    guard case .number(let number) = try known(value) else {
      throw ValueFault.wrongType(expected: "a whole number", found: value.typeName, what: "this place")
        .located(span)
    }
    guard let whole = Int(exactly: number) else {
      throw ValueFault.notWhole(formatNumber(number), what: "this place").located(span)
    }
    return whole
  }

  func member(_ field: Identifier, of whole: Value) throws -> Value {
    let value = try known(whole)
    if case .object(let object) = value, whole.asUnknown == nil, let found = try object.field(field.name) {
      return found
    }
    let fields = try fields(of: value)
    if let found = fields[field.name] {
      if case .list = found, whole.asUnknown?.knowsLength == false { throw ComputationSkipped() }
      return found
    }
    throw NameFault.unknownField(field.name, of: value.typeName, known: Array(fields.keys))
      .located(field.span)
  }

  /// - Throws: ``Interrupted``.
  package func fields(of value: Value) throws -> Record {
    switch value {
    case .record(let record): record
    case .object(let object):
      object.fields.merging(try object.table.map { try columns(of: $0) } ?? [:]) { own, _ in own }
    case .tensor(let tensor):
      [
        "shape": .numbers(tensor.shape), "rank": Value(tensor.rank),
        "count": Value(tensor.count),
      ]
    case .list(let elements): try columns(of: elements).merging(["count": Value(elements.count)]) { $1 }
    case .string(let text): ["count": Value(try text.interruptibleCount)]
    case .range(let range):
      [
        "count": Value(range.count), "lower": Value(range.lower),
        "upper": Value(range.upper),
      ]
    case .table(let table): try columns(of: table)
    default: [:]
    }
  }

  /// What all elements of a list of records have, as the columns of a table.
  private func columns(of elements: [Value]) throws -> Record {
    guard case .record(let first)? = elements.first else { return [:] }
    let records = try elements.interruptibleMap {
      if case .record(let record) = $0 { record } else { Record() }
    }
    let columns = try first.keys.map { key in (key, try records.interruptibleMap { $0[key] }) }
    return columns.reduce(into: [:]) { fields, column in
      let values = column.1.compactMap(\.self)
      if values.count == records.count { fields[column.0] = .list(values) }
    }
  }

  private func columns(of table: Table) throws -> Record {
    Record(uniqueKeysWithValues: try table.columns.map { ($0, .list(try table.column($0) ?? [])) })
  }
}
