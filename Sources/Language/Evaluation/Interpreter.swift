import ExactText
import Faults
import Rendering
import Results
import Scripting

/// Runs scripts against a session.
///
/// Statements run in order; every command either succeeds or leaves the session as it was before it.
package final class Interpreter {
  package internal(set) var session: Session
  package let registry: CommandRegistry
  let domain: any Domain
  package let environment: [String: String]
  let console: Console
  /// Throws ``Interrupted`` when the user asked to stop.
  package let checkInterruption: InterruptionCheck
  /// Set while a script is checked instead of run.
  package internal(set) var dryRun: DryRun?
  /// Print each command before its result (`--echo`).
  package var echoes = false
  /// How rows are divided among jobs (`--shard`, `--gather`).
  package var sharing: Sharing?
  /// Of the scripts that run, where rows are divided among jobs.
  var shardPlan: ShardPlan?
  /// What a gathering has found to be missing.
  var missingShares: (shares: MissingShares, span: Span?)?
  /// Statements that a share has skipped.
  var skippedPlaces: Set<Name> = []
  /// Sources being run, outermost first, to find cycles.
  var openSources: [String] = []
  /// What the last statement asks of the blocks around it.
  var flow = ControlFlow.onward
  /// Functions of scripts that are being called.
  var callDepth = 0
  /// Of the thread that runs the current script.
  var stack: StackRoom?
  /// Called when the user's wish to stop has been heard, so that what is done about it can be stopped as well.
  let acknowledgeInterruption: () -> Void
  /// What the command that was interrupted has finished.
  var partialResult: CommandResult?
  /// What values may hold; nil: nothing is bounded.
  private(set) var memory: MemoryBudget?
  /// For a person at the prompt; nil: nothing is paged.
  package var pager: Pager?
  /// Whether the user pressed Ctrl-C when a result of the statement that runs was in the pager.
  var isInterruptedByPager = false
  /// Hears what would go to standard output and standard error; nil: it goes there.
  package weak var listener: (any SessionListener)?
  /// What is kept of the statements that have run.
  var record: SessionRecord
  /// Commands of sessions before this one, oldest first; set by the shell, which keeps them in a file.
  package var earlierCommands: () throws -> [String] = { [] }
  /// What was done to the network in passes of the statement that runs.
  var interventionsInUse: NameList = []
  /// What standard error has said of the last result.
  var statedInterventions: [String] = []
  /// The text that a command shows as it comes.
  var stream = TextStream()
  /// Of the command that shows its progress.
  var progressClock = ProgressClock()
  /// Where the last result in CSV went (nil: standard output), and whether it was a table.
  var lastCSV: (file: OutputFile?, isTable: Bool)?
  /// Set by `quit`.
  package internal(set) var isFinished = false

  package init(
    session: Session, registry: CommandRegistry, domain: any Domain, environment: [String: String],
    console: Console, checkInterruption: @escaping InterruptionCheck = {},
    acknowledgeInterruption: @escaping () -> Void = {}
  ) {
    self.session = session
    self.domain = domain
    record = SessionRecord(initialSettings: session.settings)
    self.registry = registry
    self.environment = environment
    self.console = console
    self.checkInterruption = checkInterruption
    self.acknowledgeInterruption = acknowledgeInterruption
  }

  /// From here on `undo` can take back what statements change. For a person at the prompt.
  package func keepChanges() { record.undo.isKept = true }

  /// The same where one of some scripts that run one behind the other takes something back.
  package func keepChanges(for scripts: [Script]) {
    if scripts.contains(where: { $0.statements.contains(where: \.isUndo) }) { keepChanges() }
  }

  /// From here on values share `max_memory`. For the program, whose process holds this session alone.
  package func boundMemory() {
    memory = MemoryBudget { [unowned self] in session.settings.maxMemory }
  }

  private func boundingMemory<R>(_ body: () throws -> R) rethrows -> R {
    guard let memory else { return try body() }
    return try memory.bounding(body)
  }

  /// Parses `source`, then runs it. Nothing runs when it does not parse.
  package func run(_ source: Source) throws {
    try run(try parse(source))
  }

  package func parse(_ source: Source) throws -> Script {
    // A text nested as deep as the parser accepts takes less than 2 MB in a debug build.
    guard stack?.isLeft(reserves: 2) ?? true else { throw LimitFault.stackExhausted }
    return try answeringHabits {
      try Parser(source: source, grammar: registry, functions: functionNames, check: checkInterruption)
        .parse()
    }
  }

  /// Faults that come of a habit from elsewhere say what would have worked.
  private func answeringHabits<R>(_ body: () throws -> R) throws -> R {
    do { return try body() } catch let diagnostic as Diagnostic { throw registry.answering(diagnostic) }
  }

  package func run(_ script: Script) throws {
    warnOfDifferences(in: script.source)
    keepChanges(for: [script])
    let outer = stack
    stack = .ofThread()
    defer { stack = outer }
    do {
      try Interruption.asking(checkInterruption) {
        try boundingMemory { try answeringHabits { try runStatements(of: script) } }
      }
    } catch is Quitting {
      return
    }
  }

  private func runStatements(of script: Script) throws {
    for statement in script.statements where !isFinished {
      // A sourced script's statements are not echoed: pasted back, they would run twice.
      if echoes, openSources.isEmpty { try echo(statement) }
      try runObserved(statement)
    }
  }

  /// Completes what waits for the end of the session: redirected output.
  ///
  /// - Throws: ``InputOutputFault/onceWithoutResult(path:)`` for a `once` that no result followed; then the output has not
  ///   ended, and another call ends it.
  package func finish() throws {
    if let once = session.onceOutput {
      session.onceOutput = nil
      throw once.fault
    }
    try endOutput()
  }

  /// Ends a session that has failed: the file that results go to stays as it was before them.
  package func abandon() {
    guard let file = session.output else { return }
    session.output = nil
    if let diagnostic = file.abandon() { warn(diagnostic) }
  }

  /// Completes the file that results go to, if there is one; they go to standard output then, also when it fails.
  func endOutput() throws {
    guard let file = session.output else { return }
    session.output = nil
    try file.close()
    record.log?.noteResults(in: file.path)
  }
}
