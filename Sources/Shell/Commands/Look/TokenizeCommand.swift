import Results

struct TokenizeCommand: Command {
  let name = "tokenize"
  let group = CommandGroup.look
  let summary = "show a text's word pieces, ids and offsets"
  let discussion = """
    Without TEXT the current text. Offsets count Unicode scalars of the text that holds the piece; the
    tokenizer's own [CLS] and [SEP] have offset 0, 0.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
  ]
  let example = #"""
    load "demo"
    tokenize "The keys are unfathomable."
    tokenize "is it raining ?" pair="yes ."
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let encoding = try interpreter.text(arguments, try interpreter.session.requireModel()).encoding
    return .record([
      "tokens": .strings(encoding.tokens),
      "ids": .numbers(encoding.ids),
      "types": .numbers(encoding.types),
      "offsets": .list(
        encoding.offsets.map {
          .list([Value($0.lowerBound), Value($0.upperBound)])
        }),
    ])
  }
}

extension Interpreter {
  /// The text given as `text` (and `pair`), or the current one.
  func text(_ arguments: Arguments, _ model: LoadedModel) throws -> EncodedText {
    guard let text = arguments.string("text") else {
      if let pair = arguments["pair"] {
        throw CallFault.ignoredOption("pair", reason: "the first text of the pair is missing").located(
          pair.span)
      }
      return try currentText(model)
    }
    return try EncodedText(SentenceText(text: text, pair: arguments.string("pair")), model: model)
  }
}
