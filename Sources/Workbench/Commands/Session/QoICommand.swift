import Transformers
import ExactText
import Language
import Results

struct QoICommand: BenchCommand {
  let name = "qoi"
  let group = CommandGroup.session
  let summary = "set the quantity of interest, or show it"
  let discussion = """
    A sum of outputs: words of the vocabulary (read at the text's [MASK], in causal models at the last token, which predicts
    the next; or at=POSITION) or labels of the classifier. A bare word is its logit; logprob[word] and prob[word] read log-probability and probability;
    label[1] or label[positive] reads the classifier. Signs stand between blanks; `2 * is` weighs a term;
    words that look like signs are quoted. Where entries carry the blank before them, as in GPT-2, a bare word is the entry
    that continues a sentence (`is` is `Ġis`) and a quoted one is taken as written (`"is"`, `" is"`); id[N] is an entry by number. `##s` is a piece of a word; any other # behind a blank begins a comment.
    prob[{"33".."99"}] adds up a set, of words or of two-digit numerals, each one entry.
    `qoi none` clears it. More in `help quantities`.
    """
  let parameters: [Parameter] = [
    .optional("quantity", .raw, "e.g. is - are"),
    .option("at", .integer(minimum: 0), "position to read; default the text's [MASK], or the last"),
  ]
  let context: StateKey? = .quantity
  let example = #"""
    load "demo"
    qoi is - are
    text "the author that the guards like [MASK] young ."
    forward top=1
    qoi label[positive] - label[negative]
    qoi 2 * logprob[is] - prob["are"] at=7
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let source = arguments.string("quantity"), !source.isEmpty else {
      try arguments.refuse("at", because: "there is no quantity to read there")
      guard let quantity = bench.state.quantity else { return .string("no quantity of interest") }
      return .string(quantity.description)
    }
    if source == "none" {
      try arguments.refuse("at", because: "`none` reads nothing")
      bench.state.quantity = nil
      return .null
    }
    let model = try bench.requireModel()
    let resolved = try QuantityParser.resolve(source, model: model)
    if resolved.readsLabels, let at = arguments["at"] {
      throw CallFault.ignoredOption(
        "at",
        reason:
          "the classifier reads \(model.isCausal ? "the last token that is no padding" : "the first token")"
      ).located(at.span)
    }
    let quantity = QuantityText(source: source, position: arguments.integer("at"))
    bench.state.quantity = quantity
    // Where words have two entries, which were taken has to be seen.
    return model.tokenizer.marksBlanks && !resolved.readsLabels ? .string(resolved.text(model)) : .null
  }
}

extension QuantityText: CustomStringConvertible {
  package var description: String { position.map { "\(source) at position \($0)" } ?? source }
}
