import ExactText
import Scripting

/// What `--check` finds out while it goes through a script without computing.
///
/// Commands run as ever, but the domain's computations are only counted. A result of one is then an
/// ``UnknownValue`` of the same form, and what is made of it as well. So every command is checked and counted, also
/// one that knows nothing of checking.
package final class DryRun {
  private(set) var diagnostics: [Diagnostic] = []
  /// The commands that compute with what the session is about, so far.
  var entries: [WorkEntry] = []
  /// Of each function, in one call.
  var functionEntries: NameTable<[WorkEntry]> = [:]
  /// Whether a statement of the loop or function that is checked may have left it.
  var mayLeave = false
  /// How often something unknown was used or made: an expression in which that happens is unknown itself.
  package var uses = 0
  /// What the session is about, as far as nobody knows: a text that is computed, a model that is not there.
  private(set) var uncertain: Set<StateKey> = []
  /// Files that the script would have written by now.
  var writtenFiles: Set<Name> = []
  /// Whether a script that cannot be read yet may have given names to anything.
  private(set) var hidesNames = false
  /// What was read of the session since the last command began.
  private var reads = StatementLog()
  /// What the statements around have written, outermost first.
  private var written: [Set<StateKey>] = []
  private var reported: Set<Name> = []
  /// What each function writes of the session; empty while it is being checked.
  var functions: NameTable<Set<StateKey>> = [:]
  /// Functions whose body has a `return` with a value.
  var returning: Set<Name> = []
  /// The function that is being checked.
  var currentFunction: String?
  /// Above 0 in the body of a `try`, where faults are expected.
  var silences = 0
  /// Whether what is checked stands for other turns of a loop too: its conditions may differ there.
  private(set) var isInLoop = false

  /// Whether the script would have written the file by now.
  package func hasWritten(_ path: String) -> Bool { writtenFiles.contains(AbsolutePath.of(path)) }

  func inLoop<R>(_ body: () throws -> R) rethrows -> R { try with(isInLoop: true, body) }

  func outsideLoops<R>(_ body: () throws -> R) rethrows -> R { try with(isInLoop: false, body) }

  private func with<R>(isInLoop: Bool, _ body: () throws -> R) rethrows -> R {
    let before = self.isInLoop
    defer { self.isInLoop = before }
    self.isInLoop = isInLoop
    return try body()
  }

  /// The same fault in a later turn of a loop is no news.
  func report(_ diagnostic: Diagnostic) {
    if silences == 0, reported.insert(diagnostic.rendered()).inserted { diagnostics.append(diagnostic) }
  }

  /// What `body` writes of the session of `interpreter`.
  func written(in interpreter: Interpreter, _ body: () throws -> Void) rethrows -> Set<StateKey> {
    begin(interpreter)
    written.append([])
    defer { begin(interpreter) }
    try body()
    return written.removeLast().union(interpreter.session.writtenKeys)
  }

  /// Adds what was written so far to all that wait for it.
  private func begin(_ interpreter: Interpreter) {
    for index in written.indices { written[index].formUnion(interpreter.session.writtenKeys) }
    reads = StatementLog()
    interpreter.session.begin(reads)
  }

  /// Nobody knows `key` from here on.
  func lose(_ key: StateKey, in interpreter: Interpreter) {
    uncertain.insert(key)
    // What was written before counts as read again.
    begin(interpreter)
  }

  /// Anything may have happened.
  func loseEverything(in interpreter: Interpreter) {
    hidesNames = true
    loseContexts(in: interpreter)
  }

  func loseContexts(in interpreter: Interpreter) {
    for key in type(of: interpreter.session.state).contexts { lose(key, in: interpreter) }
  }

  /// Whether a call of a function of the script neither changes what `with` takes nor returns a value.
  func givesNothing(_ function: String, changing changesKey: StateKey) -> Bool {
    guard let written = functions[function], !hidesNames else { return false }
    return !written.contains(changesKey) && !returning.contains(function)
  }

  func learn(_ key: StateKey) { uncertain.remove(key) }

  /// The session is a fresh one.
  func learnAll() {
    uncertain = []
    hidesNames = false
  }

  /// Runs `body`, unless it reads what nobody knows.
  ///
  /// - Throws: ``ComputationSkipped`` then; else what `body` throws.
  func certainly<R>(but context: StateKey?, in interpreter: Interpreter, _ body: () throws -> R) throws -> R {
    let others = uncertain.subtracting([context].compactMap(\.self))
    guard !others.isEmpty else { return try body() }
    begin(interpreter)
    let reads = reads
    let result = Result { try body() }
    let unknown = others.intersection(reads.reads)
    guard unknown.isEmpty else {
      let isWorkKnown =
        (try? result.get()) != nil && unknown.isDisjoint(with: type(of: interpreter.session.state).workKeys)
      throw ComputationSkipped(isWorkKnown: isWorkKnown)
    }
    return try result.get()
  }
}

/// Thrown where the result of a computation would be needed.
package struct ComputationSkipped: Error {
  /// Whether what was computed up to here is all that a run computes.
  var isWorkKnown = false

  package init(isWorkKnown: Bool = false) { self.isWorkKnown = isWorkKnown }
}
