#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Faults

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

  package init(
    output: Int32 = STDOUT_FILENO, error: Int32 = STDERR_FILENO, isTerminal: Bool, usesColor: Bool,
    usesUnicode: Bool
  ) {
    self.output = output
    self.error = error
    self.isTerminal = isTerminal
    self.usesColor = usesColor
    self.usesUnicode = usesUnicode
  }

  /// Columns of the terminal as it is now; no limit elsewhere.
  package var width: Int {
    var size = winsize()
    guard isTerminal, ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return isTerminal ? 80 : .max
    }
    return Int(size.ws_col)
  }

  package func write(_ text: String) throws {
    do { try writeAll(text, to: output) } catch let error as SystemError {
      throw error.number == EPIPE ? Closed() : ShellFault.outputFailed(reason: error.reason) as any Error
    }
  }

  /// Replaces the line of progress on standard error, if that is a terminal.
  package func progress(_ text: String) {
    guard isatty(error) == 1 else { return }
    try? writeAll("\r\(text)\u{1B}[K", to: error)
  }

  /// Whether diagnostics are coloured.
  package var errorUsesColor: Bool { usesColor && isatty(error) == 1 }

  /// Diagnostics, timings, notes. A closed standard error is no reason to fail.
  package func note(_ text: String) {
    try? writeAll(text.hasSuffix("\n") ? text : text + "\n", to: error)
  }
}
