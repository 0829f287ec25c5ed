import ExactText
import Faults
import Results
import Scripting

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
    if let command = interpreter.registry[subject] { return .string(HelpText.text(for: command)) }
    if let text = HelpText.text(ofTopic: subject, interpreter.registry) { return .string(text) }
    // The words of statements are explained together: `help "while"`.
    if Keyword(named: subject) != nil, let topic = interpreter.registry.topic(named: "language") {
      return .string(topic.text)
    }
    let known = interpreter.registry.names + HelpText.topics(interpreter.registry).map(\.name)
    throw NameFault.unknownTopic(subject, suggestion: closest(to: subject, in: known))
      .located(arguments.span(of: "subject"))
  }
}
