import Attribution
import Faults
import Results

/// Finds the patterns of one sentence or of a task's rows.
struct PatternJob {
  let model: LoadedModel
  /// One for all batches: it keeps its working memory.
  let attributor: Attributor
  let baseline: BaselineText
  let options: AttributionOptions
  let interpreter: Interpreter

  private typealias Input = (text: EncodedText, quantity: String, input: AttributionInput)

  /// Sentences that go through the network together: enough for full matrix products, few enough to stop soon.
  private static let batch = 8

  func run(_ text: EncodedText, _ quantity: QuantityText) throws -> PatternSet {
    let input = try interpreter.attributionInput(text, quantity, baseline, model)
    return set(try sentences([(text, quantity.description, input)]), taskName: "", requested: 1)
  }

  /// Interrupted in the shell, it keeps the sentences that are done.
  func run(_ task: PreparedTask) throws -> PatternSet {
    let prepared = try task.rows.map { row -> Input in
      let input = try interpreter.attributionInput(
        row.text, target: row.target, row.quantity, baseline, model)
      return (row.text, row.quantityName, input)
    }
    var done: [PatternSet.Sentence] = []
    do {
      for start in stride(from: 0, to: prepared.count, by: Self.batch) {
        interpreter.showProgress("patterns", done: start, of: prepared.count)
        done += try sentences(Array(prepared[start..<min(start + Self.batch, prepared.count)]))
      }
    } catch is Interrupted where !done.isEmpty && interpreter.acceptsPartialResults {
      interpreter.clearProgress()
      interpreter.note("interrupted: \(done.count) of \(prepared.count) sentences are kept")
    }
    interpreter.clearProgress()
    return set(done, taskName: task.task.name, requested: prepared.count)
  }

  private func sentences(_ prepared: [Input]) throws -> [PatternSet.Sentence] {
    let results = try attributor.patterns(
      prepared.map(\.input), options: options, check: interpreter.checkInterruption)
    return zip(prepared, results).map {
      PatternSet.Sentence(tokens: $0.text.encoding.tokens, patterns: $1, quantity: $0.quantity)
    }
  }

  private func set(_ sentences: [PatternSet.Sentence], taskName: String, requested: Int) -> PatternSet {
    PatternSet(
      sentences: sentences, modelName: model.name, baseline: baseline.description, taskName: taskName,
      requested: requested, interventions: Array(interpreter.interventionsInUse))
  }
}
