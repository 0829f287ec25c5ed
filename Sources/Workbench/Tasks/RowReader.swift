import ExactText
import Faults
import Language
import Measurement
import Transformers

/// Makes rows of one task ready for one model.
struct RowReader {
  private let task: MeasurementTask
  private let model: LoadedModel
  private let labels: LabelReading
  /// Of rows that ask for years; nil for other tasks.
  private let years: YearEntries?
  private let needsCounterfactuals: Bool

  /// - Throws: ``TaskUseFault`` for labels that can be two things, ``QuantityFault`` for years that are no entries.
  init(_ task: MeasurementTask, _ model: LoadedModel, needsCounterfactuals: Bool) throws {
    (self.task, self.model, self.needsCounterfactuals) = (task, model, needsCounterfactuals)
    labels = try LabelReading(of: task, model)
    years = task.kind == .greaterThan ? try YearEntries(model) : nil
  }

  /// - Throws: the fault that makes it a bad row.
  func row(_ row: MeasurementTask.Row) throws -> PreparedRow {
    switch row.content {
    case .masked(let sentence, let correct, let wrong): try masked(row, sentence, correct, wrong)
    case .prefix(let text, let correct, let wrong, let answers):
      try prefix(row, text, correct, wrong, answers)
    case .greaterThan(let text, let year): try greaterThan(row, text, year)
    case .labelled(let sentence, let label): try labelled(row, sentence, label)
    case .pair, .text: preconditionFailure("a row without an answer")
    }
  }

  private func masked(
    _ row: MeasurementTask.Row, _ sentence: String, _ correct: String, _ wrong: String
  ) throws -> PreparedRow {
    let question = MaskedSentence(sentence)
    let other = row.counterfactual.map { MaskedSentence($0).text(for: model) }
    let text = try self.text(question.text(for: model), beside: other)
    let quantity = try difference(
      try QuantityParser.tokenID(correct, continuing: question.hasBlank, model: model),
      try QuantityParser.tokenID(wrong, continuing: question.hasBlank, model: model), correct, wrong)
    return prepared(row, text, try text.target(position: nil), quantity, "\(correct) - \(wrong)")
  }

  private func prefix(
    _ row: MeasurementTask.Row, _ prefix: String, _ correct: String, _ wrong: String,
    _ answers: MeasurementTask.Answers
  ) throws -> PreparedRow {
    let text = try self.text(prefix, beside: row.counterfactual)
    let quantity = try difference(
      try answer(correct, answers), try answer(wrong, answers), correct, wrong)
    let name =
      answers == .words ? "\(quoted(correct)) - \(quoted(wrong))" : "id[\(correct)] - id[\(wrong)]"
    return prepared(row, text, text.count - 1, quantity, name)
  }

  private func greaterThan(
    _ row: MeasurementTask.Row, _ prefix: String, _ year: String
  ) throws -> PreparedRow {
    guard let years, let year = Int(year) else { preconditionFailure("a year among other rows") }
    let text = try self.text(prefix, beside: row.counterfactual)
    return prepared(row, text, text.count - 1, years.above(year), YearEntries.name(above: year))
  }

  private func labelled(
    _ row: MeasurementTask.Row, _ sentence: String, _ name: String
  ) throws -> PreparedRow {
    let text = try self.text(sentence, beside: row.counterfactual)
    let (label, classes) = (try labels.index(of: name), model.configuration.labels)
    return prepared(
      row, text, text.classifiedPosition, .margin(of: label, among: classes.count),
      QuantityOfInterest.marginName(of: label, among: classes),
      criteria: QuantityOfInterest.margins(of: label, among: classes.count))
  }

  private func prepared(
    _ row: MeasurementTask.Row, _ text: EncodedText, _ target: Int, _ quantity: QuantityOfInterest,
    _ name: String, criteria: [QuantityOfInterest]? = nil
  ) -> PreparedRow {
    PreparedRow(
      text: text.asked(name), target: target, quantity: quantity, quantityName: name,
      caseName: row.caseName, line: row.line, criteria: criteria ?? [quantity])
  }

  private func text(_ text: String, beside counterfactual: String?) throws -> EncodedText {
    try EncodedText.ofRow(
      text, beside: counterfactual, model, keepsWithoutFit: task.keepsRowsWithoutFit,
      needsCounterfactual: needsCounterfactuals)
  }

  private func answer(_ text: String, _ answers: MeasurementTask.Answers) throws -> Int {
    switch answers {
    case .words: try QuantityParser.tokenID(text, continuing: false, model: model)
    case .ids: try QuantityParser.entry(numbered: text, model: model)
    }
  }

  private func difference(
    _ right: Int, _ other: Int, _ correct: String, _ wrong: String
  ) throws -> QuantityOfInterest {
    guard right != other else { throw TaskUseFault.sameToken(correct, wrong) }
    return QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .token(right)),
      .init(coefficient: -1, readout: .logit, output: .token(other)),
    ])
  }
}

extension EncodedText {
  /// A sentence of a task's row with its counterfactual, which has its mask where the sentence has.
  ///
  /// - Parameters:
  ///   - keepsWithoutFit: A counterfactual of another number of tokens is left out; otherwise it is a fault.
  ///   - needsCounterfactual: A row without one is a fault.
  static func ofRow(
    _ text: String, beside counterfactual: String?, _ model: LoadedModel, keepsWithoutFit: Bool,
    needsCounterfactual: Bool
  ) throws -> EncodedText {
    func encoded(_ counterfactual: String?) throws -> EncodedText {
      let other = counterfactual.map(CounterfactualText.words)
      let encoded = try EncodedText(SentenceText(text: text, counterfactual: other), model: model)
      if encoded.counterfactual != nil, encoded.maskPositions != encoded.counterfactualMasks {
        throw TextFault.counterfactualMasks(
          encoded.maskPositions, counterfactual: encoded.counterfactualMasks)
      }
      if needsCounterfactual { _ = try encoded.requireCounterfactual() }
      return encoded
    }
    do { return try encoded(counterfactual) } catch let fault as TextFault {
      guard fault.isMisfit, keepsWithoutFit, !needsCounterfactual else { throw fault }
      return try encoded(nil)
    }
  }
}

extension TextFault {
  /// Whether a text and its counterfactual are there, and do not fit each other.
  fileprivate var isMisfit: Bool {
    switch self {
    case .counterfactualLength, .counterfactualMasks: true
    default: false
    }
  }
}
