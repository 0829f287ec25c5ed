import ExactText
import Faults
import Scripting

/// All commands and pages of help; the one list that parsing, help, completion, the reference and the tests use.
package struct CommandRegistry: CommandGrammar, Sendable {
  package let commands: [any Command]
  /// Pages of help.
  package let topics: [HelpTopic]
  /// Habits from elsewhere, and what they are here.
  package let habits: [Habit]
  private let byName: NameTable<any Command>

  /// The commands of the language with those of a domain before them.
  package init(domain verbs: [any Command] = [], topics: [HelpTopic] = [], habits: [Habit] = []) {
    let (own, functions) = (verbs.filter { $0.group != .functions }, verbs.filter { $0.group == .functions })
    self.init(
      commands: own + LanguageVerbs.all + Function.all + functions + LanguageVerbs.help,
      topics: topics + HelpTopic.ofLanguage, habits: habits + Habit.ofLanguage)
  }

  private init(commands: [any Command], topics: [HelpTopic], habits: [Habit]) {
    (self.commands, self.topics, self.habits) = (commands, topics, habits)
    byName = NameTable(uniqueKeysWithValues: commands.map { ($0.name, $0) })
  }

  /// The registry without some of its commands.
  package func without(_ names: some Sequence<String>) -> CommandRegistry {
    let names = NameList(names)
    return CommandRegistry(
      commands: commands.filter { !names.contains($0.name) }, topics: topics, habits: habits)
  }

  /// In the order in which help lists them.
  package var groups: [CommandGroup] {
    commands.map(\.group).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  package func topic(named name: String) -> HelpTopic? { topics.first { $0.name == name } }

  package subscript(name: String) -> (any Command)? { byName[name] }

  package var names: [String] { commands.map(\.name) }

  package func argumentStyle(of name: String) -> ArgumentStyle? {
    isFunction(name) ? nil : byName[name]?.argumentStyle
  }

  package func isFunction(_ name: String) -> Bool { byName[name]?.group == .functions }

  package func closestCommand(to name: String) -> String? { closest(to: name, in: names) }

  package func wordUse(of argument: CursorPlace.Argument, in command: String) -> WordUse {
    byName[command]?.parameter(at: argument)?.wordUse ?? .expression
  }

  /// What is done here by a call of another form.
  static let otherCalls: NameTable = [
    "sorted": "sort(xs)", "reversed": "reverse(xs)", "length": "len(x)", "size": "len(x)", "str": "string(x)",
    "float": "number(text)", "strip": "trim(text)", "startswith": "starts_with(text, start)",
    "endswith": "ends_with(text, end)",
    "left_join": "join(t, u, by=NAME, how=left)", "inner_join": "join(t, u, by=NAME)",
    "merge_tables": "join(t, u, by=NAME)", "join_tables": "join(t, u, by=NAME)",
    "melt": "unpivot(t, keep=NAME)", "pivot_longer": "unpivot(t, keep=NAME)",
    "pivot_wider": "pivot(t, rows=NAME, columns=NAME, values=NAME)",
    "pivot_table": "pivot(t, rows=NAME, columns=NAME, values=NAME, aggregate=mean)",
    "mutate": "with_column(t, NAME, r => ...)", "select": "columns(t, NAME, ...)",
    "groupby": "group(t, by=NAME)", "group_by": "group(t, by=NAME)", "order_by": "sort(t, by=NAME)",
    "arrange": "sort(t, by=NAME)", "read_csv": "read(\"FILE.csv\")", "permute": "transpose(x, [1, 0])",
    "bmm": "matmul(a, b)", "einsum": "matmul(a, b)", "isinstance": "type(x) == \"number\"",
  ]

  package func isFlag(_ word: String, of command: String) -> Bool {
    byName[command]?.isFlag(word) ?? false
  }
}

extension Command {
  /// Whether a word alone turns an option on.
  func isFlag(_ word: String) -> Bool {
    parameters.contains { if case .flag = $0.kind { $0.name == word } else { false } }
  }

  /// The parameter that an argument is for; nil where none is left.
  func parameter(at argument: CursorPlace.Argument?) -> Parameter? {
    switch argument {
    case .option(let name)?: return parameters.first { $0.name == name }
    case .positional(let index)?:
      let positional = parameters.filter { $0.placement != .option }
      if index < positional.count { return positional[index] }
      return positional.last.flatMap { $0.placement == .rest ? $0 : nil }
    case nil: return nil
    }
  }
}
