import ExactText
import Faults
import Rendering
import Results
import Scripting

/// A result with a text that may have been shown while it came.
package protocol StreamedResult: ObjectValue {
  var streamedText: String { get }
  /// What there is to show besides.
  var remainder: Value { get }
}

/// The text that is shown as it comes, of one command at a time.
struct TextStream {
  /// The command whose result is shown next; nil where a result has another use.
  var command: String?
  /// What was shown; nil when nothing is.
  fileprivate(set) var text: String?
  fileprivate var isOpen = false
}

extension Interpreter {
  /// Runs `body`, a command whose result is shown next; nil where it has another use.
  func showing<R>(_ command: String?, _ body: () throws -> R) rethrows -> R {
    let outer = stream.command
    stream.command = command
    defer { stream.command = outer }
    return try body()
  }

  package func beginStream(of command: String) -> Bool {
    stream.text = nil
    stream.isOpen = stream.command == command && streams
    return stream.isOpen
  }

  /// Whether results reach a person as they are.
  private var streams: Bool {
    withoutDependences {
      console.isTerminal && listener == nil && dryRun == nil && !record.isVerifying && !echoes
        && session.settings.format == "table" && !session.settings.isQuiet && session.output == nil
        && session.onceOutput == nil
    }
  }

  package func stream(_ text: String) throws {
    guard stream.isOpen, !text.isEmpty else { return }
    stream.text = (stream.text ?? "") + text
    try console.write(text)
  }

  package func endStream() {
    guard stream.isOpen else { return }
    stream.isOpen = false
    guard let text = stream.text, text.unicodeScalars.last != "\n" else { return }
    // Whatever has stopped the text; who has closed the output hears of it at the result.
    try? Interruption.asking({}) { try console.write("\n") }
  }

  /// Without the text that is on the screen already.
  func unstreamed(_ result: CommandResult) -> CommandResult {
    guard let text = stream.text, case .object(let object) = result.value,
      let streamed = object as? any StreamedResult, isShown(streamed.streamedText, text, result)
    else { return result }
    stream.text = nil
    return CommandResult(
      command: result.command, line: result.line, value: streamed.remainder,
      interventions: result.interventions, partial: result.partial, source: result.source)
  }

  /// An interrupted command may have held back the end, which is no whole character.
  private func isShown(_ text: String, _ shown: String, _ result: CommandResult) -> Bool {
    text == shown || result.partial != nil && text.hasPrefix(shown)
  }
}
