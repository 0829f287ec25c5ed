import ExactText
import Faults
import Scripting

/// All commands and pages of help; the one list that parsing, help, completion, the reference and the tests use.
package struct CommandRegistry: CommandGrammar, Sendable {
  package let commands: [any Command]
  /// Pages of help.
  package let topics: [HelpTopic]
  private let byName: NameTable<any Command>

  /// The commands of the language with those of a domain before them.
  package init(domain verbs: [any Command] = [], topics: [HelpTopic] = []) {
    let (own, functions) = (verbs.filter { $0.group != .functions }, verbs.filter { $0.group == .functions })
    self.init(
      commands: own + LanguageVerbs.all + Function.all + functions + LanguageVerbs.help,
      topics: topics + HelpTopic.ofLanguage)
  }

  private init(commands: [any Command], topics: [HelpTopic]) {
    (self.commands, self.topics) = (commands, topics)
    byName = NameTable(uniqueKeysWithValues: commands.map { ($0.name, $0) })
  }

  /// The registry without some of its commands.
  package func without(_ names: some Sequence<String>) -> CommandRegistry {
    let names = NameList(names)
    return CommandRegistry(commands: commands.filter { !names.contains($0.name) }, topics: topics)
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

  package func closestCommand(to name: String) -> String? {
    Self.counterparts[name.lowercased()] ?? closest(to: name, in: names)
  }

  /// What words of other shells are called here, where no spelling would tell.
  static let counterparts: NameTable = [
    "exit": "quit", "logout": "quit", "bye": "quit", "echo": "print", "puts": "print", "printf": "print",
    "man": "help", "env": "variables", "who": "variables", "whos": "variables", "run": "source",
    "import": "source", "sorted": "sort", "str": "string", "float": "number", "length": "len", "size": "len",
    "reversed": "reverse", "startswith": "starts_with", "endswith": "ends_with", "strip": "trim",
  ]

  /// What is done here by a call of another form.
  static let otherCalls: NameTable = [
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
}
