import Attribution
import Checkpoints
import ExactText
import Files
import Language
import Results
import Transformers

/// Scores activations or residual edges on the rows of a task, or on one text.
struct ScoreJob {
  let model: LoadedModel
  let method: ScoreMethod
  let end: ScoreEndName
  let baseline: BaselineText
  /// Whether relevance holds the attention probabilities.
  let holdsAttention: Bool
  let options: AttributionOptions
  let bench: Bench

  /// Rows that go through the network together: enough for full matrix products, few enough to stop soon.
  private static let batch = 8

  /// What the scores depend on beside the method, for the result.
  func settings(of task: PreparedTask) -> Record {
    var settings: Record = [:]
    if method.isIntegrated {
      settings["points"] = Value(options.points)
      settings["quadrature"] = .string(options.quadrature.rawValue)
    }
    if holdsAttention { settings["attention"] = "frozen" }
    if task.rows.count == 1, let row = task.rows.first { settings["qoi_name"] = .string(row.quantityName) }
    return settings
  }

  private var attributor: Attributor {
    get throws { Attributor(model: try model.transformer, execution: bench.execution) }
  }
  private var rule: ReverseRule { method == .relp ? .relevance(holdsAttention: holdsAttention) : .exact }

  /// The mean score of each target, over rows; nil for a share of them.
  ///
  /// - Parameter result: what means over so many rows make: also shown when the job is interrupted
  func run(
    _ targets: ScoreTargets, _ task: PreparedTask, _ store: RowStore<[Double]>?,
    result: (_ means: [Double], _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult? {
    let end = try scoreEnd(targets.sites, task)
    return try means(of: targets.targets.count, task, store, result: result) { inputs, progress in
      try scores(targets, inputs, end, progress)
    }
  }

  /// The mean score of each residual edge, over rows; nil for a share of them.
  func edges(
    _ task: PreparedTask, _ store: RowStore<[Double]>?,
    result: (_ means: EdgeScores, _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult? {
    let (space, attributor) = (try EdgeSpace(model.configuration), try attributor)
    return try means(of: EdgeScores(space).list.count, task, store) { means, rows in
      result(EdgeScores(space, means), rows)
    } scores: { inputs, progress in
      try attributor.edgeScores(
        inputs, isIntegrated: method.isIntegrated, rule: rule, options: options,
        check: bench.session.checkInterruption, progress: progress
      ).map { $0.values.flatMap(\.self) }
    }
  }

  /// The mean score of each attention edge, over rows; nil for a share of them.
  func attention(
    _ edges: [AttentionEdge], by mode: AttentionCut.Mode, _ task: PreparedTask, _ store: RowStore<[Double]>?,
    result: (_ means: [Double], _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult? {
    let attributor = try attributor
    return try means(of: edges.count, task, store, result: result) { inputs, progress in
      try attributor.attentionEdgeScores(
        inputs, by: mode, options: options, check: bench.session.checkInterruption, progress: progress
      ).map { scores in edges.map { scores[$0] } }
    }
  }

  /// The mean of so many scores of each row, summed in the order of the rows.
  ///
  /// - Parameters:
  ///   - store: gets the scores of each row where a file is to have them; else only their sum is kept
  ///   - result: of the rows that are done
  ///   - scores: of some rows
  private func means(
    of count: Int, _ task: PreparedTask, _ store: RowStore<[Double]>?,
    result: (_ means: [Double], _ rows: Int) -> ScoreResult,
    scores: ([AttributionInput], @escaping ProgressReport) throws -> [[Double]]
  ) throws -> ScoreResult? {
    var (sums, done) = ([Double](repeating: 0, count: count), 0)
    func add(_ scores: [Double]) {
      for index in sums.indices { sums[index] += scores[index] }
      done += 1
    }
    func whole() -> ScoreResult { result(sums.map { $0 / Double(done) }, done) }
    let pending = store?.pending ?? Array(task.rows.indices)
    // Progress is reported on this thread.
    nonisolated(unsafe) let reporter = bench
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "attribute") {
      for start in stride(from: 0, to: pending.count, by: Self.batch) {
        bench.session.showProgress("attribute", done: Double(start), of: pending.count)
        let part = Array(pending[start..<min(start + Self.batch, pending.count)])
        let inputs = try bench.attributionInputs(part.map { task.rows[$0] }, baseline, model)
        let found = try scores(inputs) { share in
          reporter.session.showProgress(
            "attribute", done: Double(start) + share * Double(part.count), of: pending.count)
        }
        for (number, scores) in zip(part, found) {
          if let store { try store.add(number, scores) } else { add(scores) }
        }
      }
    } finished: {
      if let store {
        bench.tellKept(store)
        guard !store.isShare else { return nil }
        store.rows.compactMap(\.self).forEach(add)
      }
      return done == 0 ? nil : (.object(whole()), "\(done) of \(task.rows.count) rows")
    }
    if let store {
      try store.finish()
      guard !store.isShare else { return nil }
      store.rows.compactMap(\.self).forEach(add)
    }
    return whole()
  }

  /// Rows of a task, each with its scores, for files.
  func form(_ kind: SweepTargets.Kind, _ names: [String], _ task: PreparedTask) -> RowForm<[Double]> {
    var hash = SHA256()
    hash.update(names.joined(separator: "\n").utf8)
    let readsCounterfactuals = baseline.isCounterfactual || bench.interventionsReadCounterfactuals(model)
    var header: Record = [
      "attribute": 1, "kind": .string(kind.rawValue), "method": .string(method.rawValue),
      "by": .string(end.rawValue),
      "task": .string(task.task.name), "rows": Value(task.rows.count),
      "task_hash": .string(task.identity(readsCounterfactuals: readsCounterfactuals)),
      "scores": Value(names.count), "scores_hash": .string(hash.finalize()),
    ]
    if end == .baseline { header["baseline"] = .string(baseline.description(model)) }
    header.merge(settings(of: task)) { own, _ in own }
    return RowForm(
      kind: "attribute", header: bench.identified(header, of: model),
      hashed: ["scores_hash": "other nodes or edges"], order: task.shareOrder,
      record: { Record(row: $0, ["scores": .list($1.map(Value.number))]) },
      row: { record in
        guard let number = record.row(of: task.rows.count), let scores = record.savedList("scores"),
          scores.count == names.count
        else { return nil }
        return (number, scores)
      })
  }

  /// One of each target for each input.
  private func scores(
    _ targets: ScoreTargets, _ inputs: [AttributionInput], _ end: ScoreEnd,
    _ progress: @escaping ProgressReport
  ) throws -> [[Double]] {
    let check = bench.session.checkInterruption
    switch method {
    case .ig:
      return try attributor.conductanceScores(
        of: targets.sites, inputs, options: options, check: check, progress: progress
      ).map { scores in targets.targets.map { $0.score(in: scores) } }
    case .atpStar:
      return try attributor.droppedScores(
        of: targets.sites, inputs, options: options, check: check, progress: progress
      ).map { drops in targets.targets.map { $0.meanSize(in: drops) } }
    default:
      return try attributor.patchingScores(
        of: targets.sites, inputs, rule: rule, end: end, options: options, check: check, progress: progress
      ).map { scores in targets.targets.map { $0.score(in: scores) } }
    }
  }

  private func scoreEnd(_ sites: Set<Site>, _ task: PreparedTask) throws -> ScoreEnd {
    switch end {
    case .counterfactual, .baseline: return .start
    case .zero, .mask: return .zero
    case .mean:
      let sums = try bench.means(of: sites, over: task.rows.map(\.text), model)
      return .means(Dictionary(uniqueKeysWithValues: sites.map { ($0, sums.overall($0).values) }))
    }
  }
}

extension ScoreTargets.Target {
  func score(in scores: SiteScores) -> Double {
    guard let rows = scores.values[site] else { return .nan }
    return position.map { rows[$0][part] } ?? rows.reduce(0) { $0 + $1[part] }
  }

  /// The mean of the absolute scores with each layer dropped, but for the target's own, which leaves nothing of it: L - 1 layers
  /// for what is within a layer, L for a hidden state.
  func meanSize(in drops: [SiteScores]) -> Double {
    let isState = site.kind == .embed || site.kind == .residPost
    let others = drops.indices.filter { isState || $0 != site.layer }
    return others.reduce(0) { $0 + abs(score(in: drops[$1])) } / Double(others.count)
  }
}
