import Results

/// Everything a command can change. A value: a failed command restores the copy made before it.
package struct Session: Sendable {
  /// Loaded models by name, in the order they were loaded.
  package internal(set) var models = WatchedTable<LoadedModel>(.models)
  @Watched(.currentModel) package internal(set) var currentModel: String? = nil
  @Watched(.text) package internal(set) var text: SentenceText? = nil
  @Watched(.quantity) package internal(set) var quantity: QuantityText? = nil
  @Watched(.baseline) package internal(set) var baseline = BaselineText.standard
  @Watched(.interventions) package internal(set) var interventions = ActiveInterventions()
  package internal(set) var variables = Variables()
  /// `_`: the last result.
  @Watched(.last) var last: Value? = nil
  /// What `last` was computed under.
  @Watched(.last) var lastInterventions: [String] = []
  /// `ARGV`.
  @Watched(.arguments) private(set) var scriptArguments: [String] = []
  package internal(set) var settings = Settings()
  var output: OutputFile?
  /// Where the next result goes (`once`).
  var onceOutput: String?

  package init(scriptArguments: [String] = []) {
    _scriptArguments = Watched(wrappedValue: scriptArguments, .arguments)
  }

  /// Whether `output` has opened a file that is not completed yet.
  package var sendsResultsToFile: Bool { output != nil }

  package var model: LoadedModel? { currentModel.flatMap { models[$0] } }

  func requireModel() throws -> LoadedModel {
    guard let model else { throw ModelFault.noModel }
    return model
  }
}

// MARK: Dependences
extension Session {
  /// A statement begins, whose reads go to `log`.
  mutating func begin(_ log: StatementLog) {
    models.begin(log)
    _currentModel.begin(log)
    _text.begin(log)
    _quantity.begin(log)
    _baseline.begin(log)
    _interventions.begin(log)
    variables.begin(log)
    _last.begin(log)
    _lastInterventions.begin(log)
    _scriptArguments.begin(log)
    settings.begin(log)
  }

  /// What is done to the network is as in `before` again, as if nothing had changed it.
  mutating func restoreInterventions(from before: Session) { _interventions = before._interventions }

  /// What the statement that runs has written.
  var writtenKeys: Set<StateKey> {
    let parts: [any WatchedPart] = [
      models, _currentModel, _text, _quantity, _baseline, _interventions, variables, _last,
      _lastInterventions, _scriptArguments,
      settings,
    ]
    return parts.reduce(into: []) { $0.formUnion($1.writtenKeys) }
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
