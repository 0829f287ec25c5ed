import ExactText
import Results

struct AproposCommand: LanguageCommand {
  let name = "apropos"
  let group = CommandGroup.help
  let summary = "find commands and topics that mention a word, or all of several"
  let parameters: [Parameter] = [
    .rest("word", .name(.commandsAndTopics), "what to look for", needsOne: true)
  ]
  let example = #"""
    apropos attention
    apropos mean ablate
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let words = arguments.all("word").compactMap { argument in
      if case .string(let text) = argument.value { text.lowercased() } else { nil }
    }
    guard !words.isEmpty else { throw CallFault.missingArgument("word", synopsis: synopsis) }
    func mentionsAll(_ text: String) -> Bool {
      let text = text.lowercased()
      return words.allSatisfy(text.contains)
    }
    let commands = interpreter.registry.commands
      .filter { mentionsAll(HelpText.text(for: $0)) }
      .map { [Value.string($0.name), .string($0.summary)] }
    // The pages made from the registry mention what the commands do.
    let topics = HelpText.topics(interpreter.registry).filter { topic in
      mentionsAll(
        [topic.name, topic.summary, interpreter.registry.topic(named: topic.name)?.text ?? ""].joined(
          separator: "\n"))
    }
    .map { [Value.string($0.name), .string($0.summary)] }
    return .table(Table(columns: ["name", "summary"], rows: commands + topics))
  }
}
