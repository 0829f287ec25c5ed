import Faults
import Results

struct HelpCommand: Command {
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
    if let topic = HelpTopic.all.first(where: { $0.name == subject }) { return .string(topic.text) }
    if subject == HelpText.referenceTopic { return .string(HelpText.reference(interpreter.registry)) }
    let known = interpreter.registry.names + HelpTopic.all.map(\.name)
    throw ShellFault.unknownTopic(subject, suggestion: closest(to: subject, in: known))
      .located(arguments.span(of: "subject"))
  }
}

struct AproposCommand: Command {
  let name = "apropos"
  let group = CommandGroup.help
  let summary = "find commands and topics that mention a word"
  let parameters: [Parameter] = [.required("word", .name(.commandsAndTopics), "what to look for")]
  let example = "apropos attention"

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let word = (arguments.string("word") ?? "").lowercased()
    let commands = interpreter.registry.commands
      .filter { HelpText.text(for: $0).lowercased().contains(word) }
      .map { [Value.string($0.name), .string($0.summary)] }
    let topics = HelpTopic.all.filter { ($0.summary + $0.text).lowercased().contains(word) }
      .map { [Value.string($0.name), .string($0.summary)] }
    return .table(Table(columns: ["name", "summary"], rows: commands + topics))
  }
}
