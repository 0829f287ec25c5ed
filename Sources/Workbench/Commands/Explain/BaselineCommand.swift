import Language
import Results

struct BaselineCommand: BenchCommand {
  let name = "baseline"
  let group = CommandGroup.explain
  let summary = "set where the path of inputs starts, or show it"
  let discussion = """
    Influences integrate from a baseline to the sentence: the [MASK] embedding at every position (`mask`, the
    default), [PAD] (`pad`), a zero vector (`zero`) or any word. With keep=special [CLS] and [SEP] do not move.
    """
  let parameters: [Parameter] = [
    .optional("token", .name(.baselines), "mask, pad, zero or a word"),
    .option("keep", .word(["special"]), "special: [CLS] and [SEP] keep their embeddings"),
  ]
  let context: StateKey? = .baseline
  let example = #"""
    load "demo"
    baseline pad keep=special
    baseline
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard arguments["token"] != nil || arguments["keep"] != nil else {
      return .string(bench.state.baseline.description)
    }
    let baseline = BaselineText(
      name: arguments.string("token") ?? bench.state.baseline.name,
      keepsSpecial: arguments["keep"] != nil)
    _ = try baseline.content(try bench.requireModel())
    bench.state.baseline = baseline
    return .null
  }
}
