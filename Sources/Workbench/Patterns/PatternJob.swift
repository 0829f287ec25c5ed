import Attribution
import Faults
import Language
import Results

/// Finds the patterns of one sentence or of a task's rows.
struct PatternJob {
  let model: LoadedModel
  /// One for all batches: it keeps its working memory.
  let attributor: Attributor
  let baseline: BaselineText
  let options: AttributionOptions
  let bench: Bench

  /// Sentences that go through the network together: enough for full matrix products, few enough to stop soon.
  private static let batch = 8

  func run(_ text: EncodedText, _ quantity: QuantityText) throws -> PatternSet {
    let input = try bench.attributionInput(text, quantity, baseline, model)
    return set(try sentences([text], [quantity.description], [input]), taskName: "", requested: 1)
  }

  /// - Parameter store: gets each row as it is finished; rows it has are not computed again.
  /// - Returns: nil for a share of the rows.
  func run(_ task: PreparedTask, _ store: RowStore<PatternSet.Sentence>) throws -> PatternSet? {
    let pending = store.pending
    // Progress is reported on this thread.
    nonisolated(unsafe) let reporter = bench
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "patterns") {
      for start in stride(from: 0, to: pending.count, by: Self.batch) {
        bench.session.showProgress("patterns", done: Double(start), of: pending.count)
        let part = pending[start..<min(start + Self.batch, pending.count)]
        let (total, size) = (pending.count, Double(part.count))
        let found = try sentences(part.map { task.rows[$0] }) {
          reporter.session.showProgress("patterns", done: Double(start) + $0 * size, of: total)
        }
        for (number, sentence) in zip(part, found) { try store.add(number, sentence) }
      }
    } finished: {
      bench.tellKept(store)
      let done = store.rows.compactMap(\.self)
      guard !done.isEmpty, !store.isShare else { return nil }
      return (.object(set(done, of: task)), "\(done.count) of \(task.rows.count) sentences")
    }
    try store.finish()
    return store.isShare ? nil : set(store.rows.compactMap(\.self), of: task)
  }

  /// Rows of a task, each with its patterns, for files.
  func form(_ task: PreparedTask) -> RowForm<PatternSet.Sentence> {
    let readsCounterfactuals = baseline.isCounterfactual || bench.interventionsReadCounterfactuals(model)
    let header: Record = [
      "patterns": 1, "task": .string(task.task.name), "rows": Value(task.rows.count),
      "task_hash": .string(task.identity(readsCounterfactuals: readsCounterfactuals)),
      "points": options.choosesPoints ? "auto" : Value(options.points),
      "quadrature": .string(options.quadrature.rawValue), "baseline": .string(baseline.description(model)),
      "level": .string(options.level.rawValue), "keep": Value(options.kept), "beam": Value(options.beam),
      "words": options.words.map { .list($0.map { Value($0) }) } ?? "all",
    ]
    return RowForm(
      kind: "patterns", header: bench.identified(header, of: model), order: task.shareOrder,
      record: { Record(row: $0, set([$1], of: task).fields) },
      row: { record in
        guard let number = record.row(of: task.rows.count),
          let sentence = PatternSet(saved: .record(record))?.sentences.first
        else { return nil }
        return (number, sentence)
      })
  }

  private func sentences(
    _ rows: [PreparedRow], progress: @escaping ProgressReport
  ) throws -> [PatternSet.Sentence] {
    let inputs = try bench.attributionInputs(rows, baseline, model)
    return try sentences(rows.map(\.text), rows.map(\.quantityName), inputs, progress)
  }

  private func sentences(
    _ texts: [EncodedText], _ quantities: [String], _ inputs: [AttributionInput],
    _ progress: @escaping ProgressReport = { _ in }
  ) throws -> [PatternSet.Sentence] {
    let results = try attributor.patterns(
      inputs, options: options, check: bench.session.checkInterruption, progress: progress)
    // Which path is best of NaN nobody can say.
    try bench.requireFinite("influences", results.flatMap(\.influences))
    return texts.indices.map {
      PatternSet.Sentence(
        tokens: texts[$0].encoding.tokens, patterns: results[$0], quantity: quantities[$0],
        counterfactual: baseline.isCounterfactual ? texts[$0].counterfactual?.tokens : nil)
    }
  }

  private func set(_ sentences: [PatternSet.Sentence], of task: PreparedTask) -> PatternSet {
    set(sentences, taskName: task.task.name, requested: task.rows.count)
  }

  private func set(_ sentences: [PatternSet.Sentence], taskName: String, requested: Int) -> PatternSet {
    PatternSet(
      sentences: sentences, modelName: model.name, baseline: baseline.description(model), taskName: taskName,
      requested: requested, interventions: bench.state.interventions.descriptions(on: model),
      search: PatternSearch(options, model, interventions: bench.state.interventions),
      isCausal: model.configuration.isCausal)
  }
}

extension SentencePatterns {
  /// All that the patterns were chosen by, as far as it is kept.
  fileprivate var influences: [Double] {
    [inputs.quantity, inputs.quantityAtBaseline] + inputs.influence + words.map(\.embedding.influence)
      + words.compactMap(\.attention?.influence) + words.compactMap(\.feedForward?.influence)
  }
}
