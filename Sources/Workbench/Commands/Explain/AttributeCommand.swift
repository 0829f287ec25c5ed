import Language
import Results

struct AttributeCommand: BenchCommand {
  let name = "attribute"
  let group = CommandGroup.explain
  let summary =
    "score every head, branch, neuron or edge by gradients, in a few passes: what `sweep` measures one by one"
  let discussion = """
    A positive score means that the clean activation raises the quantity: about what it loses when the node takes its value at
    the other end. by= names that end: counterfactual (the default where there is one), baseline; atp and relp on nodes also
    zero and mean. heads, mlps, layers, neurons (of layer=N), queries, keys and values are sums over positions; positions and
    nodes=NODES, e.g. nodes=L0H*.q@7, single ones. Compare with `sweep` of the same kind: `compare attribute(heads, on=T) sweep(heads, on=T, by=counterfactual)`.
      atp       change times gradient (attribution patching: Nanda 2023); a head's activation is its context
      atp-star  AtP* (Kramár et al. 2024): new attention for changed queries and keys, each layer's gradient dropped once; unsigned
      ig        conductance along the path (Dhamdhere et al. 2019)
      relp      atp by relevance rules: norms and activations held (Rezaei Jafari et al. 2025); attention=frozen holds it too
      eap       residual edges, change of the source times gradient of what the target reads (Syed et al. 2023)
      eap-ig    the same along the path (Hanna et al. 2024); quadrature=left is the authors' grid
    attention_edges (of layers=..., or edges=L3H*@7<-2) are scored by atp for the cut by=zero (default) or by=mask, as `sweep
    attention_edges` makes it: to first order what the quantity loses without the edge; positive where the edge raises it.
    file=PATH gets the scores of each row of a task as soon as they are there, and `resume` goes on with it.
    Residual edges are those of pre-norm models: `embed`, L1H3, L1.mlp to L3H7.q, L3H7.k, L3H7.v, L3.mlp, out.
    """
  let parameters: [Parameter] =
    [
      .required("kind", .word(SweepTargets.Kind.allCases.map(\.rawValue)), "what is scored"),
      .option("on", .task, "the task; default the current text and `qoi`"),
      .option("method", .word(ScoreMethod.allCases.map(\.rawValue)), "default atp, of edges eap"),
      .option("by", .word(ScoreEndName.allCases.map(\.rawValue)), "what stands at the other end"),
      .option("layers", .any, "only these layers, e.g. layers=0..<3"),
      .option("layer", .integer(minimum: 0), "whose neurons"),
      .option("nodes", .nodes, "nodes for `attribute nodes`, e.g. nodes=L0-1H*@7"),
      .option("edges", .nodes, "edges for `attribute attention_edges`, e.g. edges=L3H*@7<-{2, 5}"),
      .option("attention", .word(["frozen"]), "of relp: hold the attention probabilities too"),
    ] + TaskOptions.parameters + PathOptions.parameters + RowOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ." counterfactual="the authors that the guards like [MASK] young ."
    qoi is - are
    let a = attribute(heads)
    heatmap a
    compare a sweep(heads, by=counterfactual)
    attribute heads on=sva_obj rows=8 by=baseline method=ig points=8
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let kind = arguments.string("kind").flatMap(SweepTargets.Kind.init(rawValue:)) ?? .heads
    let method = arguments.string("method").flatMap(ScoreMethod.init(rawValue:)) ?? .defaultMethod(of: kind)
    if kind == .edges { try arguments.refuse("edges", because: "it is for the kind `attention_edges`") }
    let request = ScoreRequest(arguments: arguments, verb: self, task: arguments["on"], bench: bench)
    try RowOptions.check(arguments, self)
    return try request.result(kind, method).map { .object($0) } ?? bench.shareValue(arguments)
  }
}
