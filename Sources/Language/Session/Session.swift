import Results

/// Everything a command can change. A value: a failed command restores the copy made before it.
package struct Session: Sendable {
  /// What it is about.
  package internal(set) var state: any DomainState
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
  var onceOutput: OnceOutput?

  package init(_ state: any DomainState, scriptArguments: [String] = []) {
    self.state = state
    _scriptArguments = Watched(wrappedValue: scriptArguments, .arguments)
  }

  /// Whether `output` has opened a file that is not completed yet.
  package var sendsResultsToFile: Bool { output != nil }

  /// Changes a setting by its name.
  ///
  /// - Throws: ``SettingFault``
  package mutating func set(_ name: String, to value: Value) throws { try settings.set(name, to: value) }
}

// MARK: Dependences
extension Session {
  /// A statement begins, whose reads go to `log`.
  mutating func begin(_ log: StatementLog) {
    state.begin(log)
    variables.begin(log)
    _last.begin(log)
    _lastInterventions.begin(log)
    _scriptArguments.begin(log)
    settings.begin(log)
  }

  /// What the statement that runs has written.
  var writtenKeys: Set<StateKey> {
    let parts: [any WatchedPart] = [
      state, variables, _last, _lastInterventions, _scriptArguments, settings,
    ]
    return parts.reduce(into: []) { $0.formUnion($1.writtenKeys) }
  }
}
