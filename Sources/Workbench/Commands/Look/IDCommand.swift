import Language
import Results

struct IDCommand: BenchCommand {
  let name = "id"
  let group = CommandGroup.functions
  let summary = "the number of a word's entry in the current model's vocabulary"
  let discussion = """
    The word is one entry, read as `qoi` reads it: a bare word is the entry that continues a sentence, one in quotes is taken as
    written (in vocabularies whose entries carry the blank " Mary" and "Mary" are two). A variable that holds a string is read as if
    in quotes. `token` is the way back.
    """
  let parameters: [Parameter] = [.required("word", .name(.vocabulary), "a word that is one entry")]
  let context: StateKey? = nil
  let example = #"""
    load "demo"
    print id(author) id("[MASK]") token(id("##s"))
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let word = arguments.required("word")
    var isBare = false
    if case .name(let name) = word.expression.kind { isBare = bench.session.variables[name] == nil }
    return Value(
      try bench.session.locating(word.span) {
        try QuantityParser.tokenID(arguments.string("word") ?? "", continuing: isBare, model: model)
      })
  }
}
