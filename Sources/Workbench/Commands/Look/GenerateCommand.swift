import Language
import Results
import Scripting
import Transformers

struct GenerateCommand: BenchCommand {
  let name = "generate"
  let group = CommandGroup.look
  let summary = "continue a text in a causal model, token by token"
  let discussion = """
    The likeliest token each time; with temperature=T or top=K one drawn by the seed (`seed`), the same for the same seed.
    Ends behind a token that the model's files name as the end of texts (eos_token_id), where the model has no more
    positions, or after tokens=N. Active interventions act on tokens that are added as on the others: without a position on
    each, with one where the text gets there; means and a baseline go on behind the text, activations of a text or of a
    donor replace named positions only, patterns that are kept grow with no text. Each token is what a whole pass over the
    text so far predicts; keys and values of earlier tokens are kept instead of computed again. `prob` is the model's own
    probability of the token. The value is a table with fields: g.text, g.ids, g[3].prob, g.stopped. On a terminal the text
    shows as it comes; Ctrl-C shows what is there.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("tokens", .integer(minimum: 1), "how many to add at most; default \(standardLimit)"),
    .option(
      "temperature", .number,
      "what logits are divided by before a token is drawn; 0: the likeliest. Default 1 with top=K, else 0"),
    .option("top", .integer(minimum: 1), "draw among the K likeliest; default all"),
  ]
  let runsNetwork = true
  let example = #"""
    load "demo-gpt2"
    generate "When Mary and John went to the store, John gave a drink to" tokens=4
    text "The author"
    seed 7
    let g = generate(tokens=8, temperature=0.8, top=20)
    print g.text g.stopped g[0].prob
    with ablate(L5H*) { generate tokens=4 }
    """#

  private static let standardLimit = 20

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    guard model.isCausal else {
      throw GenerationFault.notCausal(model: model.name, family: model.configuration.family.rawValue)
    }
    guard model.hasLanguageHead else {
      throw ModelFault.headMissing(what: model.languageHeadTitle, model: model.name)
    }
    let choice = try choice(arguments)
    let job = try GenerateJob(
      model: model, text: try bench.text(arguments, model),
      limit: arguments.integer("tokens") ?? Self.standardLimit, choice: choice, bench)
    do {
      return .object(try job.run(for: name))
    } catch let unclear as Generation.UnclearLogits {
      try bench.requireFinite("logits", unclear.logits.values.map(Double.init))
      throw unclear
    }
  }

  private func choice(_ arguments: Arguments) throws -> TokenChoice {
    let (temperature, top) = (arguments.number("temperature"), arguments.integer("top"))
    if let temperature, !(temperature >= 0 && temperature.isFinite) {
      throw GenerationFault.temperature(temperature).located(arguments.span(of: "temperature"))
    }
    if temperature == 0 { try arguments.refuse("top", because: "temperature=0 takes the likeliest token") }
    guard let temperature = temperature ?? top.map({ _ in 1 }), temperature > 0 else { return .greedy }
    return .sampled(temperature: temperature, top: top)
  }
}
