import Results

struct HelpCommand: LanguageCommand {
  let name = "help"
  let group = CommandGroup.help
  let summary = "list the commands, or explain one of them or a topic"
  let parameters: [Parameter] = [.optional("subject", .name(.commandsAndTopics), "a command or topic")]
  let example = #"""
    help
    help forward
    help nodes
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let subject = arguments.string("subject") else {
      return .string(HelpText.overview(interpreter.registry))
    }
    return try interpreter.locating(arguments.span(of: "subject")) {
      .string(try HelpText.text(on: subject, interpreter.registry))
    }
  }
}
