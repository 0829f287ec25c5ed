import Language
import Results

struct BaselineCommand: BenchCommand {
  let name = "baseline"
  let group = CommandGroup.explain
  let summary = "set where the path of inputs starts, or show it"
  let discussion = """
    Influences integrate from a baseline to the sentence: the [MASK] embedding at every position (`mask`), [PAD] (`pad`),
    the token for the end or the begin of a text (`eos`, `bos`), a zero vector (`zero`), an entry by number (`id[5]`) or any
    word. `counterfactual` is the text beside each sentence (`text T counterfactual=T2`, a column of a task): words that are
    the same in both do not move, so they have influence 0 and no pattern. The default is the first of mask, pad, eos and bos that the model has. With keep=special the tokens that the
    tokenizer puts around a text do not move.
    """
  let parameters: [Parameter] = [
    .optional("token", .name(.baselines), "mask, pad, eos, bos, zero, counterfactual, id[N] or a word"),
    .option("keep", .word(["special"]), "special: tokens such as [CLS] and [SEP] keep their embeddings"),
  ]
  let context: StateKey? = .baseline
  let example = #"""
    load "demo"
    baseline pad keep=special
    baseline
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard arguments["token"] != nil || arguments["keep"] != nil else {
      return .string(bench.state.baseline.description(bench.state.model))
    }
    let baseline = BaselineText(
      name: arguments.string("token") ?? bench.state.baseline.name,
      keepsSpecial: arguments["keep"] != nil,
      isQuoted: arguments["token"].map(\.isQuoted) ?? bench.state.baseline.isQuoted)
    let model = try bench.requireModel()
    try baseline.check(model)
    bench.warnOfZero(baseline, model, at: arguments.span)
    bench.state.baseline = baseline
    return .null
  }
}
