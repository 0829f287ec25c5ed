import ExactText
import Faults
import Results
import Scripting

/// A function that a script defined.
struct UserFunction: ObjectValue {
  let syntax: FunctionSyntax
  /// What names in a lambda meant where it was made; nothing of a `def`.
  var captured: NameTable<Value> = [:]

  var name: String { syntax.name.name }
  let typeName = "function"
  var summary: String { "function \(synopsis)" }

  /// `flipped(task, k=3)`
  var synopsis: String {
    if syntax.isLambda { return shortened(name, to: 100) }
    let parameters = syntax.parameters.map { $0.name.name + ($0.standard.map { "=\($0.span.text)" } ?? "") }
    return "\(name)(\(parameters.joined(separator: ", ")))"
  }

  var fields: Record {
    let fields: Record = [
      "name": .string(name), "parameters": .strings(syntax.parameters.map(\.name.name)),
    ]
    return captured.isEmpty ? fields : fields.merging(["captured": .record(captured)]) { $1 }
  }

  /// The variables of a call.
  func scope(_ arguments: NameTable<Value>) -> NameTable<Value> {
    captured.isEmpty ? arguments : captured.merging(arguments) { $1 }
  }
}

/// What `map` and `filter` can call.
protocol Callable: ObjectValue {
  /// - Parameter place: what a fault of the call is about.
  func call(_ values: [Value], at place: Arguments.Bound, in interpreter: Interpreter) throws -> Value
}

extension UserFunction: Callable {
  func call(_ values: [Value], at place: Arguments.Bound, in interpreter: Interpreter) throws -> Value {
    let names = syntax.parameters.map(\.name.name)
    let values = takenApart(values)
    guard values.count <= names.count else {
      throw CallFault.tooManyArguments(synopsis: synopsis, instead: nil).located(place.span)
    }
    for parameter in syntax.parameters.dropFirst(values.count) where parameter.standard == nil {
      throw CallFault.missingParameter(parameter.name.name, synopsis: synopsis).located(place.span)
    }
    return try interpreter.call(
      self, NameTable(uniqueKeysWithValues: zip(names, values)), at: place.span)
  }
}

extension UserFunction {
  /// The parts of a list that is the only argument, where the function needs as many: the pairs of `zip` and of a record.
  private func takenApart(_ values: [Value]) -> [Value] {
    let required = syntax.parameters.count { $0.standard == nil }
    guard values.count == 1, required > 1, case .list(let parts) = values[0].opened, parts.count == required
    else {
      return values
    }
    return parts
  }
}

extension Arguments.Bound {
  /// The function that the value is; nil for another value.
  var callable: (any Callable)? {
    if case .object(let object) = value { object as? any Callable } else { nil }
  }
}

/// A command given as an argument: `map(words, upper)`.
struct CommandFunction: Callable {
  let command: any Command

  let typeName = "function"
  var summary: String { "function \(command.name)" }
  var fields: Record { ["name": .string(command.name)] }

  func call(_ values: [Value], at place: Arguments.Bound, in interpreter: Interpreter) throws -> Value {
    if interpreter.dryRun != nil, values.contains(where: \.holdsUnknown) { return .unknown() }
    let arguments = try ArgumentBinder(command: command, interpreter: interpreter).bind(values, at: place)
    let value = try command.run(arguments, in: interpreter)
    try interpreter.counted(value, at: place.span)
    return value
  }
}
