import Faults
import Language
import Measurement

/// The rows of a task that is scored as text, minimal pairs or single sentences, in a model's tokens.
struct PreparedSentences: Sendable {
  struct Row: Sendable {
    /// The acceptable sentence, then the other one; or a single sentence.
    let sentences: [EncodedText]
    let caseName: String
    /// In the task's file, from 1.
    let line: Int
  }

  let task: MeasurementTask
  /// In the order of the file; at least one.
  let rows: [Row]
  /// Rows the model cannot take, since a sentence has too many tokens or none.
  let badRows: [BadRow]

  /// Parameters and faults as for ``PreparedTask``; the task must hold pairs or text, the model a masked-LM head.
  init(
    _ task: MeasurementTask, model: LoadedModel, rows limit: Int? = nil, strict: Bool = false,
    needsCounterfactuals: Bool = false, check: InterruptionCheck = {}
  ) throws {
    guard task.kind == .pairs || task.kind == .text else {
      throw TaskUseFault.notScored(task: task.name, kind: task.kind)
    }
    try model.requireLanguageHead(for: task)
    self.task = task
    (rows, badRows) = try task.prepared(limit: limit, strict: strict, check: check) { row in
      Row(
        sentences: try row.sentences.map {
          try Self.encoded($0, row.counterfactual, model, needsCounterfactuals)
        }, caseName: row.caseName, line: row.line)
    }
  }

  private init(_ task: MeasurementTask, rows: [Row], badRows: [BadRow]) {
    (self.task, self.rows, self.badRows) = (task, rows, badRows)
  }

  /// Some of the rows.
  func selecting(_ numbers: [Int]) -> PreparedSentences {
    PreparedSentences(task, rows: numbers.map { rows[$0] }, badRows: [])
  }

  /// The counterfactuals in the sentences' place.
  func exchanged(_ model: LoadedModel) throws -> PreparedSentences {
    let exchanged = try rows.map { row in
      Row(
        sentences: try row.sentences.map { try $0.exchanged(model) }, caseName: row.caseName,
        line: row.line)
    }
    return PreparedSentences(task, rows: exchanged, badRows: badRows)
  }

  private static func encoded(
    _ sentence: String, _ counterfactual: String?, _ model: LoadedModel, _ needsCounterfactual: Bool
  ) throws -> EncodedText {
    let text = try EncodedText.ofRow(
      sentence, beside: counterfactual, model, keepsWithoutFit: false,
      needsCounterfactual: needsCounterfactual)
    guard text.encoding.isSpecial.contains(false) else { throw TaskUseFault.noTokens(sentence) }
    return text
  }
}
