import Results

struct ShowSettingsCommand: LanguageCommand {
  let name = "show-settings"
  let group = CommandGroup.session
  let summary = "list the settings with their values"
  let parameters: [Parameter] = []
  let example = "show-settings"

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    .table(interpreter.session.settings.table)
  }
}
