import OrderedCollections
import Results

/// Everything a command can change. A value: a failed command restores the copy made before it.
package struct Session: Sendable {
  /// Loaded models by name, in the order they were loaded.
  package internal(set) var models: OrderedDictionary<String, LoadedModel> = [:]
  package internal(set) var currentModel: String?
  package internal(set) var text: SentenceText?
  package internal(set) var quantity: QuantityText?
  package internal(set) var baseline = BaselineText.standard
  package internal(set) var interventions = ActiveInterventions()
  package internal(set) var variables = Variables()
  /// `_`: the last result.
  var last: Value?
  /// What `last` was computed under.
  var lastInterventions: [String] = []
  /// `ARGV`.
  let scriptArguments: [String]
  var settings = Settings()
  var output: OutputFile?
  /// Where the next result goes (`once`).
  var onceOutput: String?

  package init(scriptArguments: [String] = []) { self.scriptArguments = scriptArguments }

  package var model: LoadedModel? { currentModel.flatMap { models[$0] } }

  func requireModel() throws -> LoadedModel {
    guard let model else { throw ShellFault.noModel }
    return model
  }
}

/// The sentence (or pair) that commands work on, as it was typed.
package struct SentenceText: Sendable, Equatable {
  package let text: String
  package let pair: String?
}

/// The quantity of interest as it was typed; resolved against the model that is current when used.
package struct QuantityText: Sendable, Equatable {
  package let source: String
  package let position: Int?
}
