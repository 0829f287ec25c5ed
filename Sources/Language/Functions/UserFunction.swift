import ExactText
import Results
import Scripting

/// A function that a script defined.
struct UserFunction: ObjectValue {
  let syntax: FunctionSyntax

  var name: String { syntax.name.name }
  let typeName = "function"
  var summary: String { "function \(synopsis)" }

  /// `flipped(task, k=3)`
  var synopsis: String {
    let parameters = syntax.parameters.map { $0.name.name + ($0.standard.map { "=\($0.span.text)" } ?? "") }
    return "\(name)(\(parameters.joined(separator: ", ")))"
  }

  var fields: Record {
    ["name": .string(name), "parameters": .strings(syntax.parameters.map(\.name.name))]
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
