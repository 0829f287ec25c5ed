import ExactText
import Scripting

/// An editor that the language has a syntax file for, made from the registry of commands.
package enum EditorSyntax: String, CaseIterable, Sendable {
  case vim, textmate

  /// The file's contents.
  package func file(for registry: CommandRegistry) -> String {
    let words = SyntaxWords(registry)
    return switch self {
    case .vim: VimSyntax(words).text
    case .textmate: TextMateGrammar(words).text
    }
  }
}

/// The words that editors tell apart, those before the ones that they begin with: the first that fits is taken.
struct SyntaxWords {
  let statements: [String]
  let operators = ["or", "not", "in", "and"]
  let constants = ["true", "null", "false"]
  /// Verbs whose arguments are expressions.
  let verbs: [String]
  /// Verbs behind which text stands as it is.
  let rawVerbs: [String]
  let functions: [String]
  /// What may stand before `=` among arguments.
  let options: [String]
  let settings: [String]

  init(_ registry: CommandRegistry) {
    let others = NameList(operators + constants)
    statements = Keyword.allCases.map(\.rawValue).filter { !others.contains($0) }.sorted(by: >)
    let own = registry.commands.filter { $0.group != .functions }
    (rawVerbs, verbs) = (Self.names(own.filter(\.takesRawText)), Self.names(own.filter { !$0.takesRawText }))
    functions = Self.names(registry.commands.filter { $0.group == .functions })
    options = Array(
      NameList(
        registry.commands.flatMap(\.parameters).filter { $0.placement == .option }.map(\.name).sorted(by: >)))
    settings = SettingList.all.map(\.name).sorted(by: >)
  }

  private static func names(_ commands: [any Command]) -> [String] { commands.map(\.name).sorted(by: >) }
}

extension Command {
  fileprivate var takesRawText: Bool { if case .raw = argumentStyle { true } else { false } }
}
