import Checkpoints
import ExactText
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
      var nodes = SHA256()
      nodes.update(targets.targets.map(\.name).joined(separator: " ").utf8)
      // In the order in which a difference is best told.
      let header: Record = [
        "sweep": Value(Self.version), "kind": .string(targets.kind.rawValue),
        "task": .string(task.task.name), "rows": Value(task.count), "task_hash": .string(try task.identity),
        "nodes": Value(targets.targets.count), "nodes_hash": .string(nodes.finalize()),
        "replacement": .string(replacement.phrase),
        "within": .string(job.masking == .token ? "token" : "l2r"),
      ]
      return bench.identified(header, of: job.model)
    }
  }

  /// Of the format of the file.
  private static let version = 1

  /// A row for each node.
  var form: RowForm<SweepResult.Row> {
    get throws {
      let names = targets.targets.map(\.name)
      let places = NameTable(zip(names, names.indices).map { ($0, $1) }) { first, _ in first }
      return RowForm(
        kind: "sweep", header: try header,
        hashed: ["nodes_hash": "other nodes"], order: Array(names.indices), record: { $1.record },
        row: { record in
          guard let row = SweepResult.Row(saved: record) else { return nil }
          guard let place = places[row.node] else {
            throw ForeignRow(reason: "\(row.node) is not swept here")
          }
          return (place, row)
        })
    }
  }

  /// - Parameter store: gets each row as it is finished; rows it has are not computed again.
  /// - Returns: nil for a share of the rows.
  func run(_ store: RowStore<SweepResult.Row>) throws -> SweepResult? {
    var baseline = store.common.flatMap(OutcomeSummary.init(saved:))
    if !store.isWhole {
      try compute(store, &baseline)
      try store.finish()
    }
    guard !store.isShare else { return nil }
    guard let baseline else { throw RowStoreFault.noCommon(path: store.path ?? "") }
    return result(store.rows, baseline)
  }

  private func compute(_ store: RowStore<SweepResult.Row>, _ baseline: inout OutcomeSummary?) throws {
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "sweep") {
      bench.session.showProgress("sweep \(targets.kind.rawValue)", share: 0)
      let questions = try job.questions(task, 0..<task.count)
      let pending = store.pending
      let sweep = targets.kind == .edges ? sweepEdges : sweepNodes
      try sweep(
        pending, questions,
        {
          baseline = $0
          try store.keep(common: $0.savedRecord)
        },
        { index, summary in
          guard let baseline else { preconditionFailure("a target before the baseline") }
          try store.add(
            index, SweepResult.Row(node: targets.targets[index].name, summary, baseline: baseline))
        })
    } finished: {
      bench.tellKept(store)
      guard let baseline, !store.finished.isEmpty, !store.isShare else { return nil }
      return (.object(result(store.rows, baseline)), store.extent)
    }
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
    _ pending: [Int], _ questions: TaskQuestions, _ base: (OutcomeSummary) throws -> Void,
    _ finished: (_ target: Int, OutcomeSummary) throws -> Void
  ) throws {
    func summary(_ answers: [Outcome]) -> OutcomeSummary { OutcomeSummary(questions.outcomes(answers)) }
    let texts = questions.texts
    let sweep = Sweep(
      evaluator: try job.evaluator, probes: questions.probes,
      targets: sweepTargets(pending),
      value: { node, probe in replacement.value(of: node, inText: texts[probe]) })
    try sweep.run(
      base: { try base(summary($0)) }, finished: { try finished(pending[$0], summary($1)) },
      progress: { bench.session.showProgress("sweep \(targets.kind.rawValue)", share: $0) })
  }
}
