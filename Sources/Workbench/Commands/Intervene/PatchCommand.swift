import Transformers
import Language
import Results

struct PatchCommand: BenchCommand {
  let name = "patch"
  let group = CommandGroup.intervene
  let summary = "put the activations of another text in place of nodes' own"
  let discussion = """
    The other text, from=TEXT or else the counterfactual of the current one, runs once, through the intact network. A node takes the value at its own position there; for a node
    without a position both texts must have the same number of tokens.
    Residual edges of pre-norm models stand in quotes, "L1H3 -> L3H7.q", and come from the counterfactual: what the first wrote
    there, as the second alone reads it (path patching: Wang et al. 2022, Goldowsky-Dill et al. 2023).
    """
  let parameters: [Parameter] = [
    .rest(
      "nodes", .nodesOrEdges, "nodes or node sets, as for `ablate`, or residual edges in quotes",
      needsOne: true),
    .option("from", .text, "the other text; default the current one's counterfactual"),
    .option("pair", .text, "the second text of a pair"),
  ]
  let context: StateKey? = .interventions
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    patch L2@2 from="the authors that the guards like [MASK] young ."
    forward top=2
    restore
    text "the author that the guards like [MASK] young ." counterfactual="the authors that the guards like [MASK] young ."
    patch L0-2@2
    forward top=2
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let call = try InterventionArguments(arguments, self, bench)
    if let edges = try EdgeArguments(arguments.all("nodes"), call.model).edges {
      try arguments.refuse("from", "pair", because: "edges come from each text's counterfactual")
      return call.add(.edges(edges), .counterfactual)
    }
    let nodes = try call.nodes()
    let text = try text(arguments, call.model, bench)
    if let node = nodes.first(where: { ($0.position ?? 0) >= text.count }) {
      throw InterventionFault.textTooShort(node: node.name, length: text.count)
        .located(arguments.span(of: "from"))
    }
    var source = TextActivations(text: text, activations: [:])
    try ActivationRun(call.model, sites: call.model.configuration.blocks.sites(of: nodes), in: bench)
      .each([text.sequence(call.model)]) { source = TextActivations(text: text, activations: $1) }
    return call.add(.nodes(nodes), .text(source))
  }

  /// - Throws: `CallFault` where nothing says which text, ``TextFault/noCounterfactual(text:)`` for a current one without.
  private func text(_ arguments: Arguments, _ model: LoadedModel, _ bench: Bench) throws -> EncodedText {
    if let from = arguments.string("from") {
      return try EncodedText(SentenceText(text: from, pair: arguments.string("pair")), model: model)
    }
    guard arguments["pair"] == nil, bench.state.text != nil else {
      throw CallFault.missingArgument("from", synopsis: synopsis)
    }
    return try bench.currentText(model).exchanged(model)
  }
}
