import ExactText
import Faults
import Language
import Scripting
import SystemCalls
import Workbench

/// What the terminal and the environment allow, and how errors look on it.
enum Terminal {
  /// Standard streams that the parent process has closed fail when they are used, and no file that is opened
  /// takes their place: messages would go into it.
  static func openMissingStreams() {
    for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number, which is this one; for the other direction than it is used in.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Standard output under another number, for its one user; who else writes to it writes to standard error.
  static func withdrawnOutput() throws -> Int32 {
    let descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
    guard descriptor >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
      throw InputOutputFault.outputFailed(reason: String(cString: strerror(errno)))
    }
    return descriptor
  }

  static func console(environment: [String: String], reportsJSON: Bool) -> Console {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    return Console(
      isTerminal: isTerminal, usesColor: usesColor(on: isTerminal, environment),
      usesUnicode: usesUnicode(environment), reportsJSON: reportsJSON)
  }

  /// NO_COLOR wins; FORCE_COLOR and CLICOLOR_FORCE colour pipes too; CLICOLOR=0 and TERM=dumb ask for none.
  static func usesColor(on isTerminal: Bool, _ environment: [String: String]) -> Bool {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty && environment[name] != "0" }
    if !(environment["NO_COLOR"] ?? "").isEmpty { return false }
    if isSet("FORCE_COLOR") || isSet("CLICOLOR_FORCE") { return true }
    let term = environment["TERM"] ?? ""
    return isTerminal && environment["CLICOLOR"] != "0" && !term.isEmpty && term != "dumb"
  }

  /// A locale that names another character set than UTF-8 gets plain ASCII drawings; no locale at all does not.
  private static func usesUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.filter { !$0.isEmpty }
    guard let locale = names.first?.uppercased() else { return true }
    return locale.contains("UTF-8") || locale.contains("UTF8")
  }

  /// Tells of a fault that stops nothing.
  static func warn(_ fault: any Fault, on console: Console) {
    console.report(fault.located(nil, as: .warning))
  }

  /// Writes an error to standard error; a closed standard output needs no words.
  static func report(_ error: any Error, to console: Console) {
    switch error {
    case is Interrupted where !console.reportsJSON: console.note("interrupted")
    case is Console.Closed: break
    default: console.report(Diagnostic(of: error))
    }
  }
}
