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

  func run(_ task: PreparedTask) throws -> PatternSet {
    let rows = task.rows
    var done: [PatternSet.Sentence] = []
    defer { bench.session.clearProgress() }
    try bench.keepingPart(of: "patterns") {
      for start in stride(from: 0, to: rows.count, by: Self.batch) {
        bench.session.showProgress("patterns", done: start, of: rows.count)
        done += try sentences(rows[start..<min(start + Self.batch, rows.count)])
      }
    } finished: {
      done.isEmpty ? nil : (.object(set(done, of: task)), "\(done.count) of \(rows.count) sentences")
    }
    return set(done, of: task)
  }

  private func sentences(_ rows: ArraySlice<PreparedRow>) throws -> [PatternSet.Sentence] {
    let inputs = try bench.attributionInputs(rows, baseline, model)
    return try sentences(rows.map(\.text), rows.map(\.quantityName), inputs)
  }

  private func sentences(
    _ texts: [EncodedText], _ quantities: [String], _ inputs: [AttributionInput]
  ) throws -> [PatternSet.Sentence] {
    let results = try attributor.patterns(inputs, options: options, check: bench.session.checkInterruption)
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
