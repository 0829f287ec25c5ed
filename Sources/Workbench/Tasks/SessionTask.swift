import Language
import Measurement
import Transformers

extension Bench {
  /// A text and the session's quantity of interest as a row of a task: its tokens, its counterfactual's, target, quantity.
  ///
  /// - Throws: ``QuantityFault/noQuantity``, ``TextFault`` for a text without the quantity's position.
  func sessionRow(_ text: EncodedText, _ model: LoadedModel) throws -> PreparedRow {
    let quantity = try requireQuantity()
    let resolved = try QuantityParser.resolve(quantity.source, model: model)
    let target = resolved.readsLabels ? text.classifiedPosition : try text.target(position: quantity.position)
    return PreparedRow(
      text: text, target: target, quantity: resolved, quantityName: quantity.description, caseName: "",
      line: 1, criteria: [resolved])
  }

  /// The same as a task of one row.
  func sessionTask(_ text: EncodedText, _ model: LoadedModel) throws -> PreparedTask {
    let row = try sessionRow(text, model)
    let name = "the current text"
    let content = MeasurementTask.Row(
      line: 1, caseName: row.quantityName,
      content: .text(text.source.ids.map { "\($0)" } ?? text.source.text + (text.source.pair ?? "")),
      counterfactual: text.counterfactual.map { "\($0.ids)" })
    let task = MeasurementTask(name: name, source: name, kind: .masked, rows: [content])
    return PreparedTask(task, rows: [row])
  }
}
