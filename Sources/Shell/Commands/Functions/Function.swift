import Results
import Scripting

/// A function of the language: it reads its arguments, changes nothing and is written in call form.
///
/// To add one: an entry in one of the tables beside this file.
struct Function: Command {
  let name: String
  let group = CommandGroup.functions
  let summary: String
  let discussion: String
  let parameters: [Parameter]
  let example: String
  private let result: @Sendable (Arguments, Interpreter) throws -> Value

  init(
    _ name: String, _ summary: String, _ parameters: [Parameter], discussion: String = "", example: String,
    _ result: @escaping @Sendable (Arguments, Interpreter) throws -> Value
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.parameters = parameters
    self.example = example
    self.result = result
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    try result(arguments, interpreter)
  }

  static let all = elementwise + reductions + texts + lists + transformations + tables
}

extension Arguments {
  /// An argument that the parameters require.
  func required(_ name: String) -> Bound {
    guard let bound = self[name] else { preconditionFailure("`\(name)` is no required parameter") }
    return bound
  }

  /// A required argument that was bound as text.
  func text(_ name: String) -> String {
    guard let text = string(name) else { preconditionFailure("`\(name)` is no required text") }
    return text
  }
}

extension Arguments.Bound {
  func mismatch(expected: String, _ what: String = "the function") -> Diagnostic {
    ValueFault.wrongType(expected: expected, found: value.typeName, what: what).located(span)
  }
}
