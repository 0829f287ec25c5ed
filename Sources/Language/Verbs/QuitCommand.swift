import Results

struct QuitCommand: LanguageCommand {
  let name = "quit"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "leave; in a script, stop without an error"
  let parameters: [Parameter] = []
  let example = "quit"

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    try run(arguments, in: interpreter)
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.isFinished = true
    return .null
  }
}
