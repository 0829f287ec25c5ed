import Faults
import Language
import LineEditing
import SystemCalls

/// `--serve`: requests on standard input, replies on standard output, until the input ends.
struct Serving {
  private let interpreter: Interpreter
  private let console: Console

  init(_ interpreter: Interpreter, _ console: Console) {
    self.interpreter = interpreter
    self.console = console
  }

  /// SIGINT ends a request and SIGTERM the program, also where the program that starts this one has them ignored or blocked.
  static func admitSignals() {
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_DFL)
      sigaddset(&signals, number)
    }
    sigprocmask(SIG_UNBLOCK, &signals, nil)
  }

  func run() throws -> Main.Status {
    // Half a line would be no reply, so nothing stops in its midst.
    let server = RequestServer(interpreter) { line in
      try Interruption.asking({}) { try console.write(line + "\n") }
    }
    interpreter.keepChanges()
    do {
      var lines = RequestLines()
      while !interpreter.isFinished, try answer(lines.next(), server) {}
    } catch {
      interpreter.abandon()
      guard error is Interrupted else { throw error }
      return Program.interrupted
    }
    interpreter.listener = nil
    return finish()
  }

  /// - Returns: false at the end of the input.
  private func answer(_ line: RequestLines.Line, _ server: RequestServer) throws -> Bool {
    switch line {
    case .request(let bytes): try server.answer(bytes)
    case .tooLong: try server.refuse(.tooLong(limit: RequestLines.limit))
    case .end: return false
    }
    if Interrupts.isTermination { throw Interrupted() }
    Interrupts.clear()
    return true
  }

  /// A `once` without a result is no reason to lose the results of a session.
  private func finish() -> Main.Status {
    var status = Main.Status.success
    for _ in 0..<2 {
      do { try interpreter.finish() } catch {
        Terminal.report(error, to: console)
        status = .failure
      }
    }
    return status
  }
}
