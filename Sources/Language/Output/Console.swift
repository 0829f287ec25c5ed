import ExactText
import Faults
import Files
import Rendering
import Scripting
import SystemCalls

/// Where results and messages go: standard output and standard error.
package final class Console {
  /// Standard output was closed by its reader (`| head`): stop without a message.
  package struct Closed: Error {}

  private let output: Int32
  private let error: Int32
  /// Whether results reach a person's screen.
  package let isTerminal: Bool
  package let usesColor: Bool
  package let usesUnicode: Bool
  /// Whether diagnostics are objects of JSON, one a line.
  package let reportsJSON: Bool

  package init(
    output: Int32 = STDOUT_FILENO, error: Int32 = STDERR_FILENO, isTerminal: Bool, usesColor: Bool,
    usesUnicode: Bool, reportsJSON: Bool = false
  ) {
    self.output = output
    self.error = error
    self.isTerminal = isTerminal
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
    self.reportsJSON = reportsJSON
  }

  /// Columns of the terminal as it is now; no limit elsewhere.
  package var width: Int {
    var size = winsize()
    guard isTerminal, ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return isTerminal ? 80 : .max
    }
    return Int(size.ws_col)
  }

  /// Nothing can be read in a pager on fewer rows.
  private let smallestHeight = 3

  /// Whether a text does not fit on the terminal with the prompt below it.
  func isTooTall(_ text: String) -> Bool {
    var size = winsize()
    guard isTerminal, ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_row >= smallestHeight
    else { return false }
    // More than a screen holds, with colours and combining characters.
    if text.utf8.count > 64 * Int(size.ws_row) * width { return true }
    var room = Int(size.ws_row) - 1
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty, line.endIndex == text.endIndex { break }
      room -= max(1, (displayWidth(withoutEscapeSequences(line)) + width - 1) / width)
      if room < 0 { return true }
    }
    return false
  }

  /// - Throws: ``Closed``, ``Interrupted``; a part of the text may have been written then.
  package func write(_ text: String) throws {
    do { try writeAll(text, to: output, check: Interruption.check) } catch let error as SystemError {
      throw error.number == EPIPE
        ? Closed() : InputOutputFault.outputFailed(reason: error.reason) as any Error
    }
  }

  /// Replaces the line of progress on standard error, if that is a terminal.
  package func progress(_ text: String) {
    guard isatty(error) == 1 else { return }
    try? writeAll("\r\(text)\u{1B}[K", to: error)
  }

  /// Whether diagnostics are coloured.
  private var errorUsesColor: Bool { usesColor && isatty(error) == 1 }

  /// Writes an error or a warning to standard error.
  ///
  /// - Parameter showsSource: whether a person sees the line that it is about.
  package func report(_ diagnostic: Diagnostic, showsSource: Bool = true) {
    note(
      reportsJSON
        ? diagnostic.json : diagnostic.rendered(color: errorUsesColor, showsSource: showsSource))
  }

  /// Diagnostics, timings, notes. A closed standard error is no reason to fail.
  package func note(_ text: String) {
    try? writeAll(text.hasSuffix("\n") ? text : text + "\n", to: error)
  }
}

/// A line without its colours (`ESC [ ... letter`).
private func withoutEscapeSequences(_ line: Substring.UnicodeScalarView) -> String {
  var plain = String.UnicodeScalarView()
  var rest = line
  while let scalar = rest.popFirst() {
    if scalar == "\u{1B}", rest.first == "[" {
      rest = rest.dropFirst().drop { !("@"..."~" ~= $0) }.dropFirst()
    } else {
      plain.append(scalar)
    }
  }
  return String(plain)
}
