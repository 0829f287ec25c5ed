import Language
import Results

struct AblateCommand: BenchCommand {
  let name = "ablate"
  let group = CommandGroup.intervene
  let summary = "replace nodes in every forward pass until `restore`: heads, hidden states, neurons, ..."
  let discussion = """
    by=zero (the default); by=mean: the mean over the sentences of a task, at the node's position, or for a node without
    a position over all positions or (per=position) at each; by=baseline: the value in the same sentence when its words
    are the baseline's; by=resample: the value in another sentence of the task, as long as this one, which the seed
    and the sentence choose; by=counterfactual: the value in the sentence's counterfactual (`text T counterfactual=T2`; in a
    task each row's own), position by position. All of these are values of the intact network. Where interventions meet, the later one
    wins. They act on the model that is current now; `interventions` lists them.
    Attention edges, L3H7@7<-2 (head 7 of layer 3 at position 7 reading position 2) and sets of them, L0-3H*@*<-2, are cut:
    by=zero sets the weight to 0 and leaves the others, by=mask sets the score to minus infinity and lets the others share
    (attention knockout: Geva et al. 2023). A pattern, p.words[2] of `patterns`, or p for all words', has its head steps cut,
    also for every other path that takes them; skips=true puts zeros in place of its skip connections too.
    """
  let parameters: [Parameter] =
    [.rest("nodes", .nodes, "nodes or node sets, e.g. L1H0 L3H* embed@2 L2.mlp L4.mlp[7]; attention edges, e.g. L3H7@7<-2; patterns", needsOne: true)]
    + ReplacementOptions.parameters(["zero", "mask", "mean", "baseline", "resample", "counterfactual"])
    + [
      .option("seed", .integer(minimum: 0), "of by=resample; default the session's"),
      .flag("skips", "of patterns: their skip connections too"),
    ]
  let context: StateKey? = .interventions
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    ablate L1H0 L3H*
    forward top=2
    restore
    ablate L5.mlp by=mean on=sva_obj rows=20
    forward top=2
    restore
    ablate L0-5H*@7<-2 by=mask
    forward top=2
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let call = try InterventionArguments(arguments, self, bench)
    if let cuts = try CutArguments(call).cuts() {
      return call.add(.cuts(cuts), cuts.mode == .mask ? .mask : .zero)
    }
    let nodes = try call.nodes()
    let source = try call.source(
      sites: call.model.configuration.blocks.sites(of: nodes), nodes: nodes, scope: .node)
    return call.add(.nodes(nodes), source)
  }
}
