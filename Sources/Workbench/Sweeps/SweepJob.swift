import Checkpoints
import Transformers
import Faults
import Files
import Language
import Measurement
import Rendering
import Results

/// Replaces one node after another and measures a task each time.
struct SweepJob {
  let job: MeasureJob
  let task: MeasuredTask
  let targets: SweepTargets
  let replacement: SweepReplacement
  /// Of attention edges.
  var cut: AttentionCut.Mode = .zero

  var bench: Bench { job.bench }

  /// What makes this sweep another than others, for the header of its file.
  var header: Record {
    get throws {
      var hash = SHA256()
      for row in task.task.rows { hash.update(try JSONText.string(.record(row.fields)).utf8) }
      hash.update((task.task.labelMeaning?.rawValue ?? "").utf8)
      var nodes = SHA256()
      nodes.update(targets.targets.map(\.name).joined(separator: " ").utf8)
      // In the order in which a difference is best told.
      var header: Record = [
        "sweep": Value(SweepFile.version), "kind": .string(targets.kind.rawValue),
        "task": .string(task.task.name), "rows": Value(task.count), "task_hash": .string(hash.finalize()),
        "nodes": Value(targets.targets.count), "nodes_hash": .string(nodes.finalize()),
        "replacement": .string(replacement.phrase),
        "within": .string(job.masking == .token ? "token" : "l2r"),
        "interventions": .strings(job.interventions),
      ]
      header.identify(bench.state.interventions, on: job.model)
      header["model"] = .string(job.model.folder.fingerprint)
      return header
    }
  }

  /// - Parameter file: gets each row as it is finished; rows it has are not computed again.
  func run(file: SweepFile?) throws -> SweepResult {
    var rows = targets.targets.map { file?.rows[$0.name] }
    var baseline: OutcomeSummary?
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "sweep") {
      let questions = try job.questions(task, 0..<task.count)
      let pending = rows.indices.filter { rows[$0] == nil }
      let sweep = targets.kind == .edges ? sweepEdges : sweepNodes
      try sweep(
        pending, questions, { baseline = $0 },
        { index, summary in
          guard let baseline else { preconditionFailure("a target before the baseline") }
          let row = SweepResult.Row(node: targets.targets[index].name, summary, baseline: baseline)
          try file?.append(row)
          rows[index] = row
        })
    } finished: {
      let extent = "\(rows.count { $0 != nil }) of \(rows.count) rows"
      if let file { bench.tellKept(extent, in: file.path) }
      guard let baseline, rows.contains(where: { $0 != nil }) else { return nil }
      return (.object(result(rows, baseline)), extent)
    }
    guard let baseline else { preconditionFailure("a sweep without a baseline") }
    return result(rows, baseline)
  }

  private func result(_ rows: [SweepResult.Row?], _ baseline: OutcomeSummary) -> SweepResult {
    SweepResult(
      taskName: task.task.name, modelName: job.model.name, replacement: replacement.phrase,
      isDenoising: replacement.direction == .denoise, targets: targets,
      baseline: baseline, rows: rows, interventions: job.interventions)
  }

  private func sweepTargets(_ pending: [Int]) -> [Sweep.Target] {
    guard targets.kind == .attentionEdges else {
      let nodes = targets.nodes
      return pending.map { Sweep.Target([nodes[$0]]) }
    }
    let edges = targets.attentionEdges
    return pending.map { Sweep.Target([], cuts: [AttentionCut(edges[$0], by: cut)]) }
  }

  private func sweepNodes(
    _ pending: [Int], _ questions: TaskQuestions, _ base: (OutcomeSummary) -> Void,
    _ finished: (_ target: Int, OutcomeSummary) throws -> Void
  ) throws {
    func summary(_ answers: [Outcome]) -> OutcomeSummary { OutcomeSummary(questions.outcomes(answers)) }
    let texts = questions.texts
    let sweep = Sweep(
      evaluator: try job.evaluator, probes: questions.probes,
      targets: sweepTargets(pending),
      value: { node, probe in replacement.value(of: node, inText: texts[probe]) })
    try sweep.run(
      base: { base(summary($0)) }, finished: { try finished(pending[$0], summary($1)) },
      progress: { bench.session.showProgress("sweep \(targets.kind.rawValue)", share: $0) })
  }
}
