import ExactText
import Faults
import Results
import Scripting

/// What a verb may ask of the session that it runs in, and all that it may.
package protocol CommandContext: AnyObject {
  // State
  /// The domain's part of the session.
  var state: any DomainState { get set }
  var settings: Settings { get }
  var variables: Variables { get set }
  /// Of the process.
  var environment: [String: String] { get }

  // The language
  func evaluate(_ expression: Expression) throws -> Value
  /// - Throws: ``ComputationSkipped`` for a value that a check does not know.
  func known(_ value: Value) throws -> Value
  /// - Throws: ``ValueFault`` for another number or value.
  func wholeNumber(_ value: Value, at span: Span) throws -> Int
  func parse(_ source: Source) throws -> Script

  // A person
  /// Throws ``Interrupted`` when the user asked to stop.
  var checkInterruption: InterruptionCheck { get }
  /// Called by a command that was interrupted, with what it has finished, before it throws ``Interrupted``: a person
  /// sees it, marked as partial; it becomes no value.
  ///
  /// - Parameters:
  ///   - command: the command's name.
  ///   - extent: how much that is: "12 of 72 rows".
  func keepPartial(_ result: Value, of command: String, extent: String)
  /// Begins a text that is shown as it comes, where the result of `command` is shown next on a person's terminal: its value is a
  /// ``StreamedResult`` then. Elsewhere nothing is shown until there is the result.
  ///
  /// - Returns: whether it is shown.
  func beginStream(of command: String) -> Bool
  /// - Throws: `Console.Closed`, ``Interrupted``.
  func stream(_ text: String) throws
  func endStream()
  func note(_ text: String)
  func warn(_ diagnostic: Diagnostic, showsSource: Bool)
  /// - Parameter done: with the fraction of what is being done.
  func showProgress(_ what: String, done: Double, of total: Int)
  func showProgress(_ what: String, share: Double)
  func clearProgress()

  // What results depend on
  /// Remembers that the statement that runs was computed under an intervention.
  func noteUse(_ description: String)
  /// The statement that runs has read a file.
  func noteRead(file: String)
  /// A statement that begins a file of rows goes on with it when it is repeated.
  func noteRowFile(_ arguments: Arguments)
  /// Whether results are computed only to be compared: nothing that an earlier run has computed stands in for them.
  var isVerifying: Bool { get }

  /// How rows are divided among jobs; nil when this process computes all.
  var sharing: Sharing? { get }
  /// Remembers what a gathering lacks.
  ///
  /// - Returns: what the command is to throw: the run goes on only to find what else is missing
  func skippingRest(_ missing: MissingShares, at span: Span?) -> ComputationSkipped

  /// Runs what no value depends on: what it reads of the session does not count.
  func withoutDependences<R>(_ body: () throws -> R) rethrows -> R

  // A check
  /// nil unless a script is checked instead of run.
  var dryRun: DryRun? { get }
}

extension CommandContext {
  package func warn(_ diagnostic: Diagnostic) { warn(diagnostic, showsSource: true) }

  /// Runs `body`; a fault it throws gets the place.
  package func locating<R>(_ span: Span, _ body: () throws -> R) throws -> R {
    do { return try body() } catch let fault as any Fault { throw fault.located(span) }
  }
}

extension Interpreter: CommandContext {
  package var state: any DomainState {
    get { session.state }
    set { session.state = newValue }
  }

  package var settings: Settings { session.settings }

  package var variables: Variables {
    get { session.variables }
    set { session.variables = newValue }
  }

  package var isVerifying: Bool { record.isVerifying }

  package func noteRead(file: String) { record.log?.noteRead(.file(AbsolutePath.of(file))) }
}

extension CommandContext {
  /// What the values of the session leave of `max_memory` for a computation, in bytes.
  package var workingMemory: Int { MemoryBudget.current?.room ?? settings.maxMemory }
}
