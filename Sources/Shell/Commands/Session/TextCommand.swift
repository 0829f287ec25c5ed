import Results

struct TextCommand: Command {
  let name = "text"
  let group = CommandGroup.session
  let summary = "set the current sentence (or pair), or show it with its positions"
  let parameters: [Parameter] = [
    .optional("text", .text, "the sentence; [MASK] stands for a hidden word"),
    .option("pair", .text, "the second sentence of a pair"),
  ]
  let context: StateKey? = .text
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    text
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let model = try interpreter.session.requireModel()
    guard let text = arguments.string("text") else {
      guard arguments["pair"] == nil else {
        throw CallFault.missingArgument("text", synopsis: synopsis)
      }
      return .object(try interpreter.currentText(model))
    }
    let sentence = SentenceText(text: text, pair: arguments.string("pair"))
    let encoded = try EncodedText(sentence, model: model)
    interpreter.session.text = sentence
    return .object(encoded)
  }
}
