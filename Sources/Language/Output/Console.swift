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
  ///
  /// - Parameter text: without styles.
  private func isTooTall(_ text: String) -> Bool {
    var size = winsize()
    guard isTerminal, ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_row >= smallestHeight
    else { return false }
    // More than a screen holds, with combining characters.
    if text.utf8.count > 64 * Int(size.ws_row) * width { return true }
    var room = Int(size.ws_row) - 1
    for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty, line.endIndex == text.endIndex { break }
      room -= max(1, (displayWidth(String(line)) + width - 1) / width)
      if room < 0 { return true }
    }
    return false
  }

  // MARK: Standard output

  /// Writes a result, through the pager when it is taller than the terminal.
  ///
  /// - Returns: whether it was shown in the pager.
  /// - Throws: ``Closed``, ``Interrupted``; a part of the text may have been written then.
  @discardableResult
  func write(_ text: StyledText, _ notation: EscapeNotation, pager: Pager? = nil) throws -> Bool {
    guard isTerminal else {
      try send(text.ansi)
      return false
    }
    let gated = try text.gated(notation, check: Interruption.check)
    if let pager, isTooTall(gated.plain), pager.show(gated.ansi) { return true }
    try send(gated.ansi)
    return false
  }

  /// Writes a text of lines.
  ///
  /// - Throws: as ``write(_:_:pager:)``.
  package func write(_ text: String) throws { try write(StyledText(text), .script) }

  /// Writes a text on a line of its own, which on a terminal it does not leave.
  ///
  /// - Throws: as ``write(_:_:pager:)``.
  package func write(line: String) throws { try write((isTerminal ? line.escapingControls : line) + "\n") }

  private func send(_ bytes: String) throws {
    do { try writeAll(bytes, to: output, check: Interruption.check) } catch let error as SystemError {
      throw error.number == EPIPE
        ? Closed() : InputOutputFault.outputFailed(reason: error.reason) as any Error
    }
  }

  /// Leaves a terminal blank, with the cursor at its top.
  func clearScreen() {
    if isTerminal { try? writeAll("\u{1B}[H\u{1B}[2J", to: output) }
  }

  // MARK: Standard error

  private var errorIsTerminal: Bool { isatty(error) == 1 }

  /// Replaces the line of progress on standard error, if that is a terminal.
  package func progress(_ text: String) {
    guard errorIsTerminal else { return }
    try? writeAll("\r\(text.escapingControls)\u{1B}[K", to: error)
  }

  /// Writes an error or a warning to standard error.
  ///
  /// - Parameter showsSource: whether a person sees the line that it is about.
  package func report(_ diagnostic: Diagnostic, showsSource: Bool = true) {
    if reportsJSON { return explain(StyledText(diagnostic.json), .json) }
    explain(diagnostic.styled(usesColor && errorIsTerminal, showsSource: showsSource), .script)
  }

  /// A confirmation or timing, on a line of its own, which on a terminal it does not leave.
  package func note(_ line: String) {
    explain(StyledText(errorIsTerminal ? line.escapingControls : line), .script)
  }

  /// Writes a text of lines to standard error.
  package func explain(_ text: String) { explain(StyledText(text), .script) }

  /// A closed standard error is no reason to fail.
  private func explain(_ text: StyledText, _ notation: EscapeNotation) {
    let shown = (errorIsTerminal ? text.gated(notation, check: {}) : text).ansi
    try? writeAll(shown.hasSuffix("\n") ? shown : shown + "\n", to: error)
  }
}

extension Diagnostic {
  /// - Parameter isColored: whether the severity and the carets are marked.
  fileprivate func styled(_ isColored: Bool, showsSource: Bool) -> StyledText {
    let style: TextStyle = severity == .error ? .error : .warning
    return parts(showsSource: showsSource).reduce(into: StyledText()) {
      $0 += StyledText($1.text, $1.isMarked && isColored ? style : nil)
    }
  }
}
