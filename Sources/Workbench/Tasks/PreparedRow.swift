import Transformers
import Measurement

/// A row of a task as a model takes it: what `measure`, `sweep` and `patterns` run.
struct PreparedRow: Sendable {
  /// The sentence in tokens: `ids`, `types`.
  let text: EncodedText
  /// The position the quantity reads: the [MASK], or 0, [CLS], for a label.
  let target: Int
  /// See ``PreparedTask`` for what it is.
  let quantity: QuantityOfInterest
  /// As one would type it after `qoi`.
  let quantityName: String
  let caseName: String
  /// In the task's file, from 1.
  let line: Int
  /// The rule of accuracy: the row is right when all of these are above 0. One, the quantity itself, except for
  /// labels of more than two classes: then the margin to each other label, so that the correct logit is the largest.
  let criteria: [QuantityOfInterest]

  var ids: [Int32] { text.encoding.ids }
  var types: [Int32] { text.encoding.types }
  /// As many as ``ids``; nil where the row has no counterfactual.
  var counterfactualIDs: [Int32]? { text.counterfactual?.ids }

  /// The same question to the counterfactual, beside which the row's text stands.
  func exchanged(_ model: LoadedModel) throws -> PreparedRow {
    PreparedRow(
      text: try text.exchanged(model), target: target, quantity: quantity, quantityName: quantityName,
      caseName: caseName, line: line, criteria: criteria)
  }

  /// The row as a question to the model.
  func probe(_ interventions: Interventions = .none) -> Probe {
    Probe(
      ids: ids, types: types, target: target, quantity: quantity, criteria: criteria,
      interventions: interventions)
  }
}
