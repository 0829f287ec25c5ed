import ExactText
import Faults
import Files
import SystemCalls

/// The program that shows what is longer than the terminal, such as `less`.
package struct Pager: Sendable {
  /// As a shell reads it.
  private let command: String
  private let environment: [String: String]

  /// Options of `less` where the user has not chosen any: colours pass, what has been shown stays on the screen,
  /// Ctrl-C leaves.
  private static let lessOptions = "FRXK"

  /// `$PAGER`, else `less` if it is there; nil where `PAGER` is empty, and on a terminal that cannot move its cursor.
  package init?(environment: [String: String]) {
    let terminal = environment["TERM"] ?? ""
    guard !terminal.isEmpty, terminal != "dumb" else { return nil }
    if let chosen = environment["PAGER"] {
      guard chosen.contains(where: { !$0.isWhitespace }) else { return nil }
      command = chosen
    } else {
      guard Self.hasLess(environment) else { return nil }
      command = "less -\(Self.lessOptions)"
    }
    self.environment = environment.merging(["LESS": Self.lessOptions]) { chosen, _ in chosen }
  }

  private static func hasLess(_ environment: [String: String]) -> Bool {
    (environment["PATH"] ?? "").split(separator: ":").contains { access("\($0)/less", X_OK) == 0 }
  }

  /// Runs the program until the user leaves it.
  ///
  /// - Returns: whether it could be run.
  func show(_ text: String) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var modes = termios()
    let hasModes = tcgetattr(STDIN_FILENO, &modes) == 0
    let process = start(reading: ends[0])
    closeDescriptor(ends[0])
    // Who leaves before the end of the text closes the pipe.
    if process != nil { try? writeAll(text, to: ends[1]) }
    closeDescriptor(ends[1])
    guard let process else { return false }
    let status = Self.end(of: process)
    // A pager that was killed has not put them back.
    if hasModes { tcsetattr(STDIN_FILENO, TCSADRAIN, &modes) }
    return status != Self.cannotExecute && status != Self.notFound
  }

  /// Exit codes of a shell.
  private static let (cannotExecute, notFound): (Int32, Int32) = (126, 127)

  private func start(reading input: Int32) -> pid_t? {
    #if canImport(Glibc)
      var actions = posix_spawn_file_actions_t()
      var attributes = posix_spawnattr_t()
    #else
      var actions: posix_spawn_file_actions_t?
      var attributes: posix_spawnattr_t?
    #endif
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    // This process ignores it; programs expect to be ended by it.
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    var process: pid_t = 0
    let words = Self.cStrings(["sh", "-c", command])
    let settings = Self.cStrings(environment.map { "\($0.key)=\($0.value)" })
    defer { (words + settings).forEach { free($0) } }
    return posix_spawn(&process, "/bin/sh", &actions, &attributes, words, settings) == 0 ? process : nil
  }

  /// As C wants lists of words: ended by a null pointer. The caller frees them.
  private static func cStrings(_ words: [String]) -> [UnsafeMutablePointer<CChar>?] {
    words.map { (word: String) -> UnsafeMutablePointer<CChar>? in strdup(word) } + [nil]
  }

  /// Waits; the exit code, nil when a signal ended it.
  private static func end(of process: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      if errno != EINTR { return nil }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
  }
}

/// `close(2)` by a name that nothing hides.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
