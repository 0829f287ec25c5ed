import Results
import Scripting
import Tensors

/// What scripts are about: its values and names. The language itself knows no model.
package protocol Domain: Sendable {
  /// Of a fresh session.
  var initialState: any DomainState { get }

  // MARK: Names

  /// The value of a name that is no variable; nil when it means nothing here.
  ///
  /// - Throws: what computing it throws, with the place.
  func value(named name: String, at span: Span, in session: any CommandContext) throws -> Value?

  /// The same without computing anything; nil also for a name whose value would have to be computed.
  func presentValue(named name: String, in session: any CommandContext) -> Value?

  /// What has a value without being a variable.
  func constants(in session: any CommandContext) -> [(name: String, what: String)]

  func value(of node: NodeSyntax, at span: Span, in session: any CommandContext) throws -> Value

  /// The value of a dotted name of another library; nil for a text that is none.
  func value(ofAlias text: String, at span: Span, in session: any CommandContext) throws -> Value?

  /// Whether the value of a name depends on what the session is about.
  func readsState(_ name: String) -> Bool

  // MARK: Values

  /// The numbers that an object stands for; nil when it stands for none.
  ///
  /// - Parameter verb: that wants them, for a fault.
  func tensor(of object: any ObjectValue, for verb: String, in session: any CommandContext) throws -> Tensor?

  /// The object whose fields the file holds; nil when it is no object's.
  ///
  /// - Throws: a fault when it nearly is.
  func object(savedAs value: Value, in path: String) throws -> (any ObjectValue)?

  // MARK: The command line

  /// Makes what `--model` names current.
  func load(_ specifier: String, in session: any CommandContext) throws

  /// How what a script was recorded with differs from what is here; nil when it does not.
  func difference(from recorded: Provenance, in session: any CommandContext) -> String?

  // MARK: Checking

  /// Runs `body`, which only counts its work while a script is checked.
  ///
  /// - Returns: also what it would take; nil when it computes nothing.
  func measuring<R>(
    in session: any CommandContext, _ body: () throws -> R
  ) -> (result: Result<R, any Error>, cost: WorkCost?)

  // MARK: Completion

  /// What could stand at the cursor; nil for what the domain does not know.
  func candidates(for place: CompletionPlace, in session: any CommandContext) -> [Completer.Candidate]?
}

/// Where a domain is asked for candidates.
package enum CompletionPlace {
  /// The name of a node or tensor, as far as it is typed.
  case node(String)
  /// A word of a verb that reads the rest of its line itself.
  case raw(String)
  /// The value of a parameter.
  ///
  /// - Parameters:
  ///   - word: as far as it is typed.
  ///   - text: what stands before it.
  ///   - isQuoted: whether it stands in quotes, which the candidate ends.
  case parameter(Parameter, word: String, behind: String, isQuoted: Bool)
}

/// The domain's part of a session: a value, which a failed command restores.
package protocol DomainState: WatchedPart {
  /// All that a result may depend on, beside variables and settings.
  var keys: [StateKey] { get }
  /// Those of ``keys`` that are set by a command each, which a check may fail to know.
  static var contexts: [StateKey] { get }
  /// Those of ``contexts`` that decide what names and nodes mean.
  static var nameKeys: Set<StateKey> { get }
  /// Those of ``contexts`` that decide how much a command computes.
  static var workKeys: Set<StateKey> { get }
  /// What is read by all computations that divide their work among threads.
  static var computing: StateKey { get }
  /// What a recording names beside commands, such as loaded models.
  var origins: [(key: StateKey, name: String, provenance: Provenance)] { get }

  // MARK: `with`

  /// Of what `with` changes.
  static var changesKey: StateKey { get }
  /// What `with` takes, in words that go on from "`with` takes", and an example, for a fault.
  static var changeAdvice: (takes: String, example: String) { get }
  /// Verbs whose values `with` takes.
  static var changingVerbs: [String] { get }
  /// How often commands have changed what the next ones work on, in ways that `with` undoes.
  var changes: Int { get }
  /// Changes it once more as `object` tells; false for an object that does not.
  mutating func apply(_ object: any ObjectValue) -> Bool
  /// Changes it back.
  mutating func restoreChanges(from before: any DomainState)

  // MARK: Checking

  /// A check begins, in which nothing is computed, or ends.
  mutating func setChecking(_ isChecking: Bool)
}
