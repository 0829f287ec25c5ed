import Results

struct ShowSettingsCommand: Command {
  let name = "show-settings"
  let group = CommandGroup.session
  let summary = "list the settings with their values"
  let parameters: [Parameter] = []
  let example = "show-settings"

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    .table(Setting.table(interpreter.session.settings))
  }
}
