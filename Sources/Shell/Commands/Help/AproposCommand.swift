import Results

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
    // The pages made from the registry mention what the commands do.
    let topics = HelpText.topics.filter { topic in
      ([topic.name, topic.summary, HelpTopic.named(topic.name)?.text ?? ""]).joined(separator: "\n")
        .lowercased().contains(word)
    }
    .map { [Value.string($0.name), .string($0.summary)] }
    return .table(Table(columns: ["name", "summary"], rows: commands + topics))
  }
}
