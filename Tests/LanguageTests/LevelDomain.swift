import Results
import Scripting
import Tensors

@testable import Language

/// A domain without models: scripts are about one number, the level.
struct LevelDomain: Domain {
  var initialState: any DomainState { LevelState() }

  func value(named name: String, at span: Span, in session: any CommandContext) throws -> Value? {
    presentValue(named: name, in: session)
  }

  func presentValue(named name: String, in session: any CommandContext) -> Value? {
    // `nil` alone would be the null of the language.
    guard name == "level", let state = session.state as? LevelState else { return Value?.none }
    return Value(state.level)
  }

  func constants(in session: any CommandContext) -> [(name: String, what: String)] {
    [("level", "what scripts are about")]
  }

  func value(of node: NodeSyntax, at span: Span, in session: any CommandContext) throws -> Value {
    throw NameFault.unknownName(span.text, suggestion: nil).located(span)
  }

  func value(ofAlias text: String, at span: Span, in session: any CommandContext) throws -> Value? { nil }

  func readsState(_ name: String) -> Bool { name == "level" }

  func tensor(of object: any ObjectValue, for verb: String, in session: any CommandContext) throws -> Tensor?
  {
    (object as? Rise).map { Tensor(scalar: Float($0.amount)) }
  }

  func object(savedAs value: Value, in path: String) throws -> (any ObjectValue)? { nil }

  func load(_ specifier: String, in session: any CommandContext) throws {}

  func difference(from recorded: Provenance, in session: any CommandContext) -> String? { nil }

  func measuring<R>(
    in session: any CommandContext, _ body: () throws -> R
  ) -> (result: Result<R, any Error>, cost: WorkCost?) {
    (Result { try body() }, nil)
  }

  func candidates(for place: CompletionPlace, in session: any CommandContext) -> [Completer.Candidate]? {
    nil
  }
}

struct LevelState: DomainState {
  @Watched(.state("level")) var level = 0
  private(set) var changes = 0

  let keys: [StateKey] = contexts
  static let contexts: [StateKey] = [.state("level")]
  static let nameKeys: Set<StateKey> = [.state("level")]
  static let workKeys: Set<StateKey> = []
  static let computing = StateKey.state("level")
  static let changesKey = StateKey.state("level")
  static let changeAdvice = (takes: "a rise", example: "`with raise(2) { ... }`")
  static let changingVerbs = ["raise"]
  let origins: [(key: StateKey, name: String, provenance: Provenance)] = []

  mutating func apply(_ object: any ObjectValue) -> Bool {
    guard let rise = object as? Rise else { return false }
    level += rise.amount
    changes += 1
    return true
  }

  mutating func restoreChanges(from before: any DomainState) {
    if let before = before as? LevelState { _level = before._level }
  }

  mutating func setChecking(_ isChecking: Bool) {}

  var writtenKeys: Set<StateKey> { _level.writtenKeys }

  mutating func begin(_ log: StatementLog) { _level.begin(log) }
}

/// What `raise` yields.
struct Rise: ObjectValue {
  let amount: Int
  let typeName = "rise"
  var summary: String { "rise by \(amount)" }
  var fields: Record { ["amount": Value(amount)] }
}

struct RaiseCommand: Command {
  let name = "raise"
  let group = CommandGroup("Levels")
  let summary = "raise the level"
  let parameters: [Parameter] = [.required("amount", .integer(minimum: -100, maximum: 100), "by how much")]
  let context: StateKey? = .state("level")
  let example = "raise 2"

  func run(_ arguments: Arguments, in session: any CommandContext) throws -> Value {
    let rise = Rise(amount: arguments.integer("amount") ?? 0)
    guard session.state.apply(rise) else { preconditionFailure("the state of another domain") }
    return .object(rise)
  }
}
