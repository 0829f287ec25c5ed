import ExactText
import Results
import Tensors

struct SetCommand: LanguageCommand {
  let name = "set"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "change a setting, or show them"
  var discussion: String {
    let width = SettingList.all.map(\.name.count).max() ?? 0
    return SettingList.all.map { setting in
      "\(HelpText.padded(setting.name, width))  \(setting.summary): \(setting.expected)"
    }.joined(separator: "\n")
  }
  let parameters: [Parameter] = [
    .optional("setting", .name(.settings), "its name"),
    .optional("value", .wordOrValue, "its new value"),
  ]
  let example = #"""
    set precision 3
    set format "csv"
    set
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let dryRun = interpreter.dryRun, let name = arguments.string("setting"),
      let value = arguments["value"]?.value
    else { return try checkByForm(arguments, in: interpreter) }
    if value.holdsUnknown { dryRun.lose(.setting(name), in: interpreter) }
    let result = try checkByForm(arguments, in: interpreter)
    dryRun.learn(.setting(name))
    return result
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let settings = interpreter.session.settings
    guard let name = arguments.string("setting") else {
      return .table(settings.table)
    }
    guard let value = arguments["value"] else {
      return try interpreter.locating(arguments.span(of: "setting")) {
        settings.value(of: try SettingList.named(name))
      }
    }
    try interpreter.locating(value.span) { try interpreter.session.set(name, to: value.value) }
    try BLAS.use(threads: interpreter.session.settings.threads)
    return .null
  }
}
