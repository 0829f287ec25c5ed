import Attribution
import Language
import Results

struct FlowCommand: BenchCommand {
  let name = "flow"
  let group = CommandGroup.explain
  let summary =
    "how much of a token comes from each word: attention rollout, flow and paths, norms, ALTI, routes, DecompX"
  let discussion = """
    Baselines to compare influences with; none knows the quantity of interest. The token is at=P, else where the
    quantity is read, else the text's [MASK]. rollout, maxflow (Abnar and Zuidema, ACL 2020) and path (of the largest
    product) read the attention with its skip connection, (P + I) with rows that add up to 1; norm (Kobayashi et al.,
    EMNLP 2021) and valuezeroing (Mohebbi et al., EACL 2023) also values, skip connections and layer norms, and roll
    out. alti (Ferrando et al., EMNLP 2022, post-norm encoders) rolls out how near what each token adds comes to the
    attention block's output. ifr (Ferrando and Voita, EMNLP 2024, sequential pre-norm models) takes every state for the sum
    that it is, drops parts of at most threshold=0.04 and follows the others back: f.routes has the edges that lead to the
    token, by head, skip connection and feed-forward branch; the scores roll them out. decompx (Modarressi et al., ACL 2023,
    post-norm encoders) carries a vector for each word through all layers (aggregation by vectors, biases by absolute dot
    products, f(u)/u for the activation, the last two the authors' defaults); the scores are the vectors' norms, divided by their sum.
    `heatmap f` draws the shares after each layer. Fields: f.scores, f.layers (layers, words), f.paths[3].nodes, with `matrices`
    f.matrices[layer]. Under interventions P is the attention of the network that they change. An ablated head still
    attends, only its output is replaced: rollout, maxflow and path count its P with that of the others, norm and
    valuezeroing do not. Where the whole attention of a position is replaced, its output or all heads, only the skip
    connection is left, with every method; where that is replaced as well, or the block's output, its row of the
    matrix is zeros. decompx is not defined under interventions.
    """
  let parameters: [Parameter] =
    [
      .optional("text", .text, "the text; default the current one"),
      .option("pair", .text, "the second text of a pair"),
      .option("method", .word(FlowMethod.allCases.map(\.rawValue)), "default rollout"),
      .option(
        "heads", .word(HeadAggregation.allCases.map(\.rawValue)),
        "how heads become one matrix; default mean (rollout, maxflow and path only)"),
      .option(
        "direction", .word(PathDirection.allCases.map(\.rawValue)),
        "flow (default), or authors: the steps of a path transposed, as in Lu et al.'s program"),
      .option("threshold", .number, "of ifr: parts of at most this share are left out; default 0.04"),
      .option("at", .integer(minimum: 0), "position of the token to explain"),
      .flag("matrices", "keep the matrix of each layer in the result"),
      .flag("influence", "also the influence of each word, and the rank correlation with its size"),
    ] + PathOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    flow
    flow method=path heads=max
    qoi is - are
    let f = flow(method=valuezeroing, influence, points=10)
    print f.rank_correlation
    heatmap f
    flow method=decompx
    load "demo-gpt2"
    let r = flow("When Mary and John went to the store, John gave a drink to", method=ifr)
    print r.routes[0]
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let text = try bench.text(arguments, model)
    let options = try options(arguments, bench)
    let target = try target(arguments, text, model, bench)
    let influence = try influence(arguments, text, target, model, bench)
    try bench.checkMemory(
      model, length: text.count, capturing: options.method.sites(in: model.configuration))
    // Progress is reported on this thread.
    nonisolated(unsafe) let reporter = bench
    defer { bench.session.clearProgress() }
    let analysis = try FlowAnalyzer(model: model.transformer, execution: bench.execution).analyze(
      FlowInput(
        ids: text.encoding.ids, types: text.encoding.types, target: target,
        interventions: try bench.interventions(for: text, model)), options: options,
      check: bench.session.checkInterruption,
      progress: { reporter.session.showProgress("flow", share: $0) })
    bench.warnUnlessFinite(
      "shares and influences", analysis.layers.joined() + (influence ?? []), at: arguments.span)
    return .object(
      FlowResult(
        tokens: text.encoding.tokens, options: options, analysis: analysis, influence: influence,
        showsMatrices: arguments.flag("matrices"),
        interventions: bench.state.interventions.descriptions(on: model)))
  }

  private func options(_ arguments: Arguments, _ bench: Bench) throws -> FlowOptions {
    let method = arguments.string("method").flatMap(FlowMethod.init(rawValue:)) ?? .rollout
    if !method.readsOnlyAttention {
      try arguments.refuse("heads", because: "\(method.rawValue) does not aggregate attention over heads")
    }
    if method != .ifr { try arguments.refuse("threshold", because: "only method=ifr leaves parts out") }
    let threshold = arguments.number("threshold") ?? FlowOptions.standardThreshold
    guard 0..<1 ~= threshold else {
      throw FlowFault.threshold(threshold).located(arguments.span(of: "threshold"))
    }
    if method != .path { try arguments.refuse("direction", because: "only method=path has steps") }
    if !arguments.flag("influence") {
      try arguments.refuse(
        PathOptions.parameters.map(\.name), because: "only `influence` integrates along a path")
    }
    return FlowOptions(
      method: method,
      heads: arguments.string("heads").flatMap(HeadAggregation.init(rawValue:)) ?? .mean,
      direction: arguments.string("direction").flatMap(PathDirection.init(rawValue:)) ?? .flow,
      threshold: threshold, memoryBudget: bench.session.workingMemory)
  }

  private func target(
    _ arguments: Arguments, _ text: EncodedText, _ model: LoadedModel, _ bench: Bench
  ) throws -> Int {
    if let at = arguments.integer("at") {
      return try bench.session.locating(arguments.span(of: "at")) { try text.target(position: at) }
    }
    if let quantity = bench.state.quantity {
      let readsLabels = try QuantityParser.resolve(quantity.source, model: model).readsLabels
      if readsLabels { return text.classifiedPosition }
      if quantity.position != nil { return try text.target(position: quantity.position) }
    }
    if text.isCausal { return try text.target(position: nil) }
    guard text.maskPositions.count == 1 else {
      throw TextFault.noFlowTarget(masks: text.maskPositions, length: text.count)
    }
    return text.maskPositions[0]
  }

  /// Integrated gradients of the quantity of interest; nil when they are not asked for.
  private func influence(
    _ arguments: Arguments, _ text: EncodedText, _ target: Int, _ model: LoadedModel,
    _ bench: Bench
  ) throws -> [Double]? {
    guard arguments.flag("influence") else { return nil }
    try PathOptions.checkQuadrature(arguments)
    let baseline = PathOptions.baseline(arguments, bench)
    let input = try bench.attributionInput(text, bench.requireQuantity(), baseline, model)
    guard input.target == target else {
      let reason = "the influence is of the quantity at position \(input.target)"
      throw CallFault.ignoredOption("at", reason: reason).located(arguments.span(of: "at"))
    }
    return try Attributor(model: model.transformer, execution: bench.execution).inputInfluence(
      [input], options: PathOptions.options(arguments, bench), check: bench.session.checkInterruption
    ).first?.influence
  }
}
