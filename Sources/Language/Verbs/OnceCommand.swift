import Results

struct OnceCommand: LanguageCommand {
  let name = "once"
  let group = CommandGroup.session
  let summary = "send the next result to a file"
  let discussion =
    "The extension chooses the format as with `save`; another extension gets what would have printed."
  let parameters: [Parameter] = [.required("file", .path, "where the next result goes")]
  let opensFiles = false
  let example = #"""
    load "demo"
    once "tokens.csv"
    tokenize "a cat sat ."
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file")
    path.map { interpreter.dryRun?.noteWritten($0) }
    interpreter.session.onceOutput = path
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.session.onceOutput = arguments.string("file")
    arguments.string("file").map { interpreter.record.log?.noteOpened(file: $0) }
    return .null
  }
}
