import ExactText
import Results
import Scripting

/// A function of the language: it reads its arguments, changes nothing and is written in call form.
///
/// To add one: an entry in one of the tables beside this file.
struct Function: LanguageCommand {
  let name: String
  let group = CommandGroup.functions
  let summary: String
  let discussion: String
  let parameters: [Parameter]
  let example: String
  /// What it looks at of its arguments.
  let regard: Regard
  private let result: @Sendable (Arguments, Interpreter) throws -> Value

  /// What a function looks at, of a value whose form alone is known.
  enum Regard: Equatable {
    case everything
    /// Its type, length or keys.
    case outline
    /// Its parts, which it passes on as they are; `beside` names a parameter whose values become parts themselves.
    case parts(beside: String? = nil)
  }

  init(
    _ name: String, _ summary: String, _ parameters: [Parameter], discussion: String = "", example: String,
    regard: Regard = .everything, _ result: @escaping @Sendable (Arguments, Interpreter) throws -> Value
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.parameters = parameters
    self.example = example
    self.regard = regard
    self.result = result
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    try result(arguments, interpreter)
  }

  /// Runs also with a value of which it looks at what is known.
  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard regard != .everything else { return try checkByForm(arguments, in: interpreter) }
    let formed = arguments.mapValues { value in
      let opened = value.opened
      guard regard == .outline, let unknown = opened.asUnknown, unknown.knowsLength else { return opened }
      return unknown.standIn ?? opened
    }
    let isKnown = parameters.allSatisfy { parameter in
      regard == .parts(beside: parameter.name)
        || formed.all(parameter.name).allSatisfy { $0.value.asUnknown == nil }
    }
    guard isKnown else { throw ComputationSkipped() }
    return try run(formed, in: interpreter)
  }

  static let all = elementwise + reductions + texts + lists + transformations + tables + reshaping
}

extension Arguments {
  /// An argument that the parameters require.
  package func required(_ name: String) -> Bound {
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
