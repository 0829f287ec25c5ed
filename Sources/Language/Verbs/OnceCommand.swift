import Faults
import Results
import Scripting

struct OnceCommand: LanguageCommand {
  let name = "once"
  let group = CommandGroup.session
  let summary = "send the next result to a file"
  let discussion =
    """
    The extension chooses the format as with `save`; another extension gets what would have printed. A session that ends
    without a result for FILE ends in an error.
    """
  let parameters: [Parameter] = [.required("file", .path, "where the next result goes")]
  let opensFiles = false
  let example = #"""
    load "demo"
    once "tokens.csv"
    tokenize "a cat sat ."
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.session.onceOutput = arguments.string("file").map {
      interpreter.dryRun?.noteWritten($0)
      return OnceOutput(path: $0, span: arguments.span(of: "file"))
    }
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let file = arguments.string("file") else { return .null }
    if let waiting = interpreter.session.onceOutput {
      interpreter.warn(waiting.warning("another `once` follows"))
    }
    interpreter.session.onceOutput = OnceOutput(path: file, span: arguments.span(of: "file"))
    interpreter.record.log?.noteOpened(file: file)
    return .null
  }
}

/// What waits for the next result.
struct OnceOutput {
  let path: String
  /// Of the path in the `once` that asks for it.
  let span: Span

  /// That there will be no result.
  func warning(_ reason: String) -> Diagnostic {
    Diagnostic(.warning, code: "once-replaced", "\(path) gets no result: \(reason)", at: span)
  }

  /// That no result followed.
  var fault: Diagnostic { InputOutputFault.onceWithoutResult(path: path).located(span) }
}
