import Attribution
import Checkpoints
import Transformers
import ExactText
import Faults
import Files
import Language
import Measurement
import Results

/// Runs an experiment on a task's rows.
struct ExperimentJob {
  let kind: ExperimentKind
  let model: LoadedModel
  let task: PreparedTask
  let baseline: BaselineText
  let options: AttributionOptions
  let levels: [PatternLevel]
  let substitutes: [AblationVariant.Substitute]
  let seed: Int
  let samples: Int
  let bins: Int
  /// Those that are known.
  let patterns: PatternSet?
  /// Of the experiment on faithfulness.
  let circuit: CircuitValue?
  /// Of the experiment on cuts.
  let cut: (mode: AttentionCut.Mode, cutsSkips: Bool)
  let arguments: Arguments
  let bench: Bench

  /// Of the format of the file.
  private static let version = 3

  /// nil for a share of the rows.
  func run() throws -> ExperimentResult? {
    switch kind {
    case .accuracy: try run(AccuracyExperiment()) { .accuracy($0, $1) }
    case .concentration: try run(PatternExperiment()) { .concentration($0, $1) }
    case .share: try run(PatternExperiment()) { .share($0, $1) }
    case .skips: try run(PatternExperiment()) { .skips($0, $1) }
    case .entropy: try run(PatternExperiment()) { .entropy($0, levels, bins: bins, $1) }
    case .ablation: try runAblation()
    case .convergence: try runConvergence()
    case .optimality:
      try run(OptimalityExperiment(samples: samples, levels: levels)) { findings, _ in
        .optimality(findings, levels)
      }
    case .faithfulness: try runFaithfulness()
    case .cut:
      try run(CutExperiment(by: cut.mode, samples: samples, cutsSkips: cut.cutsSkips)) { .cut($0, $1) }
    case .attention:
      try run(AttentionExperiment()) { findings, _ in .attention(findings, FlowMethod.general) }
    }
  }

  private func runAblation() throws -> ExperimentResult? {
    let variants = AblationVariant.all(levels: levels, substitutes: substitutes)
    return try run(AblationExperiment(variants: variants)) { findings, _ in
      .ablation(findings, variants)
    }
  }

  private func runFaithfulness() throws -> ExperimentResult? {
    guard let circuit else { preconditionFailure("faithfulness of no circuit") }
    let experiment = FaithfulnessExperiment(circuit.circuit)
    return try run(experiment) { .faithfulness($0, experiment, $1) }
  }

  private func runConvergence() throws -> ExperimentResult? {
    let settings = ConvergenceExperiment.settings(upTo: options.points)
    return try run(ConvergenceExperiment(settings: settings)) { findings, _ in
      .convergence(findings, settings)
    }
  }

  private func run<Kind: Experiment>(
    _ experiment: Kind, report: ([Kind.Found], ReportedRows) -> ExperimentReport
  ) throws -> ExperimentResult? {
    let store: RowStore<Kind.Found> = try bench.store(form(), arguments)
    if !store.pending.isEmpty {
      let context = try context()
      defer { bench.session.clearProgress() }
      try bench.keepingPart(of: "experiment") {
        try experiment.run(
          store.pending, in: context,
          finished: { row, finding in
            try check(finding, of: row)
            try store.add(row, finding)
          },
          progress: {
            bench.session.showProgress("\(kind.rawValue) on \(task.task.name)", done: Double($0), of: $1)
          })
      } finished: {
        bench.tellKept(store)
        guard !store.finished.isEmpty, !store.isShare else { return nil }
        return (.object(result(store.rows, report)), store.extent)
      }
      try store.finish()
    }
    return store.isShare ? nil : result(store.rows, report)
  }

  private func result<Found>(
    _ found: [Found?], _ report: ([Found], ReportedRows) -> ExperimentReport
  ) -> ExperimentResult {
    let finished = found.indices.filter { found[$0] != nil }
    return ExperimentResult(
      kind: kind, taskName: task.task.name, modelName: model.name, rows: finished.count,
      requested: task.rows.count, settings: settings,
      interventions: bench.state.interventions.descriptions(on: model),
      report: report(finished.compactMap { found[$0] }, reportedRows(finished)))
  }

  /// A finding may have a number that is not defined; where the quantity is not finite nothing of it means anything.
  private func check(_ finding: some Finding, of index: Int) throws {
    let isFinite = finding.numbers.fields.allSatisfy { $0.values.allSatisfy(\.isFinite) }
    guard bench.session.dryRun == nil, !isFinite else { return }
    let row = task.rows[index]
    let evaluator = Evaluator(
      model: try model.transformer, memoryBudget: bench.session.workingMemory,
      check: bench.session.checkInterruption)
    let outcomes = try evaluator.outcomes([row.probe(bench.interventions(for: row.text, model))])
    try bench.requireFinite("quantities of row \(row.line) of \(task.task.name)", outcomes.map(\.value))
  }
}

// MARK: Rows

extension ExperimentJob {
  private func context() throws -> ExperimentContext {
    let interventions = try bench.interventions(for: task.rows.map(\.text), model)
    let rows = try zip(task.rows, interventions).map { row, interventions in
      ExperimentRow(
        ids: row.ids, types: row.types, target: row.target, quantity: row.quantity, criteria: row.criteria,
        baseline: try baseline.resolve(model, row.text), interventions: interventions)
    }
    let known = try patterns.map(sentencePatterns) ?? []
    return ExperimentContext(
      model: try model.transformer, rows: rows, options: options, seed: UInt64(seed),
      patterns: Dictionary(uniqueKeysWithValues: zip(known.indices, known)),
      execution: bench.execution, check: bench.session.checkInterruption)
  }

  private func reportedRows(_ finished: [Int]) -> ReportedRows {
    ReportedRows(
      taskName: task.task.name, cases: finished.map { task.rows[$0].caseName }, roles: roles,
      levels: levels, configuration: model.configuration)
  }

  /// Of all rows, so that they do not depend on which are finished.
  private var roles: [String] {
    let tokens = task.rows.map(\.text.encoding.tokens)
    return (0..<(tokens.map(\.count).max() ?? 0)).map { position in
      let own = tokens.compactMap { $0.indices.contains(position) ? $0[position] : nil }
      let counts = own.reduce(into: [:]) { $0[Name($1), default: 0] += 1 }
      guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), 2 * most.value > own.count
      else { return "\(position)" }
      return "\(position) \(most.key)"
    }
  }
}

// MARK: Settings and files

extension ExperimentJob {
  /// What the result depends on beside the model and the task.
  private var settings: Record {
    var settings: Record = [:]
    if kind.usesPath {
      settings["points"] = Value(options.points)
      if kind != .convergence { settings["quadrature"] = .string(options.quadrature.rawValue) }
      settings["baseline"] = .string(baseline.description(model))
    }
    if let circuit {
      settings["circuit"] = .string(String(circuit.summary.dropFirst("circuit ".count)))
      settings["baseline"] = .string(baseline.description(model))
    }
    if kind == .cut {
      settings["by"] = .string(cut.mode.rawValue)
      if cut.cutsSkips { settings["skips"] = "true" }
    } else if kind.options.contains("by") {
      settings["by"] = .string(substitutes.map(\.rawValue).joined(separator: " and "))
    }
    if kind.options.contains("seed") { settings["seed"] = Value(seed) }
    if kind.options.contains("samples") { settings["samples"] = Value(samples) }
    return settings
  }

  private var header: Record {
    var header: Record = [
      "experiment": .string(kind.rawValue), "version": Value(Self.version),
      "model": .string(model.folder.fingerprint), "task": .string(task.task.name),
      "rows": Value(task.rows.count),
      "task_hash": .string(task.identity(readsCounterfactuals: readsCounterfactuals)),
    ]
    header["interventions"] = .strings(bench.state.interventions.descriptions(on: model))
    header.identify(bench.state.interventions, on: model)
    header.merge(settings) { own, _ in own }
    if let circuit {
      var edges = SHA256()
      for edge in circuit.circuit.edges.edges { edges.update("\(edge.name)\n".utf8) }
      for (edge, score) in circuit.circuit.scores.list { edges.update("\(edge.name) \(score)\n".utf8) }
      edges.update(circuit.circuit.selection.rawValue.utf8)
      header["circuit_hash"] = .string(edges.finalize())
      // How it came about: a circuit that was saved and read is the same.
      header["circuit"] = nil
    }
    if kind == .ablation || kind == .optimality {
      header["level"] = .string(levels.map(\.rawValue).joined(separator: " "))
    } else if kind.options.contains("level"), options.level == .feedForward {
      header["searched"] = .string(options.level.rawValue)
    }
    return header
  }

  /// Whether what is found depends on the rows' counterfactuals.
  private var readsCounterfactuals: Bool {
    (kind.usesPath || kind == .faithfulness) && baseline.isCounterfactual
      || bench.interventionsReadCounterfactuals(model)
  }

  private func form<Found: Finding>() -> RowForm<Found> {
    RowForm(
      kind: "experiment", header: header,
      hashed: ["circuit_hash": "another circuit"], order: task.shareOrder, record: record,
      row: { record in
        guard let row = record.row(of: task.rows.count), let finding = Found(numbers: NamedNumbers(record))
        else { return nil }
        return (row, finding)
      })
  }

  private func record(_ row: Int, _ finding: some Finding) -> Record {
    var record: Record = ["row": Value(row), "case": .string(task.rows[row].caseName)]
    for (name, values) in finding.numbers.fields { record[name] = .list(values.map(Value.number)) }
    return record
  }
}

extension NamedNumbers {
  /// The lists of numbers of a record.
  fileprivate init(_ record: Record) {
    self.init(record.keys.compactMap { key in record.savedList(key).map { (key, $0) } })
  }
}
