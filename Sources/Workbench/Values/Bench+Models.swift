import Language
import Scripting

extension Bench {
  /// Loads a model and makes it current; the session stays as it was when anything is wrong with it.
  ///
  /// The model whose name it takes is freed before the weights are read: in memory is one of them at a time.
  @discardableResult
  func load(
    _ specifier: String, as name: String? = nil, checkingWeights: Bool = false, at span: Span? = nil
  ) throws -> LoadedModel {
    let model = try LoadedModel(
      specifier: specifier, name: name, checkingWeights: checkingWeights, environment: session.environment
    ) { name in
      // Nothing is read of it.
      session.withoutDependences { state.models[name] }?.freeWeights()
    }
    for notice in try model.notices() { session.warn(notice.diagnostic(of: model, at: span)) }
    state.add(model)
    return model
  }
}
