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

  func requireQuantity() throws -> QuantityText {
    guard let quantity = state.quantity else { throw QuantityFault.noQuantity }
    return quantity
  }
}
