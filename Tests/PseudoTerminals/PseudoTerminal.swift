import CPseudoTerminal
import SystemCalls

/// A program on a terminal of its own, driven as a person would: keys in, screen output out.
///
///     let terminal = try PseudoTerminal(executable: "/bin/cat", arguments: [])
///     terminal.send("hello\n")
///     try terminal.expect("hello")
public final class PseudoTerminal {
  public struct Size: Sendable {
    public let rows: UInt16
    public let columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
      self.rows = rows
      self.columns = columns
    }
  }

  /// Environment of a common terminal with a UTF-8 locale and no home of a real user.
  public static let plainEnvironment = [
    "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/nonexistent",
  ]

  /// Seconds that tests wait for what a program is going to do: far more than a machine under load takes.
  public static let patience = 120.0

  public let process: pid_t
  private let terminal: Int32
  /// The size from a byte of the output on, oldest first.
  private var sizes: [(start: Int, size: Size)]
  private var output: [UInt8] = []
  /// Bytes of `output` before the end of the last match.
  private var matched = 0
  private var hasEnded = false
  private var isHungUp = false
  private var status: Int32?

  public init(
    executable: String, arguments: [String], environment: [String: String] = plainEnvironment,
    directory: String? = nil, size: Size = Size(rows: 24, columns: 80)
  ) throws {
    var terminal: Int32 = -1
    process = withArguments([executable] + arguments, environment) { arguments, environment in
      pseudo_terminal_start(
        executable, arguments, environment, directory, size.rows, size.columns, &terminal)
    }
    guard process > 0 else { throw TerminalFailure("cannot start \(executable): \(systemError())") }
    self.terminal = terminal
    sizes = [(0, size)]
    _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if status == nil {
      kill(process, SIGKILL)
      var ignored: Int32 = 0
      waitpid(process, &ignored, 0)
    }
    if !isHungUp { close(terminal) }
  }

  /// Types a text; control characters are keys (`\u{3}` is Ctrl-C).
  public func send(_ text: String) { send(bytes: Array(text.utf8)) }

  public func send(bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty, !hasEnded {
      let count = rest.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
      if count > 0 { rest = rest.dropFirst(count) }
      // The program is busy writing: take its output, so that it can read again.
      if count < 0 { receive(milliseconds: 20) }
    }
  }

  /// Waits until what was shown since the last match contains `text`, ignoring escape sequences.
  ///
  /// - Returns: what was shown since the last match, up to the end of `text`.
  @discardableResult
  public func expect(_ text: String, timeout seconds: Double = patience) throws -> String {
    let deadline = now() + seconds
    while true {
      let shown = VisibleText(output[matched...])
      if let end = shown.endOfFirst(text) {
        matched += end.offset
        return end.text
      }
      guard !hasEnded, now() < deadline else {
        throw TerminalFailure(
          "\(hasEnded ? "the program ended" : "nothing came in \(seconds) s") without \(text.debugDescription) after "
            + "\(shown.text.debugDescription)\ntranscript: \(transcript.debugDescription)")
      }
      receive(milliseconds: 50)
    }
  }

  /// Waits until the screen shows exactly these lines, with the cursor where it is said to be; blanks at the
  /// ends do not count.
  @discardableResult
  public func expectScreen(
    _ lines: [String], row: Int? = nil, column: Int? = nil, timeout seconds: Double = patience
  ) throws -> Screen {
    let place = "\(row.map { ", row \($0)" } ?? "")\(column.map { ", column \($0)" } ?? "")"
    return try expectScreen(lines.joined(separator: "\n") + place, timeout: seconds) { screen in
      let isInPlace = screen.row == row ?? screen.row && screen.column == column ?? screen.column
      return screen.lines == lines && isInPlace
    }
  }

  /// Waits until the screen is as wanted; `wanted` says how that is.
  @discardableResult
  public func expectScreen(
    _ wanted: String, timeout seconds: Double = patience, _ isAsWanted: (Screen) -> Bool
  ) throws -> Screen {
    let deadline = now() + seconds
    while true {
      let screen = screen
      if isAsWanted(screen) { return screen }
      guard !hasEnded, now() < deadline else {
        throw TerminalFailure(
          "the screen shows, with the cursor at \((screen.row, screen.column)),\n"
            + "\(screen.lines.joined(separator: "\n"))\nnot\n\(wanted)\ntranscript: \(transcript.debugDescription)"
        )
      }
      receive(milliseconds: 50)
    }
  }

  /// The screen after all that has come so far.
  public var screen: Screen {
    var screen: Screen?
    for (index, (start, size)) in sizes.enumerated() {
      let end = index + 1 < sizes.count ? sizes[index + 1].start : output.count
      screen?.resize(rows: Int(size.rows), columns: Int(size.columns))
      if screen == nil { screen = Screen(rows: Int(size.rows), columns: Int(size.columns)) }
      screen?.show(String(decoding: output[start..<end], as: UTF8.self))
    }
    return screen ?? Screen(rows: 0, columns: 0)
  }

  /// What is shown since the last match once nothing new has come for a while; counts as matched.
  public func settle(quietMilliseconds: Int32 = 200) -> String {
    while receive(milliseconds: quietMilliseconds) {}
    defer { matched = output.count }
    return VisibleText(output[matched...]).text
  }

  public func resize(_ size: Size) throws {
    guard pseudo_terminal_resize(terminal, size.rows, size.columns) == 0 else {
      throw TerminalFailure("cannot resize the terminal: \(systemError())")
    }
    sizes.append((output.count, size))
  }

  /// Sends a signal to the program alone, not to its process group.
  public func signal(_ number: Int32) { kill(process, number) }

  /// - Returns: the exit code, or 128 + the signal that ended the program.
  public func waitForExit(timeout seconds: Double = patience) throws -> Int32 {
    let deadline = now() + seconds
    while status == nil {
      receive(milliseconds: 10)
      var code: Int32 = 0
      if process_status(process, &code) == 1 { status = code }
      guard status != nil || now() < deadline else {
        throw TerminalFailure("still running after \(seconds) s\ntranscript: \(transcript.debugDescription)")
      }
      if hasEnded { usleep(5000) }
    }
    while receive(milliseconds: 0) {}
    return status ?? -1
  }

  /// Everything the program has written, escape sequences included.
  public var transcript: String { String(decoding: output, as: UTF8.self) }

  /// The same as bytes, as they came.
  public var bytes: [UInt8] { output }

  /// The terminal's modes, whoever has set them.
  public var modes: termios {
    get {
      var modes = termios()
      tcgetattr(terminal, &modes)
      return modes
    }
    set {
      var modes = newValue
      tcsetattr(terminal, TCSANOW, &modes)
    }
  }

  /// The process group that has the terminal, and gets its signals.
  public var foregroundGroup: pid_t { tcgetpgrp(terminal) }

  /// Takes the terminal away from the program.
  public func hangUp() {
    close(terminal)
    isHungUp = true
    hasEnded = true
  }

  /// Takes what the program writes within the time; false if nothing came.
  @discardableResult
  private func receive(milliseconds: Int32) -> Bool {
    guard !hasEnded else { return false }
    var source = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
    guard poll(&source, 1, milliseconds) > 0 else { return false }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(terminal, &chunk, chunk.count)
    if count > 0 {
      output += chunk.prefix(count)
      return true
    }
    // Once the last process on it has gone the terminal reads as an error.
    if count == 0 || (errno != EAGAIN && errno != EINTR) { hasEnded = true }
    return false
  }
}
