import Language
import Results

struct TextCommand: BenchCommand {
  let name = "text"
  let group = CommandGroup.session
  let summary = "set the current sentence (or pair), or show it with its positions"
  let discussion = """
    [MASK] stands for a hidden word where the model has a token for one; a causal model predicts what follows the text.
    ids=[...] gives the tokens themselves, as they are, with nothing put around them. counterfactual= sets another text of
    as many tokens beside it (with ids= a list of ids): where `baseline counterfactual` starts, what `patch NODES` and
    by=counterfactual take. Beside a pair it stands in the place of the first text.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the sentence; [MASK] stands for a hidden word"),
    .option("pair", .text, "the second sentence of a pair"),
    .option("ids", .any, "a list of token ids instead of words"),
    .option("counterfactual", .any, "another text of as many tokens; with ids= a list of ids"),
  ]
  let context: StateKey? = .text
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    text
    text "the author that the guards like [MASK] young ." counterfactual="the authors that the guards like [MASK] young ."
    text
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    if let ids = try Self.ids(arguments, "ids") {
      guard arguments["text"] == nil, arguments["pair"] == nil else { throw TextFault.idsAndText }
      let other = try counterfactual(arguments, isIDs: true)
      return .object(
        try set(SentenceText(text: "", ids: ids, counterfactual: other), model, arguments, bench))
    }
    guard let text = arguments.string("text") else {
      if let argument = arguments["counterfactual"] {
        throw TextFault.counterfactualAlone.located(argument.span)
      }
      guard arguments["pair"] == nil else {
        throw CallFault.missingArgument("text", synopsis: synopsis)
      }
      return .object(try bench.currentText(model))
    }
    let sentence = SentenceText(
      text: text, pair: arguments.string("pair"), counterfactual: try counterfactual(arguments, isIDs: false))
    bench.warnOfMask(in: text, model, at: arguments.span)
    if case .words(let words)? = sentence.counterfactual {
      bench.warnOfMask(in: words, model, at: arguments.span(of: "counterfactual"))
    }
    return .object(try set(sentence, model, arguments, bench))
  }

  private func set(
    _ sentence: SentenceText, _ model: LoadedModel, _ arguments: Arguments, _ bench: Bench
  ) throws -> EncodedText {
    let encoded: EncodedText
    do { encoded = try EncodedText(sentence, model: model) } catch let fault as TextFault {
      guard case .counterfactualLength = fault else { throw fault }
      throw fault.located(arguments.span(of: "counterfactual"))
    }
    bench.warnOfLength([encoded], model, at: arguments.span)
    bench.state.text = sentence
    return encoded
  }

  /// Words beside words, ids beside ids.
  private func counterfactual(_ arguments: Arguments, isIDs: Bool) throws -> CounterfactualText? {
    guard let argument = arguments["counterfactual"] else { return nil }
    if case .string(let words) = argument.value {
      guard !isIDs else { throw TextFault.counterfactualForm(isIDs: false).located(argument.span) }
      return .words(words)
    }
    guard isIDs else {
      if case .list = argument.value {
        throw TextFault.counterfactualForm(isIDs: true).located(argument.span)
      }
      throw ValueFault.wrongType(
        expected: "a text", found: argument.value.typeName, what: "`counterfactual`"
      ).located(argument.span)
    }
    return try Self.ids(arguments, "counterfactual").map(CounterfactualText.ids)
  }

  /// - Throws: `ValueFault` for what is no list of whole numbers from 0.
  private static func ids(_ arguments: Arguments, _ option: String) throws -> [Int32]? {
    guard let argument = arguments[option] else { return nil }
    func fault(_ found: String) -> any Error {
      ValueFault.wrongType(expected: "a list of token ids", found: found, what: "`\(option)`").located(
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
