import ExactText
import Faults
import Scripting

/// What `undo` can take back: the last statements at the top level that changed the session, each with the session before it.
struct UndoHistory {
  struct Change {
    /// As it was written.
    let text: String
    /// In the journal.
    let entry: Int
    let before: Session
    /// What it and the statements behind it, which changed nothing of the session, have done to files.
    var files: NameList = []
  }

  private(set) var changes: [Change] = []
  /// Whether any are kept: at the prompt, and in scripts that say `undo`. They hold what variables held.
  var isKept = false

  private static let most = 100

  mutating func add(_ change: Change) {
    changes.append(change)
    if changes.count > Self.most { changes.removeFirst() }
  }

  mutating func note(files: some Sequence<String>) {
    if !changes.isEmpty { changes[changes.count - 1].files.append(contentsOf: files) }
  }

  mutating func takeLast() -> Change? { changes.popLast() }

  /// Nothing before is taken back any more.
  mutating func forget() { changes = [] }
}

extension Statement {
  var isUndo: Bool { if case .command(let call) = kind { call.callee.name == "undo" } else { false } }
}

extension Interpreter {
  /// Keeps what a statement has changed; `_` alone is no change.
  ///
  /// - Parameter entry: of the statement in the journal.
  func keepForUndo(_ text: String, _ log: StatementLog, entry: Int, before: Session) {
    if log.hasReset { return record.undo.forget() }
    guard log.takesBack == nil else { return }
    if !session.writtenKeys.subtracting([.last]).isEmpty {
      record.undo.add(.init(text: text, entry: entry, before: before))
    }
    record.undo.note(files: log.writtenFiles.union(log.resultFiles).map(\.text))
    // Old values take no room that new ones need.
    if let memory, memory.held > session.settings.maxMemory / 8 { record.undo.forget() }
  }

  /// Takes back the last change of the session: all but `_`, the recording and where results go.
  func takeBack() throws -> UndoHistory.Change {
    guard let log = record.log, log.isUndo else { throw ReplayFault.undoInside }
    guard sharing?.shard == nil else { throw ReplayFault.undoInShare }
    guard let change = record.undo.takeLast() else { throw ReplayFault.nothingToTakeBack }
    withoutDependences {
      let now = session
      session = change.before
      (session.last, session.lastInterventions) = (now.last, now.lastInterventions)
      (session.output, session.onceOutput) = (now.output, now.onceOutput)
    }
    session.begin(log)
    log.takesBack = change.entry
    return change
  }
}
