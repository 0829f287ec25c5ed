import Language
import Results

struct TokenCommand: BenchCommand {
  let name = "token"
  let group = CommandGroup.functions
  let summary = "the entry of the current model's vocabulary that has a number, as `tokenize` shows it"
  let discussion = "`id` is the way back."
  let parameters: [Parameter] = [.required("id", .integer(minimum: 0), "the number of an entry")]
  let context: StateKey? = nil
  let example = #"""
    load "demo"
    print token(0) token(id(author))
    print map([id(the), id(author)], token)
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    guard model.tokenizer.hasVocabulary else { throw ModelFault.noTokenizer(model: model.name) }
    let (id, count) = (arguments.integer("id") ?? 0, model.configuration.vocabulary)
    guard id < count else {
      throw TextFault.idOutOfRange(id, entries: count).located(arguments.span(of: "id"))
    }
    return .string(model.tokenizer.vocabulary.name(of: id))
  }
}
