import Checkpoints
import Language
import Results
import Tensors
import Transformers

struct LensCommand: BenchCommand {
  let name = "lens"
  let group = CommandGroup.explain
  let summary = "what the model would say after each layer: its output head on every hidden state"
  let discussion = """
    The logit lens (nostalgebraist 2020): in pre-norm models the final norm, then the output head, on h[l] of every layer; else
    the head as it is. Rows embed, L0, ..., columns positions: the best token, its probability, and the quantity of interest
    read there. `heatmap l` draws the quantity, l.qoi, or where there is none l.probability. maps=FILE is a tuned lens (Belrose et al. 2023): a safetensors file with
    0.weight, 0.bias, ... for each layer; h W' + b is added to h before the norm. Under the interventions that are active.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
    .option("maps", .path, "a tuned lens"),
  ]
  let runsNetwork = true
  let example = #"""
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to"
    qoi Mary - John
    let l = lens()
    print l.qoi[6][-1]
    heatmap l
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let text = try bench.text(arguments, model)
    let quantity = try bench.state.quantity.map { try QuantityParser.resolve($0.source, model: model) }
    let words = quantity.flatMap { $0.readsLabels ? nil : $0 }
    try bench.checkMemory(
      model, length: text.count, capturing: Set((0...model.configuration.layers).map(Site.hidden)))
    let maps = try arguments.string("maps").map { path in
      try bench.session.locating(arguments.span(of: "maps")) { try Self.maps(path, model) }
    }
    let readings = try bench.execution.perform(
      model.transformer.lens(
        ids: text.encoding.ids, types: text.encoding.types, quantity: words, maps: maps,
        interventions: bench.interventions(for: text, model), check: bench.session.checkInterruption))
    let result = LensResult(
      tokens: text.encoding.tokens, readings: readings, hasQuantity: words != nil,
      target: words == nil
        ? (text.maskPositions.first ?? text.count - 1) : try bench.sessionRow(text, model).target,
      interventions: bench.state.interventions.descriptions(on: model)
    ) {
      model.tokenizer.vocabulary.name(of: $0)
    }
    bench.warnUnlessFinite("probabilities", readings.joined().map(\.probability), at: arguments.span)
    return .object(result)
  }

  /// - Throws: ``LensFault`` for a file without the maps of the model.
  private static func maps(_ path: String, _ model: LoadedModel) throws -> LensMaps {
    let file = try Checkpoint(file: path)
    let d = model.configuration.hidden
    return LensMaps(
      try (0..<model.configuration.layers).map { layer in
        let (weight, bias) = ("\(layer).weight", "\(layer).bias")
        for (name, shape) in [(weight, [d, d]), (bias, [d])] {
          guard let found = file.shape(of: name) else { throw LensFault.missing(name, path: path) }
          guard found == shape else { throw LensFault.shape(name, expected: shape, found: found) }
        }
        return (try file.tensor(named: weight), try file.tensor(named: bias))
      })
  }
}
