import Attribution
import Transformers
import Language

extension Bench {
  /// What the attribution engine needs of a text and the session's quantity of interest.
  func attributionInput(
    _ text: EncodedText, _ quantity: QuantityText, _ baseline: BaselineText, _ model: LoadedModel
  ) throws -> AttributionInput {
    let resolved = try QuantityParser.resolve(quantity.source, model: model)
    let target = resolved.readsLabels ? text.classifiedPosition : try text.target(position: quantity.position)
    return AttributionInput(
      ids: text.encoding.ids, types: text.encoding.types, target: target, quantity: resolved,
      baseline: try baseline.resolve(model, text), interventions: try interventions(for: text, model))
  }

  /// The same of rows of a task, each with its own quantity.
  func attributionInputs(
    _ rows: some Collection<PreparedRow>, _ baseline: BaselineText, _ model: LoadedModel
  ) throws -> [AttributionInput] {
    try zip(rows, try interventions(for: rows.map(\.text), model)).map { row, interventions in
      AttributionInput(
        ids: row.ids, types: row.types, target: row.target, quantity: row.quantity,
        baseline: try baseline.resolve(model, row.text), interventions: interventions)
    }
  }

  func requireQuantity() throws -> QuantityText {
    guard let quantity = state.quantity else { throw QuantityFault.noQuantity }
    return quantity
  }
}
