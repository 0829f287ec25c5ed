import Results
import Scripting

struct WarnCommand: LanguageCommand {
  let name = "warn"
  let group = CommandGroup.language
  let summary = "write a warning to standard error and go on"
  let discussion = "The exit code stays what it is."
  let parameters: [Parameter] = [.rest("text", .any, "what to say; several values are joined by blanks")]
  let example = #"""
    let gap = 0.02
    if gap > 0.01 { warn "the gap is {gap}: raise points" }
    print "went on"
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value { .null }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let text = try arguments.all("text").map { try interpreter.displayText($0.value) }.joined(separator: " ")
    let warning = Diagnostic(.warning, code: "warning", text, at: arguments.span)
    // The text says what is meant; the line that says it adds nothing.
    interpreter.warn(warning, showsSource: false)
    return .null
  }
}
