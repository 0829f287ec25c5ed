import ExactText
import Rendering
import Results
import Scripting

/// Binds the arguments of a call to a command's parameters and checks their kinds.
struct ArgumentBinder {
  let command: any Command
  let interpreter: Interpreter

  func bind(_ call: Call) throws -> Arguments {
    var bound: NameTable<[Arguments.Bound]> = [:]
    var positional = command.parameters.filter { $0.placement != .option }[...]
    for argument in call.arguments {
      let parameter: Parameter
      if let label = argument.label {
        parameter = try labelled(label)
      } else if let flag = flagNamed(argument.value) {
        bound[flag.name, default: []].append(.init(value: .bool(true), expression: argument.value))
        continue
      } else if let option = optionMeant(by: argument.value, where: positional.first) {
        parameter = option
      } else {
        guard let next = positional.first else { throw tooMany(argument.value, call) }
        parameter = next
        if next.placement != .rest { positional.removeFirst() }
      }
      let isRepeated = bound[parameter.name] != nil && parameter.placement != .rest
      guard !isRepeated else {
        throw CallFault.repeatedArgument(parameter.name).located(argument.value.span)
      }
      let value = try value(of: argument.value, for: parameter)
      bound[parameter.name, default: []].append(.init(value: value, expression: argument.value))
    }
    for parameter in command.parameters where parameter.placement == .required && bound[parameter.name] == nil
    {
      throw CallFault.missingArgument(parameter.name, synopsis: command.synopsis).located(call.span)
    }
    let arguments = Arguments(bound: bound, span: call.span)
    interpreter.noteFiles(of: command, arguments)
    return arguments
  }

  private func labelled(_ label: Identifier) throws -> Parameter {
    if let parameter = command.parameters.first(where: { $0.name == label.name }) { return parameter }
    let options = command.parameters.filter { $0.placement == .option }.map(\.name)
    if let here = Self.counterparts[label.name]?.first(where: options.contains) {
      throw CallFault.optionCalled(label.name, here: here).located(label.span)
    }
    throw CallFault.unknownOption(label.name, command: command.name, known: options).located(label.span)
  }

  /// What options of pandas, SQL and R are called here.
  private static let counterparts: NameTable<[String]> = [
    "on": ["by"], "key": ["by"], "keys": ["by"], "index": ["rows", "by", "keep"], "aggfunc": ["aggregate"],
    "names_from": ["columns"], "values_from": ["values"], "id_cols": ["rows"], "id_vars": ["keep"],
    "value_vars": ["columns"], "var_name": ["name"], "value_name": ["value"], "names_to": ["name"],
    "values_to": ["value"], "reverse": ["descending"], "ascending": ["descending"], "sep": ["separator"],
    "delimiter": ["separator"], "dim": ["axis"], "type": ["how"], "suffix": ["suffixes"],
  ]

  private func flagNamed(_ expression: Expression) -> Parameter? {
    guard case .name(let name) = expression.kind, interpreter.session.variables[name] == nil else {
      return nil
    }
    return command.parameters.first {
      if case .flag = $0.kind { return $0.name == name }
      return false
    }
  }

  /// The option that a value without a key is for: `sva_obj` in `sweep heads sva_obj`.
  ///
  /// - Parameter next: the parameter that would get it.
  private func optionMeant(by expression: Expression, where next: Parameter?) -> Parameter? {
    guard case .name(let name) = expression.kind, next?.isClaimed ?? true,
      let value = interpreter.session.variables[name]
        ?? interpreter.domain.presentValue(named: name, in: interpreter)
    else { return nil }
    if let next, next.claims(value) { return nil }
    return command.parameters.first { $0.placement == .option && $0.claims(value) }
  }

  private func value(of expression: Expression, for parameter: Parameter) throws -> Value {
    switch parameter.kind {
    case .path: return try path(expression, for: parameter)
    case .valueOrPath: return try valueOrPath(expression)
    case .raw, .statement:
      if case .raw(let text) = expression.kind { return .string(text) }
      if case .statement = expression.kind { return .null }
      return try interpreter.evaluate(expression)
    case .word(let choices): return .string(try word(expression, of: choices, for: parameter))
    case .countOrWord(let words, let bounds):
      return try countOrWord(expression, words, within: bounds, for: parameter)
    case .name: return .string(try name(expression, for: parameter))
    case .condition: return .null
    case .names:
      // In the brackets of a list names are as bare as without.
      guard case .list(let elements) = expression.kind else { return try wordOrValue(expression) }
      return .list(try elements.map(wordOrValue))
    case .wordOrValue: return try wordOrValue(expression)
    case .function: return try function(expression, for: parameter)
    case .custom(let kind):
      return try explaining(parameter, expression) { try kind.value(of: expression, in: interpreter) }
    default:
      let value = try explaining(parameter, expression) { try interpreter.evaluate(expression) }
      try checkForm(of: value, parameter, at: expression.span)
      return value
    }
  }

  /// What the command has to say of a value, else what its parameter has.
  func checkForm(of value: Value, _ parameter: Parameter, at span: Span) throws {
    if let fault = command.refusal(of: value) { throw fault.located(span) }
    try check(value, parameter.kind, for: parameter, at: span)
  }

  private func wordOrValue(_ expression: Expression) throws -> Value {
    if case .raw(let word) = expression.kind { return .string(word) }
    if case .name(let name) = expression.kind, interpreter.session.variables[name] == nil {
      return .string(name)
    }
    return try interpreter.evaluate(expression)
  }

  /// Words without quotes are names; where a text is expected they are hardly meant to be.
  private func explaining(
    _ parameter: Parameter, _ expression: Expression, _ value: () throws -> Value
  ) throws -> Value {
    do { return try value() } catch let diagnostic as Diagnostic {
      guard case .name = expression.kind, parameter.takesText, diagnostic.code == "unknown-name" else {
        throw diagnostic
      }
      throw diagnostic.noting("a text stands in quotes: `\(command.name) \"...\"`")
    }
  }

  /// The name of a variable that holds a function, or of a command.
  private func function(_ expression: Expression, for parameter: Parameter) throws -> Value {
    if case .name(let name) = expression.kind, interpreter.session.variables[name] == nil,
      let command = interpreter.registry[name]
    {
      return .object(CommandFunction(command: command))
    }
    let value = try interpreter.known(try interpreter.evaluate(expression))
    if case .object(let object) = value, object is any Callable { return value }
    throw ValueFault.wrongType(
      expected: "a function, by its name or as `x => ...`", found: value.typeName, what: "`\(parameter.name)`"
    ).located(expression.span)
  }

  /// Values that no expression gave, in the order of the parameters.
  func bind(_ values: [Value], at place: Arguments.Bound) throws -> Arguments {
    let positional = command.parameters.filter { $0.placement != .option }
    guard values.count <= positional.count else {
      throw CallFault.tooManyArguments(synopsis: command.synopsis, instead: nil).located(place.span)
    }
    var bound: NameTable<[Arguments.Bound]> = [:]
    for (value, parameter) in zip(values, positional) {
      try check(value, parameter.kind, for: parameter, at: place.span)
      bound[parameter.name] = [.init(value: value, expression: place.expression)]
    }
    for parameter in positional.dropFirst(values.count) where parameter.placement == .required {
      throw CallFault.missingArgument(parameter.name, synopsis: command.synopsis).located(place.span)
    }
    return Arguments(bound: bound, span: place.span)
  }

  private func word(_ expression: Expression, of choices: [String], for parameter: Parameter) throws -> String
  {
    if case .name(let name) = expression.kind, choices.contains(name) { return name }
    // `eap-ig` reads as a difference.
    if case .binary = expression.kind, choices.contains(expression.span.text) { return expression.span.text }
    let found = try name(expression, for: parameter)
    guard choices.contains(found) else {
      throw CallFault.notAChoice(found, of: choices, parameter: parameter.name).located(expression.span)
    }
    return found
  }

  private func countOrWord(
    _ expression: Expression, _ words: [String], within bounds: ClosedRange<Int>, for parameter: Parameter
  ) throws -> Value {
    if case .name(let name) = expression.kind, words.contains(name) { return .string(name) }
    let value = try interpreter.evaluate(expression)
    if case .string(let text) = value, words.contains(text) { return value }
    try check(
      value, .integer(minimum: bounds.lowerBound, maximum: bounds.upperBound), for: parameter,
      at: expression.span)
    return value
  }

  /// A bare name stands for itself unless a string variable has it.
  private func name(_ expression: Expression, for parameter: Parameter) throws -> String {
    // `help show-settings` reads as a difference.
    if case .name(.commandsAndTopics) = parameter.kind, case .binary = expression.kind,
      interpreter.registry[expression.span.text] != nil
    {
      return expression.span.text
    }
    if case .raw(let word) = expression.kind { return interpreter.presentString(word) ?? word }
    if case .name(let name) = expression.kind {
      if case .string(let text)? = interpreter.session.variables[name] { return text }
      return name
    }
    // `id[122]` where words are named.
    if case .name(let space) = parameter.kind, space.isWords,
      case .subscripted(let base, _) = expression.kind,
      case .name(let name) = base.kind, interpreter.session.variables[name] == nil
    {
      return expression.span.text
    }
    let value = try interpreter.known(try interpreter.evaluate(expression))
    guard case .string(let text) = value else {
      throw ValueFault.wrongType(expected: "a name", found: value.typeName, what: "`\(parameter.name)`")
        .located(expression.span)
    }
    return text
  }

  private func check(
    _ value: Value, _ kind: Parameter.Kind, for parameter: Parameter, at span: Span
  ) throws {
    let what = "`\(parameter.name)`"
    // Of a value that is not computed yet the type may be known.
    guard let value = value.asUnknown.map(\.standIn) ?? value else { return }
    func mismatch(_ expected: String) -> Diagnostic {
      ValueFault.wrongType(expected: expected, found: value.typeName, what: what).located(span)
    }
    switch kind {
    case .number:
      guard case .number = value else { throw mismatch("a number") }
    case .integer(let minimum, let maximum):
      guard case .number(let number) = value else { throw mismatch("a whole number") }
      guard let whole = Int(exactly: number) else {
        throw ValueFault.notWhole(formatNumber(number), what: what).located(span)
      }
      guard (minimum...maximum).contains(whole) else {
        throw ValueFault.outOfBounds(whole, minimum: minimum, maximum: maximum, what: what).located(span)
      }
    case .text, .path:
      guard case .string = value else { throw mismatch("a string") }
    case .flag:
      guard case .bool = value else { throw mismatch("true or false") }
    default: break
    }
  }
}
