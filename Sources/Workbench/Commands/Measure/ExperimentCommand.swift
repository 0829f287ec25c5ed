import Attribution
import ExactText
import Faults
import Language
import Measurement
import Results
import Transformers

struct ExperimentCommand: BenchCommand {
  let name = "experiment"
  let group = CommandGroup.measure
  let summary =
    "a measurement of Lu et al. (NeurIPS 2021) on a task: do patterns explain what the model does?"
  let discussion = """
    accuracy: rows that are right, as for `measure`. concentration: how much of the words' influence their patterns
    carry. share: what part of all paths they are. ablation: accuracy when only the nodes of patterns are kept, beside
    random nodes, attention weights, conductance (of all words, of each word) and internal influence, patterns without
    skip connections and the target alone. skips: how often patterns pass through skip connections. entropy: how much
    the patterns of a word differ between rows, also by confidence. convergence: completeness against points.
    optimality: the share of random patterns that carry less. attention: rank correlation of flow methods with
    |influence|. faithfulness: how much of the quantity circuits of 0.1 to 100 % of the edges keep, chosen by the scores of
    circuit=C, the others from the counterfactual (or baseline=), with the areas CPR and CMD of MIB.
    cut: what the quantity loses when the attention edges of each word's pattern are cut (by=zero or mask, skips=true also puts
    zeros in place of its skip connections), beside the pattern's influence, random patterns of the same shape, as many of the
    edges with the strongest scores, and the strongest one; e.words has every word. level=LEVEL takes patterns of this level alone, level=feedforward those that `patterns level=feedforward`
    finds; without it the paper's two, or as far as `patterns` went. Shares of level feedforward are of paths that also tell
    feed-forward branches from skip connections. The value has the fields `table` and, where there is a drawing, `figure`; `save e "e.csv"`, `save
    e.figure "e.svg"`. patterns=P takes patterns that `patterns` found for the same rows. file=PATH gets every row as
    soon as it is finished; with `resume` the rows that are in it are not computed again.
    """
  let parameters: [Parameter] =
    [
      .required("name", .word(ExperimentKind.allCases.map(\.rawValue)), "which experiment"),
      .option("on", .task, "the task"),
      .option(
        "level", .word(PatternLevel.allCases.map(\.rawValue)),
        "only patterns of this level; default embedding and attention"),
      .option(
        "by", .word(AblationVariant.Substitute.allCases.map(\.rawValue) + ["both", "mask"]),
        "what takes the place of a node that is not kept: zero (default), its mean over the rows, or each in turn; of cut: zero or mask"
      ),
      .option(
        "skips", .any, "of cut: the patterns' skip connections too; default false"),
      .option("seed", .integer(minimum: 0), "of random nodes and patterns; default that of the session"),
      .option(
        "samples", .integer(minimum: 1, maximum: 100_000),
        "random patterns of each word; default 50, of cut 10"),
      .option("bins", .integer(minimum: 1, maximum: 1000), "groups of rows by confidence; default 4"),
      .option("patterns", .any, "what `patterns` found for the task"),
      .option("circuit", .any, "of faithfulness: what `circuit` gave"),
    ] + RowOptions.parameters + TaskOptions.parameters + PathOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    let p = patterns(sva_obj, rows=4, points=5)
    experiment concentration on=sva_obj rows=4 points=5 patterns=p
    let e = experiment(skips, on=sva_obj, rows=4, points=5, patterns=p)
    print e.table.skips[0]
    e.figure
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let kind = arguments.string("name").flatMap(ExperimentKind.init(rawValue:)) else { return .null }
    let model = try bench.requireModel()
    try refuseOptions(arguments, kind)
    guard let argument = arguments["on"] else { throw CallFault.missingArgument("on", synopsis: synopsis) }
    let (task, patterns) = (try bench.task(argument, for: "`on`"), try patterns(arguments))
    try PathOptions.refuseAutomatic(arguments, because: "the rows of an experiment share their points")
    var options = PathOptions.options(arguments, bench)
    if let patterns, arguments["points"] == nil, let first = patterns.sentences.first {
      options.points = first.patterns.inputs.points
    }
    let asked = arguments.string("level").flatMap(PatternLevel.init(named:))
    if kind == .skips, asked == .embedding {
      try arguments.refuse("level", because: "hidden states do not tell heads from skip connections")
    }
    let circuit = try circuit(arguments, kind, model)
    let cut = try cut(arguments, kind)
    let baseline =
      kind == .faithfulness && arguments["baseline"] == nil
      ? BaselineText(name: BaselineText.counterfactual, keepsSpecial: false)
      : PathOptions.baseline(arguments, bench)
    options.level = max(.attention, asked ?? patterns?.finestLevel ?? .attention)
    let job = ExperimentJob(
      kind: kind, model: model,
      task: try bench.prepared(
        task, arguments, model, baseline: kind.usesPath || circuit != nil ? baseline : nil),
      baseline: baseline, options: options,
      levels: kind.levels(asked: asked, finest: options.level),
      substitutes: arguments.string("by") == "both"
        ? AblationVariant.Substitute.allCases
        : [arguments.string("by").flatMap(AblationVariant.Substitute.init(rawValue:)) ?? .zero],
      seed: arguments.integer("seed") ?? bench.session.settings.seed,
      samples: arguments.integer("samples") ?? (kind == .cut ? 10 : 50), bins: arguments.integer("bins") ?? 4,
      patterns: patterns,
      circuit: circuit, cut: (cut, try cutsSkips(arguments)),
      arguments: arguments, bench: bench)
    do { return try job.run().map { .object($0) } ?? bench.shareValue(arguments) } catch let fault
      as ExperimentFault
    {
      throw fault.located(arguments.span(of: "patterns"))
    }
  }

  /// - Throws: a fault for an experiment that needs one and has none.
  private func circuit(
    _ arguments: Arguments, _ kind: ExperimentKind, _ model: LoadedModel
  ) throws -> CircuitValue? {
    guard kind == .faithfulness else { return nil }
    guard let argument = arguments["circuit"] else {
      throw CallFault.missingArgument("circuit", synopsis: synopsis).located(arguments.span)
    }
    guard case .object(let object) = argument.value, let circuit = object as? CircuitValue else {
      throw ValueFault.wrongType(expected: "a circuit", found: argument.value.typeName, what: "`circuit`")
        .located(argument.span)
    }
    try circuit.check(model)
    return circuit
  }

  /// No flag: the bare word is an experiment.
  private func cutsSkips(_ arguments: Arguments) throws -> Bool {
    guard let argument = arguments["skips"] else { return false }
    guard case .bool(let isOn) = argument.value else {
      throw ValueFault.wrongType(
        expected: "true or false", found: argument.value.typeName, what: "`skips`"
      ).located(argument.span)
    }
    return isOn
  }

  /// - Throws: a fault for a `by` that the experiment does not take.
  private func cut(_ arguments: Arguments, _ kind: ExperimentKind) throws -> AttentionCut.Mode {
    guard let by = arguments.string("by") else { return .zero }
    guard kind == .cut else {
      if by == "mask" { throw CutFault.maskedNodes.located(arguments.span(of: "by")) }
      return .zero
    }
    guard let mode = AttentionCut.Mode(rawValue: by) else {
      throw CutFault.noCut(by: by).located(arguments.span(of: "by"))
    }
    return mode
  }

  private func patterns(_ arguments: Arguments) throws -> PatternSet? {
    guard let argument = arguments["patterns"] else { return nil }
    guard case .object(let object) = argument.value, let set = object as? PatternSet else {
      throw ValueFault.wrongType(expected: "patterns", found: argument.value.typeName, what: "`patterns`")
        .located(argument.span)
    }
    return set
  }

  private func refuseOptions(_ arguments: Arguments, _ kind: ExperimentKind) throws {
    let own = Set(ExperimentKind.allCases.flatMap(\.options)).subtracting(kind.options)
    var path = kind.usesPath ? [] : Set(names: PathOptions.parameters.map(\.name))
    if kind == .faithfulness { path.subtract(["baseline", "keep"]) }
    let known: Set<Name> = kind.usesPatterns ? [] : ["patterns"]
    let quadrature: Set<Name> = kind == .convergence ? ["quadrature"] : []
    let useless = own.union(path).union(known).union(quadrature)
    try arguments.refuse(
      parameters.map(\.name).filter(useless.contains),
      because: "the experiment \(kind.rawValue) has no use for it")
    try RowOptions.check(arguments, self)
  }
}
