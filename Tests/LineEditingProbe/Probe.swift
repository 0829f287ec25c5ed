import LineEditing
import SystemCalls

/// A smallest shell around the line editor, for tests: each text comes back as `LINE<...>` with its
/// backslashes and newlines escaped, other events by name; `SETTINGS<...>` names settings that cannot be read. Blocks
/// end when braces balance.
///
/// Texts with a meaning: `wait` computes until interrupted, `stubborn` a while longer.
@main
struct Probe {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--append" { return try append(Array(arguments.dropFirst())) }
    try converse(isHostile: arguments.contains("--hostile-prompt"))
  }

  private static func converse(isHostile: Bool) throws {
    let editor = try LineEditor(programName: "probe", historyLimit: 100)
    editor.isComplete = { text in
      text.filter { $0 == "{" }.count <= text.filter { $0 == "}" }.count
    }
    editor.complete = complete
    if case .settingsUnreadable(let path) = editor.settingsFault { print("SETTINGS<\(path)>") }
    fflush(nil)
    let prompt = isHostile ? "\u{1B}[1m\u{7}\u{9B}m\u{202E}probe> " : "probe> "
    while true {
      switch try editor.readLine(prompt: prompt, continuationPrompt: "..... ") {
      case .endOfFile: return print("END")
      case .interrupted: print("INTERRUPTED")
      case .line(let text):
        editor.addHistory(text)
        if text == "wait" { computeUntilInterrupted() }
        if text == "stubborn" { computeUntilInterrupted(stoppingAfter: .milliseconds(500)) }
        print("LINE<\(escaped(text))>")
      }
      fflush(nil)
    }
  }

  private static func computeUntilInterrupted(stoppingAfter delay: Duration = .zero) {
    print("COMPUTING")
    fflush(nil)
    while !Interrupts.isRequested { usleep(1000) }
    // A signal ends every sleep.
    let end = ContinuousClock.now + delay
    while ContinuousClock.now < end { usleep(1000) }
    print("STOPPED")
  }

  private static func complete(_ text: String, _ cursor: Int) -> CompletionResult {
    let before = String(decoding: Array(text.utf8.prefix(cursor)), as: UTF8.self)
    // An open quote belongs to the word, with the spaces in it.
    let quote = before.filter { $0 == "\"" }.count % 2 == 1 ? before.lastIndex(of: "\"") : nil
    let space = before.lastIndex { $0 == " " || $0 == "\n" }.map { before.index(after: $0) }
    let start = quote ?? space ?? before.startIndex
    let word = before[start...]
    let candidates = vocabulary.filter { $0.replacement.hasPrefix(word) }
    return CompletionResult(start: before[..<start].utf8.count, candidates: candidates)
  }

  private static let vocabulary: [Completion] =
    [
      Completion(replacement: "forward", description: "run the model"),
      Completion(replacement: "flow", description: "attention flow"),
      Completion(replacement: "patterns", description: "influence patterns"),
      Completion(replacement: "pattern", description: "one pattern"),
      Completion(replacement: "naïve", appendsSpace: false),
      Completion(replacement: "\"models/bert small\"", display: "bert small", appendsSpace: false),
    ] + (1...400).map { Completion(replacement: "many\($0)") }

  /// `--append HISTORY WORD COUNT LIMIT`: adds WORD1 ... to a history, for tests with several processes.
  private static func append(_ arguments: [String]) throws {
    guard arguments.count == 4, let count = Int(arguments[2]), let limit = Int(arguments[3]) else {
      exit(2)
    }
    let history = HistoryFile(path: arguments[0], limit: limit)
    for number in 1...count { try history.append("\(arguments[1])\(number)") }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
