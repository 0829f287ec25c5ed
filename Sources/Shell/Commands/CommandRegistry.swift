import Faults
import Scripting

/// All commands; the one list that parsing, help, completion, the reference and the tests use.
package struct CommandRegistry: CommandGrammar, Sendable {
  package static let standard = CommandRegistry([
    // Session
    LoadCommand(), ModelCommand(), TextCommand(), QoICommand(), TaskCommand(), SetCommand(),
    ShowSettingsCommand(),
    SeedCommand(),
    SourceCommand(), SaveCommand(), ReadCommand(), OutputCommand(), OnceCommand(), TimeCommand(),
    RecordCommand(), HistoryCommand(), VariablesCommand(), ResetCommand(), QuitCommand(),
    // Look
    TokenizeCommand(), ForwardCommand(), ShowCommand(), StatsCommand(), HeatmapCommand(), CompareCommand(),
    WeightCommand(),
    // Explain
    BaselineCommand(), InfluenceCommand(), PatternsCommand(), PatternCommand(), FlowCommand(), PlotCommand(),
    // Intervene
    AblateCommand(), PatchCommand(), KeepCommand(), InterventionsCommand(), RestoreCommand(),
    // Measure
    MeasureCommand(), AccuracyCommand(), ScoreCommand(), SweepCommand(), ExperimentCommand(),
    // Language
    PrintCommand(), AssertCommand(), WarnCommand(),
    // Help
    HelpCommand(), AproposCommand(),
  ])

  package let commands: [any Command]
  private let byName: [String: any Command]

  /// - Parameter functions: what can be written in call form only.
  package init(_ verbs: [any Command], functions: [any Command] = Function.all) {
    commands = verbs + functions
    byName = Dictionary(uniqueKeysWithValues: commands.map { ($0.name, $0) })
  }

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
  static let counterparts = [
    "exit": "quit", "logout": "quit", "bye": "quit", "echo": "print", "puts": "print", "printf": "print",
    "man": "help", "env": "variables", "who": "variables", "whos": "variables", "run": "source",
    "import": "source",
  ]
}
