import ExactText
import Scripting

/// What `--check` finds out while it goes through a script without computing.
///
/// A check is an abstract interpretation. Statements run as ever, loops turn by turn and functions with their
/// arguments, as long as conditions are known; only the domain's computations are counted instead of done. A result
/// of one is an ``UnknownValue`` of the same form, and so is what is made of it. Where something unknown decides how
/// the script goes on, each way is followed from the same ``World``, and where ways meet, what they agree on stays
/// known: see ``Interpreter/fork(_:)``.
///
/// A fault is reported where it would happen whenever the statement is reached, on a way that nothing known excludes.
/// So what stands behind `quit`, `break`, `continue` or `return`, in a branch that is not taken or in the handler of
/// a body that cannot fail is not judged; and a script in which nothing unknown decides is refused only when its run
/// fails. What a check cannot know: numbers that the network computes, contents of files, what lies behind
/// ``mostSteps``. Functions that nothing calls are judged with warnings, since no run fails because of them; so are
/// handlers of bodies in which something unknown is used, since hardly any run gets to them.
package final class DryRun {
  private(set) var diagnostics: [Diagnostic] = []
  /// What is wrong where hardly any run gets to.
  private(set) var warnings: [Diagnostic] = []
  /// The commands that compute with what the session is about, so far.
  var entries: [WorkEntry] = []
  /// How often something unknown was used or made: an expression in which that happens is unknown itself.
  package var uses = 0
  /// Files that the script would have written by now, on some way.
  private var writtenFiles: Set<Name> = []

  // MARK: Knowledge

  /// Those of the way that is followed.
  var facts = Facts()
  private var age = 0
  /// How often a part of the session was lost.
  private(set) var losses = 0
  /// What was read of the session since the last command began.
  private var reads = StatementLog()

  // MARK: Ways

  /// Of the loops around, innermost last.
  var loops: [LoopExits] = []
  /// Of the calls around, innermost last.
  var calls: [CallExits] = []
  /// Ways that have left what is checked, while others go on in it.
  var pending = 0
  /// Ways around that may not be taken.
  var forks = 0
  /// Statements around, the one that is checked included.
  var depth = 0
  /// Bodies of `try` around: a fault there is no finding, but goes on to the handler.
  var tries = 0
  /// Whether a statement of the body of a `try` may have failed in a run, without a certain fault.
  var mayFail = false
  /// Functions that were called.
  var called: Set<Name> = []
  /// Functions that run the network, as far as they were checked.
  var computing: Set<Name> = []
  private var reported: Set<Finding> = []

  // MARK: The bound on the work

  /// Steps that a statement at the top level may take: expressions, and for a command that runs the network 100.
  static let mostSteps = 100_000
  /// Of the statement at the top level that is checked.
  private(set) var steps = 0

  /// Whether the bound is reached: loops and calls are not followed any more, and nothing is claimed.
  var isExhausted: Bool { steps > Self.mostSteps }

  func step(_ count: Int = 1) { steps += count }

  /// Gives what follows the whole of ``mostSteps``.
  func beginAnew() { steps = 0 }

  /// A statement begins; each in a straight line has the whole of ``mostSteps``.
  func beginStatement() {
    if loops.isEmpty, calls.isEmpty, forks == 0, tries == 0 { beginAnew() }
    step()
  }

  /// How much is undecided of whether what is checked is reached.
  var doubt: Int { forks + pending }

  /// Whether a call is followed: not that of a function of itself which something unknown must end.
  func follows(_ function: String) -> Bool {
    !isExhausted && (calls.last { $0.function == function }.map { $0.doubt == doubt } ?? true)
  }

  // MARK: Files

  /// Whether the script would have written the file by now.
  package func hasWritten(_ path: String) -> Bool { writtenFiles.contains(Name(AbsolutePath.of(path))) }

  package func noteWritten(_ path: String) { writtenFiles.insert(Name(AbsolutePath.of(path))) }

  // MARK: Findings

  /// The same fault in a later turn of a loop is no news.
  func report(_ diagnostic: Diagnostic) {
    if !isExhausted, reported.insert(Finding(diagnostic)).inserted { diagnostics.append(diagnostic) }
  }

  /// A fault at its place, whatever the values that it names.
  private struct Finding: Hashable {
    private let code: Name
    private let place: Name?
    private let range: Range<Int>?

    init(_ diagnostic: Diagnostic) {
      (code, place) = (Name(diagnostic.code), diagnostic.span?.place.map { Name($0) })
      range = diagnostic.span?.range
    }
  }

  /// Runs `body`, whose findings are warnings.
  func warning<R>(_ body: () throws -> R) rethrows -> R {
    let count = diagnostics.count
    defer {
      // Elsewhere the same may be a fault of a run.
      for found in diagnostics[count...] { reported.remove(Finding(found)) }
      warnings += diagnostics[count...].map(\.asWarning)
      diagnostics.removeLast(diagnostics.count - count)
    }
    return try body()
  }

  // MARK: Knowledge of the session

  /// What was written so far gets its age, and what was written before counts as read again.
  func mark(_ interpreter: Interpreter) {
    age += 1
    for key in interpreter.session.writtenKeys { facts.ages[key] = age }
    reads = StatementLog()
    interpreter.session.begin(reads)
  }

  /// Nobody knows `key` from here on.
  func lose(_ key: StateKey, in interpreter: Interpreter) {
    facts.uncertain.insert(key)
    losses += 1
    mark(interpreter)
    age += 1
    facts.ages[key] = age
  }

  /// Anything may have happened.
  func loseEverything(in interpreter: Interpreter) {
    facts.hidesNames = true
    loseContexts(in: interpreter)
    for name in SettingList.all.map(\.name) { lose(.setting(name), in: interpreter) }
    interpreter.forgetValues()
    (interpreter.session.onceOutput, facts.isRecording) = (nil, nil)
    // It may have been `quit`.
    pending += 1
  }

  func loseContexts(in interpreter: Interpreter) {
    for key in type(of: interpreter.session.state).contexts { lose(key, in: interpreter) }
  }

  func learn(_ key: StateKey) { facts.uncertain.remove(key) }

  /// The session is a fresh one.
  func learnAll() {
    facts.uncertain = []
    facts.hidesNames = false
  }

  /// Runs `body`, unless it reads what nobody knows.
  ///
  /// - Throws: ``ComputationSkipped`` then; else what `body` throws.
  func certainly<R>(but context: StateKey?, in interpreter: Interpreter, _ body: () throws -> R) throws -> R {
    let others = facts.uncertain.subtracting([context].compactMap(\.self))
    guard !others.isEmpty else { return try body() }
    mark(interpreter)
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
