import Attribution
import ExactText
import Language
import Results
import Transformers

struct ContributionsCommand: BenchCommand {
  let name = "contributions"
  let group = CommandGroup.explain
  let summary =
    "what each head and feed-forward branch adds to the quantity directly (direct logit attribution)"
  let discussion = """
    With the scale of the final norm as it is, logits are linear in the residual stream, and the stream is a sum: of the
    embeddings, of what heads and feed-forward branches write, and of biases (Elhage et al. 2021). The contributions add up to
    the quantity. of=neurons takes feed-forward branches apart. Of pre-norm models whose output head is one linear map, and
    of logits or log-probabilities whose weights add up to 0. c.heads is a (layers, heads) tensor; `heatmap c` draws heads and branches.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
    .option("of", .word(["branches", "neurons"]), "default branches"),
  ]
  let runsNetwork = true
  let example = #"""
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to"
    qoi Mary - John
    let c = contributions()
    heatmap c
    contributions of=neurons
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let row = try bench.sessionRow(try bench.text(arguments, model), model)
    let ofNeurons = arguments.string("of") == "neurons"
    let kinds: [Site.Kind] = [.z, .mlpOut] + (ofNeurons ? [.mlpPost] : [])
    let sites = kinds.flatMap { kind in (0..<model.configuration.layers).map { Site(kind, layer: $0) } }
    try bench.checkMemory(model, length: row.text.count, capturing: Set(sites))
    let contributions = try bench.execution.perform(
      model.transformer.contributions(
        to: row.quantity, at: row.target, ids: row.ids, types: row.types,
        interventions: bench.interventions(for: row.text, model), withNeurons: ofNeurons,
        check: bench.session.checkInterruption))
    bench.warnUnlessFinite("contributions", [contributions.sum], at: arguments.span)
    return .object(
      ContributionsResult(
        contributions: contributions, quantityName: row.quantityName, target: row.target,
        token: row.text.encoding.tokens[row.target], ofNeurons: ofNeurons,
        interventions: bench.state.interventions.descriptions(on: model)))
  }
}
