import Attribution
import Results
import Scripting

struct InfluenceCommand: Command {
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

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let model = try interpreter.session.requireModel()
    let text = try interpreter.text(arguments, model)
    let baseline = PathOptions.baseline(arguments, interpreter)
    let input = try interpreter.attributionInput(text, interpreter.requireQuantity(), baseline, model)
    let results = try Attributor(model: model.encoder, execution: interpreter.execution).inputInfluence(
      [input], options: PathOptions.options(arguments, interpreter), check: interpreter.checkInterruption)
    guard let result = results.first else { return .null }
    // Numbers of a check mean nothing.
    if interpreter.dryRun == nil, let verdict = result.verdict {
      interpreter.warn(Diagnostic(.warning, code: "completeness", verdict, at: arguments.span))
    }
    return [
      "tokens": .strings(text.encoding.tokens), "influence": .list(result.influence.map(Value.number)),
      "qoi": .number(result.quantity), "qoi_baseline": .number(result.quantityAtBaseline),
      "completeness_gap": .number(result.completenessGap), "points": Value(result.points),
      "baseline": .string(baseline.description),
    ]
  }
}
