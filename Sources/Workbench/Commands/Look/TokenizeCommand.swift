import Language
import Results

struct TokenizeCommand: BenchCommand {
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

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let encoding = try bench.text(arguments, try bench.requireModel()).encoding
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
