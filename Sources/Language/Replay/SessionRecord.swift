/// What an interpreter keeps of the statements it has run at the top level.
struct SessionRecord {
  /// With the settings that a fresh session begins with.
  let initialSettings: Settings
  var journal = Journal()
  /// Every statement, also those that failed.
  var history: [String] = []
  /// Those that succeeded and are worth recording.
  var succeeded: [String] = []
  var recording: Recording?
  var undo = UndoHistory()
  /// Of the statement that runs; nil between statements.
  var log: StatementLog?
  /// What the statement has shown so far, as expectations state it; nil when nobody asks.
  var shown: String?
  /// Called after each statement that succeeded, with what it has shown.
  var afterStatement: ((_ shown: String) throws -> Void)?
  /// Whether statements are run to compare their results: these go nowhere but to ``shown``, and nothing that an earlier
  /// run has computed stands in for them.
  var isVerifying = false

  init(initialSettings: Settings) { self.initialSettings = initialSettings }
}
