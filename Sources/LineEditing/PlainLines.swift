import CLineEdit
import ExactText
import Faults
import SystemCalls

/// Lines from a descriptor as they come, without editing and without escape codes.
final class PlainLines {
  private let input: Int32
  /// Where prompts are written; nil where nobody reads them.
  private let prompts: Int32?
  private var unread: [UInt8] = []
  private var searched = 0

  init(input: Int32, prompts: Int32?) {
    self.input = input
    self.prompts = prompts
  }

  /// Reads lines and joins them by newlines until the text is complete, or no more come.
  func nextText(
    prompt: String, continuationPrompt: String, isComplete: (String) -> Bool
  ) throws -> LineEditor.Event {
    Interrupts.clear()
    var text: String?
    while true {
      show((text == nil ? prompt : continuationPrompt).escapingControls)
      switch try nextLine() {
      case .line(let line):
        let joined = text.map { $0 + "\n" + line } ?? line
        if isComplete(joined) { return .line(joined) }
        text = joined
      case .interrupted:
        Interrupts.clear()
        show("\n")
        return .interrupted
      case .endOfFile:
        show("\n")
        // What is incomplete is for the caller to judge: its complaint names the missing brace.
        return text.map { .line($0) } ?? .endOfFile
      }
    }
  }

  private func show(_ text: String) {
    guard let prompts else { return }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(prompts, $0.baseAddress, $0.count) }
      guard count > 0 || errno == EINTR else { return }
      bytes = bytes.dropFirst(max(0, count))
    }
  }

  private func nextLine() throws -> LineEditor.Event {
    while true {
      if let end = unread[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return .line(takeLine(upTo: end))
      }
      searched = unread.count
      switch line_edit_wait(input) {
      case 0:
        takeAll()
        return .interrupted
      case 1:
        if try readMore() { continue }
        return unread.isEmpty ? .endOfFile : .line(takeAll())
      default:
        throw LineEditingFault.inputUnreadable(.last)
      }
    }
  }

  /// Appends what can be read now; false at the end.
  private func readMore() throws -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(input, &chunk, chunk.count)
    if count > 0 {
      unread += chunk.prefix(count)
      return true
    }
    // EIO is how a terminal that hung up reads.
    if count == 0 || errno == EIO { return false }
    if errno == EINTR || errno == EAGAIN { return true }
    throw LineEditingFault.inputUnreadable(.last)
  }

  private func takeLine(upTo end: Int) -> String {
    let line = String(decoding: unread[..<end], as: UTF8.self)
    unread.removeSubrange(...end)
    searched = 0
    return line
  }

  @discardableResult
  private func takeAll() -> String {
    defer {
      unread.removeAll()
      searched = 0
    }
    return String(decoding: unread, as: UTF8.self)
  }
}
