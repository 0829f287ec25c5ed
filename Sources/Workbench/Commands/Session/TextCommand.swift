import Language
import Results

struct TextCommand: BenchCommand {
  let name = "text"
  let group = CommandGroup.session
  let summary = "set the current sentence (or pair), or show it with its positions"
  let discussion = """
    [MASK] stands for a hidden word where the model has a token for one; a causal model predicts what follows the text.
    ids=[...] gives the tokens themselves, as they are, with nothing put around them.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the sentence; [MASK] stands for a hidden word"),
    .option("pair", .text, "the second sentence of a pair"),
    .option("ids", .any, "a list of token ids instead of words"),
  ]
  let context: StateKey? = .text
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    text
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    if let ids = try Self.ids(arguments) {
      guard arguments["text"] == nil, arguments["pair"] == nil else { throw TextFault.idsAndText }
      return .object(try set(SentenceText(text: "", ids: ids), model, arguments, bench))
    }
    guard let text = arguments.string("text") else {
      guard arguments["pair"] == nil else {
        throw CallFault.missingArgument("text", synopsis: synopsis)
      }
      return .object(try bench.currentText(model))
    }
    let sentence = SentenceText(text: text, pair: arguments.string("pair"))
    bench.warnOfMask(in: text, model, at: arguments.span)
    return .object(try set(sentence, model, arguments, bench))
  }

  private func set(
    _ sentence: SentenceText, _ model: LoadedModel, _ arguments: Arguments, _ bench: Bench
  ) throws -> EncodedText {
    let encoded = try EncodedText(sentence, model: model)
    bench.warnOfLength([encoded], model, at: arguments.span)
    bench.state.text = sentence
    return encoded
  }

  /// - Throws: `ValueFault` for what is no list of whole numbers from 0.
  private static func ids(_ arguments: Arguments) throws -> [Int32]? {
    guard let argument = arguments["ids"] else { return nil }
    func fault(_ found: String) -> any Error {
      ValueFault.wrongType(expected: "a list of token ids", found: found, what: "`ids`").located(
        argument.span)
    }
    let values: [Value]
    switch argument.value {
    case .list(let list): values = list
    case .tensor(let tensor) where tensor.rank == 1: values = tensor.values.map { .number(Double($0)) }
    default: throw fault(argument.value.typeName)
    }
    guard !values.isEmpty else { throw fault("an empty list") }
    return try values.map { value in
      guard case .number(let number) = value, let id = Int32(exactly: number), id >= 0 else {
        throw fault("a list with \(value.typeName) in it")
      }
      return id
    }
  }
}
