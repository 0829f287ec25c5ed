import Attribution
import ExactText
import Language
import Measurement
import Results
import Transformers

/// What `attribute` and `circuit` have in common: scores that the arguments ask for.
struct ScoreRequest {
  let arguments: Arguments
  let verb: any Command
  /// nil for the current text.
  let task: Arguments.Bound?
  let bench: Bench

  /// nil for a share of the rows.
  func result(_ kind: SweepTargets.Kind, _ method: ScoreMethod) throws -> ScoreResult? {
    let model = try bench.requireModel()
    let call = try InterventionArguments(arguments, verb, bench)
    try bench.session.locating(arguments.span(of: "method")) { try method.check(kind, model.configuration) }
    try refuseOthers(method)
    let choice = try ScoreArguments(call: call).choice(kind)
    let (prepared, end) = try rows(kind, method, model)
    let job = ScoreJob(
      model: model, method: method, end: end, baseline: baseline(end),
      holdsAttention: arguments["attention"] != nil, options: PathOptions.options(arguments, bench),
      bench: bench)
    let result = try result(of: job, kind, choice, call, prepared)
    if let result { bench.warnUnlessFinite("scores", result.scores.map(\.score), at: arguments.span) }
    return result
  }

  private func refuseOthers(_ method: ScoreMethod) throws {
    if method != .relp { try arguments.refuse("attention", because: "only method=relp holds it") }
    if !method.isIntegrated {
      try arguments.refuse("points", "quadrature", because: "method=\(method.rawValue) reads one point")
    }
    try PathOptions.refuseAutomatic(arguments, because: "scores are means over one number of points")
    if task == nil {
      try arguments.refuse(
        (TaskOptions.parameters + RowOptions.parameters).map(\.name), because: "only a task has rows")
    }
  }

  /// The rows, and what stands at the other end of each.
  private func rows(
    _ kind: SweepTargets.Kind, _ method: ScoreMethod, _ model: LoadedModel
  ) throws -> (PreparedTask, ScoreEndName) {
    guard let argument = task else {
      let text = try bench.currentText(model)
      let end = try end(kind, method, hasCounterfactual: text.counterfactual != nil)
      if end == .counterfactual { _ = try text.requireCounterfactual() }
      return (try bench.sessionTask(text, model), end)
    }
    let task = try bench.task(argument, for: "`on`")
    guard task.kind != .text, task.kind != .pairs else {
      throw ScoreFault.noAnswers(task: task.name).located(argument.span)
    }
    let end = try end(kind, method, hasCounterfactual: task.rows.contains { $0.counterfactual != nil })
    let prepared = try bench.session.locating(argument.span) {
      try bench.prepared(task, arguments, model, baseline: baseline(end))
    }
    return (prepared, end)
  }

  private func end(
    _ kind: SweepTargets.Kind, _ method: ScoreMethod, hasCounterfactual: Bool
  ) throws -> ScoreEndName {
    let namesBaseline = arguments["baseline"] != nil || arguments["keep"] != nil
    let given =
      arguments.string("by").flatMap(ScoreEndName.init(rawValue:)) ?? (namesBaseline ? .baseline : nil)
    if given != .baseline {
      try arguments.refuse("baseline", "keep", because: "only by=baseline has one")
    }
    guard let given else {
      if kind == .attentionEdges { return .zero }
      return hasCounterfactual ? .counterfactual : .baseline
    }
    guard method.ends(kind).contains(given) else {
      throw ScoreFault.end(
        by: given.rawValue, method: method.rawValue, ends: method.ends(kind).map(\.rawValue)
      ).located(arguments.span(of: "by"))
    }
    return given
  }

  private func baseline(_ end: ScoreEndName) -> BaselineText {
    switch end {
    case .counterfactual: BaselineText(name: BaselineText.counterfactual, keepsSpecial: false)
    case .baseline: PathOptions.baseline(arguments, bench)
    // Nothing goes along a path: any will do.
    default: BaselineText(name: "zero", keepsSpecial: false)
    }
  }

  private func result(
    of job: ScoreJob, _ kind: SweepTargets.Kind, _ choice: ScoreArguments.Choice,
    _ call: InterventionArguments,
    _ task: PreparedTask
  ) throws -> ScoreResult? {
    let end = job.end == .baseline ? job.baseline.description(job.model) : job.end.rawValue
    func result(
      _ axes: (String, String), _ rows: [ScoreResult.Row], _ count: Int, _ edges: EdgeScores?,
      columns: [String]? = nil
    ) -> ScoreResult {
      ScoreResult(
        kind: kind, method: job.method, end: end, taskName: task.task.name, modelName: job.model.name,
        rowCount: count, requested: task.rows.count, settings: job.settings(of: task), axes: axes,
        scores: rows,
        edges: edges, columns: columns,
        interventions: job.bench.state.interventions.descriptions(on: job.model))
    }
    func store(_ names: @autoclosure () throws -> [String]) throws -> RowStore<[Double]>? {
      guard arguments["file"] != nil else { return nil }
      return try bench.store(job.form(kind, names(), task), arguments)
    }
    func rows(_ targets: [some DrawnTarget], _ means: [Double]) -> [ScoreResult.Row] {
      zip(targets, means).map { target, score in
        ScoreResult.Row(
          name: target.name, score: score, rowLabel: target.rowLabel, columnLabel: target.columnLabel)
      }
    }
    if let (targets, mode) = try ScoreArguments(call: call).attention(choice, .answers(task)) {
      return try job.attention(
        targets.attentionEdges, by: mode, task, store(targets.targets.map(\.name))
      ) { means, count in
        result(targets.axes, rows(targets.targets, means), count, nil, columns: targets.columnLabels)
      }
    }
    guard let targets = try ScoreArguments(call: call).targets(choice, .answers(task)) else {
      let names = try EdgeSpace(job.model.configuration).edges.map(\.name)
      return try job.edges(task, store(names)) { edges, count in
        let rows = edges.list.map { edge, score in
          ScoreResult.Row(
            name: edge.name, score: score, rowLabel: edge.source.name, columnLabel: edge.target.name)
        }
        return result(("source", "target"), rows, count, edges)
      }
    }
    return try job.run(targets, task, store(targets.targets.map(\.name))) { means, count in
      result(targets.axes, rows(targets.targets, means), count, nil)
    }
  }
}

/// What stands at a place of a drawing.
protocol DrawnTarget {
  var name: String { get }
  var rowLabel: String { get }
  var columnLabel: String { get }
}

extension SweepTargets.Target: DrawnTarget {}
extension ScoreTargets.Target: DrawnTarget {}
