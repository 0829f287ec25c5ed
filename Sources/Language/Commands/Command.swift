import ExactText
import Faults
import Results
import Scripting

/// A verb of the language. Commands return values and never print.
///
/// To add one: a file with its name, parameters, summary, example and `run`, and one line in the registry.
package protocol Command: Sendable {
  var name: String { get }
  var group: CommandGroup { get }
  /// One line, for lists.
  var summary: String { get }
  /// More than one line can say; empty when the summary says it all.
  var discussion: String { get }
  var parameters: [Parameter] { get }
  /// A script that runs in a fresh session; help shows it and the tests run it.
  var example: String { get }

  /// What `--check` does instead of ``run(_:in:)``: finds out what is wrong without writing files. The network only
  /// counts its work then.
  ///
  /// - Throws: ``ComputationSkipped`` for a result that is not known.
  func check(_ arguments: Arguments, in session: any CommandContext) throws -> Value

  /// What others depend on and this sets, like the text or the model; a check cannot go on without.
  var context: StateKey? { get }

  /// Whether what follows depends on it, whatever becomes of its value.
  var changesSession: Bool { get }

  /// Whether it reads or writes the files that its arguments name, as soon as it runs.
  var opensFiles: Bool { get }

  /// Whether a run of it takes passes through the network, which a check tells even where it does not know how many.
  var runsNetwork: Bool { get }

  /// What to say of an argument that shows that another command is meant; nil for one that does not.
  func refusal(of argument: Value) -> (any Fault)?

  func run(_ arguments: Arguments, in session: any CommandContext) throws -> Value
}

/// A heading of help.
package struct CommandGroup: Equatable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }

  package static let session = CommandGroup("Session")
  package static let language = CommandGroup("Language")
  /// Called in call form only, so that their names stay free for variables.
  package static let functions = CommandGroup("Functions")
  package static let help = CommandGroup("Help")
}

extension Command {
  package var discussion: String { "" }
  package var opensFiles: Bool { true }
  package func refusal(of argument: Value) -> (any Fault)? { nil }
  package var changesSession: Bool { context != nil }

  /// Whether it keeps its rows in a file, and can compute a share of them.
  package var isShared: Bool { parameters.contains { $0.name == "shard" } }

  package var synopsis: String {
    group == .functions
      ? "\(name)(\(parameters.map(\.synopsis).joined(separator: ", ")))"
      : ([name] + parameters.map(\.synopsis)).joined(separator: " ")
  }

  package var argumentStyle: ArgumentStyle {
    for parameter in parameters {
      if case .raw = parameter.kind { return .raw }
      if case .statement = parameter.kind { return .statement }
      if case .name(let space) = parameter.kind, space.isWords, parameter.placement != .option {
        return .words
      }
    }
    return .expressions
  }
}
