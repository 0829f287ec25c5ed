import Language
import Measurement
import Results
import Transformers

struct TraceCommand: BenchCommand {
  let name = "trace"
  let group = CommandGroup.explain
  let summary = "spoil some words with noise, restore one state at a time: where does the quantity come back?"
  let discussion = """
    Causal tracing (Meng et al., NeurIPS 2022). Normal noise is added to the word embeddings at words=, of 3 standard
    deviations of the numbers in the model's table of word embeddings (noise=N: of N), the same seeded draws for every state. Then
    one hidden state after another, at each layer and position, gets the value it has without noise; the rest of the network
    runs on. of=attn and of=mlp restore what the branch adds to the stream in a window of layers around one. Numbers are means
    over the draws of the quantity: t.clean, t.corrupted, t.restored (layers, positions), t.restored[3, 5]; of each draw
    t.corrupted_draws and t.restored_draws (draws, layers, positions). `heatmap t`. The authors took the deviation over the
    words of their subjects; noise=TENSOR (words, e) or (draws, words, e) is added as it is.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
    .option("words", .any, "positions of the words that get noise, e.g. words=[1, 2] or words=1..2"),
    .option("of", .word(CausalTrace.Kind.allCases.map(\.rawValue)), "what is restored; default hidden"),
    .option("window", .integer(minimum: 1, maximum: 1000), "layers, of attn and mlp; default 10"),
    .option("noise", .any, "deviations, default 3, or a tensor"),
    .option("draws", .integer(minimum: 1, maximum: 10_000), "of noise; default 10"),
    .option("seed", .integer(minimum: 0), "of the noise; default the session's"),
  ]
  let runsNetwork = true
  let example = #"""
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to"
    qoi prob[Mary]
    let t = trace(words=2, draws=4)
    print t.clean t.corrupted t.restored[3, 2]
    heatmap t
    trace words=[2, 4] of=mlp window=3 draws=4
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let row = try bench.sessionRow(try bench.text(arguments, model), model)
    let options = try TraceOptions(arguments, row, model, synopsis: synopsis, bench)
    return .object(
      try TraceJob(model: model, row: row, options: options, bench: bench).run(at: arguments.span))
  }
}
