import Results

/// A verb of the language itself, which may ask all of the interpreter.
protocol LanguageCommand: Command {
  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value
  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value
}

extension LanguageCommand {
  package func run(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    try run(arguments, in: Self.interpreter(session))
  }

  package func check(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    try check(arguments, in: Self.interpreter(session))
  }

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    try checkByForm(arguments, in: interpreter)
  }

  private static func interpreter(_ session: any CommandContext) -> Interpreter {
    guard let interpreter = session as? Interpreter else {
      preconditionFailure("the language's own verbs run in an interpreter")
    }
    return interpreter
  }
}
