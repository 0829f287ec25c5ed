import ExactText
import Results

struct ClearCommand: LanguageCommand {
  let name = "clear"
  let group = CommandGroup.session
  let summary = "clear the terminal's screen, as Ctrl-L does"
  let discussion =
    "It changes nothing of the session (`reset` does) and does nothing where results go elsewhere."
  let parameters: [Parameter] = []
  let example = #"""
    print 1 + 1
    clear
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.record.log?.staysOutOfRecords = true
    if interpreter.environment["TERM"] != "dumb" { interpreter.console.clearScreen() }
    return .null
  }
}
