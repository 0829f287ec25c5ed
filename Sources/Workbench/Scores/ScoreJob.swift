import Attribution
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

  /// The mean score of each target, over rows.
  ///
  /// - Parameter result: what means over so many rows make: also shown when the job is interrupted
  func run(
    _ targets: ScoreTargets, _ task: PreparedTask, result: (_ means: [Double], _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult {
    let end = try scoreEnd(targets.sites, task)
    var sums = [Double](repeating: 0, count: targets.targets.count)
    return try eachBatch(of: task) { inputs, progress in
      for scores in try self.scores(targets, inputs, end, progress) {
        for index in sums.indices { sums[index] += scores[index] }
      }
    } result: { rows in
      result(sums.map { $0 / Double(rows) }, rows)
    }
  }

  /// The mean score of each residual edge, over rows.
  func edges(
    _ task: PreparedTask, result: (_ means: EdgeScores, _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult {
    var sum = EdgeScores(try EdgeSpace(model.configuration))
    let attributor = try attributor
    return try eachBatch(of: task) { inputs, progress in
      let scores = try attributor.edgeScores(
        inputs, isIntegrated: method.isIntegrated, rule: rule, options: options,
        check: bench.session.checkInterruption, progress: progress)
      for one in scores { sum.add(one) }
    } result: { rows in
      var mean = EdgeScores(sum.space)
      mean.add(sum, times: 1 / Double(rows))
      return result(mean, rows)
    }
  }

  /// The mean score of each attention edge, over rows.
  func attention(
    _ edges: [AttentionEdge], by mode: AttentionCut.Mode, _ task: PreparedTask,
    result: (_ means: [Double], _ rows: Int) -> ScoreResult
  ) throws -> ScoreResult {
    var sums = [Double](repeating: 0, count: edges.count)
    let attributor = try attributor
    return try eachBatch(of: task) { inputs, progress in
      let scores = try attributor.attentionEdgeScores(
        inputs, by: mode, options: options, check: bench.session.checkInterruption, progress: progress)
      for one in scores {
        for (index, edge) in edges.enumerated() { sums[index] += one[edge] }
      }
    } result: { rows in
      result(sums.map { $0 / Double(rows) }, rows)
    }
  }

  /// - Parameter result: of the rows that are done
  private func eachBatch(
    of task: PreparedTask, _ body: ([AttributionInput], @escaping ProgressReport) throws -> Void,
    result: (_ rows: Int) -> ScoreResult
  ) throws -> ScoreResult {
    let rows = task.rows
    var done = 0
    // Progress is reported on this thread.
    nonisolated(unsafe) let reporter = bench
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "attribute") {
      while done < rows.count {
        let part = Array(rows[done..<min(done + Self.batch, rows.count)])
        let before = done
        try body(try bench.attributionInputs(part, baseline, model)) { share in
          let percent = 100 * (Double(before) + share * Double(part.count)) / Double(rows.count)
          reporter.session.showProgress("attribute %", done: Int(percent), of: 100)
        }
        done += part.count
      }
    } finished: {
      done == 0 ? nil : (.object(result(done)), "\(done) of \(rows.count) rows")
    }
    return result(done)
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
