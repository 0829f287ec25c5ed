import Results
import Scripting

/// A verb of the language. Commands return values and never print.
///
/// To add one: a file in `Commands/<group>/`, and one line in ``CommandRegistry``.
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
  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value

  /// What others depend on and this sets, like the text or the model; a check cannot go on without.
  var context: StateKey? { get }

  /// Whether it reads or writes the files that its arguments name, as soon as it runs.
  var opensFiles: Bool { get }

  /// Whether a run of it takes passes through the network, which a check tells even where it does not know how many.
  var runsNetwork: Bool { get }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value
}

package enum CommandGroup: String, Sendable, CaseIterable {
  case session = "Session"
  case look = "Look"
  case explain = "Explain"
  case intervene = "Intervene"
  case measure = "Measure"
  case language = "Language"
  /// Called in call form only, so that their names stay free for variables.
  case functions = "Functions"
  case help = "Help"
}

extension Command {
  package var discussion: String { "" }
  package var opensFiles: Bool { true }

  package var synopsis: String {
    group == .functions
      ? "\(name)(\(parameters.map(\.synopsis).joined(separator: ", ")))"
      : ([name] + parameters.map(\.synopsis)).joined(separator: " ")
  }

  package var argumentStyle: ArgumentStyle {
    for parameter in parameters {
      if case .raw = parameter.kind { return .raw }
      if case .statement = parameter.kind { return .statement }
      switch parameter.kind {
      case .name(.commandsAndTopics): return .words
      case .name(.baselines) where parameter.placement != .option: return .words
      default: break
      }
    }
    return .expressions
  }
}
