import ExactText
import Transformers
import Language
import Measurement
import Results

struct SweepCommand: BenchCommand {
  let name = "sweep"
  let group = CommandGroup.measure
  let summary = "replace one node after another and measure a task each time: which heads matter?"
  let discussion = """
    heads: every head; mlps: each layer's feed-forward output; edges: every residual edge of a pre-norm model, by=counterfactual; attention_edges: every edge L3H7@7<-2 of layers=..., or
    those of edges=SET, cut by=zero or by=mask (sentences of one length); layers: each layer's attention output and feed-forward output; positions: each hidden state
    (sentences of one length); neurons: the feed-forward neurons of layer=N; queries, keys, values: those of every head, L3H7.q
    (keys and values of every key head, where heads share them); nodes: those of nodes=NODES, each on its own. On top of the session's interventions; delta_accuracy and delta_qoi are against the task without the node's
    replacement. The value is a table: s[3].node, s.delta_qoi, `heatmap s`, `heatmap s of=accuracy`, save s "s.csv".
    by=counterfactual is activation patching: values are those of each row's counterfactual (a column of the task), or
    with direction=denoise the row's own, put into the counterfactual's run. Without on= the current text is asked about.
    file=PATH gets every row as soon as it is finished; with `resume` the rows that are in it are not computed again, so that
    a long sweep survives an interruption or the end of the process.
    """
  let parameters: [Parameter] =
    [
      .required("kind", .word(SweepTargets.Kind.allCases.map(\.rawValue)), "what is replaced"),
      .option("on", .task, "the task; default the current text and `qoi`"),
      .option("layers", .any, "only these layers, e.g. layers=0..<3"),
      .option("layer", .integer(minimum: 0), "whose neurons"),
      .option("nodes", .nodes, "nodes for `sweep nodes`, e.g. nodes=L0-1H*"),
      .option("edges", .nodes, "edges for `sweep attention_edges`, e.g. edges=L3H*@7<-{2, 5}"),
    ] + TaskOptions.parameters + SweepReplacement.parameters + [
      ScoringOptions.within
    ] + RowOptions.parameters
  let runsNetwork = true
  let example = #"""
    load "demo"
    let s = sweep(heads, on=sva_obj, rows=20, layers=0..<2)
    print s[3].node s[3].delta_qoi
    heatmap s
    sweep layers on=sva_obj rows=20 by=mean
    text "the author that the guards like [MASK] young ." counterfactual="the authors that the guards like [MASK] young ."
    qoi is - are
    sweep layers by=counterfactual
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let direction = try SweepDirection(arguments)
    let task = try task(arguments, bench)
    try RowOptions.check(arguments, self)
    let call = try InterventionArguments(arguments, self, bench)
    let sweep = SweepArguments(call: call)
    // Before the rows are prepared, which takes a while and is where a check of a script ends.
    let choice = try sweep.choice()
    var measured = try measured(task, arguments, model, bench)
    if direction == .denoise { measured = try measured.exchanged(model) }
    let targets = try sweep.targets(choice, measured)
    let cut = choice.cut
    let job = SweepJob(
      job: MeasureJob(
        model: model, masking: ScoringOptions.masking(arguments), comparesIntact: false,
        bench: bench),
      task: measured, targets: targets,
      replacement: try cut.map { SweepReplacement(cutting: $0) }
        ?? SweepReplacement(call, targets.nodes, measured, direction, bench), cut: cut ?? .zero)
    guard let result = try job.run(try bench.store(job.form, arguments)) else {
      return bench.shareValue(arguments)
    }
    bench.warnUnlessFinite(
      "means of the quantity", [result.baseline.mean] + result.finished.map(\.mean), at: arguments.span)
    return .object(result)
  }

  /// nil for the current text.
  private func task(_ arguments: Arguments, _ bench: Bench) throws -> MeasurementTask? {
    guard let argument = arguments["on"] else {
      guard bench.state.text != nil else { throw CallFault.missingArgument("on", synopsis: synopsis) }
      try arguments.refuse(
        TaskOptions.parameters.map(\.name) + ["within"], because: "only a task has rows")
      return nil
    }
    let task = try bench.task(argument, for: "`on`")
    guard task.kind != .text else { throw SweepFault.noAnswers(task: task.name).located(argument.span) }
    try ScoringOptions.check(arguments, task)
    return task
  }

  private func measured(
    _ task: MeasurementTask?, _ arguments: Arguments, _ model: LoadedModel, _ bench: Bench
  ) throws -> MeasuredTask {
    guard let task else {
      let text = try bench.currentText(model)
      if arguments.string("by") == "counterfactual" { _ = try text.requireCounterfactual() }
      return .answers(try bench.sessionTask(text, model))
    }
    return try bench.session.locating(arguments.span(of: "on")) {
      try bench.measured(task, arguments, model)
    }
  }
}
