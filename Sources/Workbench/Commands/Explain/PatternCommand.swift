import Attribution
import Transformers
import Language
import Results
import Scripting

struct PatternCommand: BenchCommand {
  let name = "pattern"
  let group = CommandGroup.explain
  let summary = "the influence of one pattern that you write yourself"
  let discussion = """
    A word, then nodes it must flow through, at any layers: hidden states (L0@2), queries, keys and values (L3H5.q@7, .k, .v),
    heads (L3H5@7), skip connections (L3.skip@7), then feed-forward branches (L3.mlp@7) and the skip connections beside them
    (L3.mlp_skip@7). Between them the influence flows freely, so leaving nodes out gives the sum over them. What a head
    reads at a position is a value there; that it reads there is the work of its query and of keys.
    """
  let parameters: [Parameter] =
    [
      .required("pattern", .pathText, "e.g. \"author -> L0@2 -> L3H5@7\""),
      .option("text", .text, "the text; default the current one"),
      .option("pair", .text, "the second text of a pair"),
    ] + PathOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    pattern "author -> L0@2 -> L3@7" points=10
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["pattern"] else { return .null }
    let model = try bench.requireModel()
    let text = try bench.text(arguments, model)
    let written = arguments.string("pattern") ?? ""
    let pattern = try bench.session.locating(argument.span) {
      do {
        return try PatternText(written, of: text, model: model, bench: bench).pattern
      } catch let inner as Diagnostic {
        // The place of a node inside the text says less than that of the argument.
        throw inner.moved(to: argument.span)
      }
    }
    let baseline = PathOptions.baseline(arguments, bench)
    let input = try bench.attributionInput(text, bench.requireQuantity(), baseline, model)
    try PathOptions.checkQuadrature(arguments)
    let (attributor, check) = (
      Attributor(model: try model.transformer, execution: bench.execution), bench.session.checkInterruption
    )
    let options = try attributor.settled(PathOptions.options(arguments, bench), on: input, check: check)
    let influences = try attributor.influence(
      of: [pattern, PathPattern(word: pattern.word, nodes: [])], in: input, options: options, check: check)
    try bench.requireFinite("influences", influences)
    return .record([
      "pattern": .string(written), "influence": .number(influences[0]),
      "word_influence": .number(influences[1]),
      "points": Value(options.points), "baseline": .string(baseline.description(model)),
    ])
  }
}
