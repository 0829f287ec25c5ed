import Attribution
import ExactText
import Language
import Results
import Transformers

struct CircuitCommand: BenchCommand {
  let name = "circuit"
  let group = CommandGroup.explain
  let summary = "the residual edges that carry a task, chosen by their scores"
  let discussion = """
    FROM is a task (scored as `attribute edges` does), what `attribute edges` gave, or what `read` gave of a circuit file; left
    out, the current text. select=greedy (default) goes from the output upwards and always takes the best edge into what is
    kept (Hanna et al. 2024); select=top takes the best of all, then removes what does not connect. `keep c` runs the model with
    every other edge from the counterfactual, `experiment faithfulness circuit=c` measures how much of the behaviour circuits of
    every size keep. `save c "c.json"` writes the format of MIB.
    """
  let parameters: [Parameter] =
    [
      .optional("from", .any, "a task, scores of edges, or a circuit that was read"),
      .option("edges", .integer(minimum: 1), "how many are kept"),
      .option("threshold", .number, "keep those whose absolute score is at least this"),
      .option("select", .word(Circuit.Selection.allCases.map(\.rawValue)), "default greedy"),
      .option("method", .word(["eap", "eap-ig", "relp"]), "of the scores; default eap-ig"),
      .option("by", .word(["counterfactual", "baseline"]), "what stands at the other end"),
      .option("attention", .word(["frozen"]), "of relp: hold the attention probabilities too"),
    ] + TaskOptions.parameters + PathOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to" counterfactual="When Mary and John went to the store, Peter gave a drink to"
    qoi Mary - John
    circuit edges=400 method=eap select=top
    let c = circuit(edges=100, method=eap)
    keep c
    forward top=2
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let from = arguments["from"]
    if case .record(let record)? = from?.value {
      try arguments.refuse(
        parameters.dropFirst().map(\.name), because: "a circuit file says which edges are kept")
      return .object(
        try bench.session.locating(arguments.span(of: "from")) { try CircuitValue(saved: record, model) })
    }
    guard arguments["edges"] != nil || arguments["threshold"] != nil else {
      throw CircuitFault.noSize.located(arguments.span)
    }
    guard arguments["edges"] == nil || arguments["threshold"] == nil else {
      throw CircuitFault.twoSizes.located(arguments.span(of: "threshold"))
    }
    let scores = try scores(arguments, bench)
    guard let edges = scores.edges else {
      throw CircuitFault.notEdgeScores(kind: scores.kind.rawValue).located(arguments.span(of: "from"))
    }
    guard scores.modelName == model.name, try edges.space == EdgeSpace(model.configuration) else {
      throw CircuitFault.otherModel(field: "name", found: scores.modelName, own: model.name)
        .located(arguments.span(of: "from"))
    }
    let selection = arguments.string("select").flatMap(Circuit.Selection.init(rawValue:)) ?? .greedy
    let kept = edges.best(
      arguments.integer("edges") ?? .max, atLeast: arguments.number("threshold") ?? 0, by: selection)
    guard kept.count > 0 || bench.session.dryRun != nil else {
      throw CircuitFault.empty.located(arguments.span)
    }
    return .object(
      CircuitValue(
        circuit: Circuit(scores: edges, edges: kept, selection: selection),
        source: "\(scores.method.rawValue) on \(scores.taskName)", hidden: model.configuration.hidden))
  }

  private func scores(_ arguments: Arguments, _ bench: Bench) throws -> ScoreResult {
    let from = arguments["from"]
    if case .object(let object)? = from?.value, let scores = object as? ScoreResult {
      try arguments.refuse(
        ["method", "by", "attention"] + (TaskOptions.parameters + PathOptions.parameters).map(\.name),
        because: "the scores are there already")
      return scores
    }
    if let from {
      guard case .object(let object) = from.value, object is TaskValue else {
        throw CircuitFault.notACircuit(from.value.typeName).located(from.span)
      }
    }
    let scores = try ScoreRequest(arguments: arguments, verb: self, task: from, bench: bench).result(
      .edges, arguments.string("method").flatMap(ScoreMethod.init(rawValue:)) ?? .eapIG)
    guard let scores else { preconditionFailure("all rows are no share") }
    return scores
  }
}
