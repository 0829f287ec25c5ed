import Language

extension Bench {
  /// Loads a model and makes it current; the session stays as it was when anything is wrong with it.
  @discardableResult
  func load(_ specifier: String, as name: String? = nil, checkingWeights: Bool = false) throws -> LoadedModel
  {
    let model = try LoadedModel(
      specifier: specifier, name: name, checkingWeights: checkingWeights, environment: session.environment)
    state.add(model)
    return model
  }
}
