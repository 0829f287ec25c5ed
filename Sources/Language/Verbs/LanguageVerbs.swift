/// The verbs that every domain has.
enum LanguageVerbs {
  static let all: [any Command] = [
    SetCommand(), ShowSettingsCommand(), SeedCommand(), SourceCommand(), SaveCommand(), ReadCommand(),
    OutputCommand(), OnceCommand(), TimeCommand(), RecordCommand(), HistoryCommand(), VariablesCommand(),
    UndoCommand(), ResetCommand(), ClearCommand(), QuitCommand(),
    PrintCommand(), AssertCommand(), WarnCommand(),
  ]

  static let help: [any Command] = [HelpCommand(), AproposCommand()]
}
