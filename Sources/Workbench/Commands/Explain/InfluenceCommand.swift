import Attribution
import Language
import Results
import Scripting

struct InfluenceCommand: BenchCommand {
  let name = "influence"
  let group = CommandGroup.explain
  let summary = "how much each word moves the quantity of interest (integrated gradients)"
  let discussion = """
    The mean over the path from the baseline to the sentence of gradient times distance. The influences add up to the
    quantity's change along the path; completeness_gap is what they miss of it (Sundararajan et al., ICML 2017).
    """
  let parameters: [Parameter] =
    [
      .optional("text", .text, "the text; default the current one"),
      .option("pair", .text, "the second text of a pair"),
    ]
    + PathOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    influence
    influence points=8 quadrature=gauss baseline=pad
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let text = try bench.text(arguments, model)
    try PathOptions.checkQuadrature(arguments)
    let baseline = PathOptions.baseline(arguments, bench)
    let input = try bench.attributionInput(text, bench.requireQuantity(), baseline, model)
    let results = try Attributor(model: model.transformer, execution: bench.execution).inputInfluence(
      [input], options: PathOptions.options(arguments, bench), check: bench.session.checkInterruption)
    guard let result = results.first else { return .null }
    bench.warnUnlessFinite(
      "influences", result.influence + [result.quantity, result.quantityAtBaseline], at: arguments.span)
    // Numbers of a check mean nothing.
    if bench.session.dryRun == nil, let verdict = result.verdict {
      bench.session.warn(Diagnostic(.warning, code: "completeness", verdict, at: arguments.span))
    }
    return [
      "tokens": .strings(text.encoding.tokens), "influence": .list(result.influence.map(Value.number)),
      "qoi": .number(result.quantity), "qoi_baseline": .number(result.quantityAtBaseline),
      "completeness_gap": .number(result.completenessGap), "points": Value(result.points),
      "baseline": .string(baseline.description(model)),
    ]
  }
}
