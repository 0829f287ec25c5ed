/// The session as it was before a command, on the heap: commands nest deeply in functions.
final class SessionSnapshot {
  private let session: Session

  init(of interpreter: Interpreter) { session = interpreter.session }

  /// Undoes what a failed command has changed. A file that it has completed stays completed.
  func restore(in interpreter: Interpreter) {
    let isOutputEnded = session.output != nil && interpreter.session.output == nil
    interpreter.session = session
    if isOutputEnded { interpreter.session.output = nil }
  }

  func restoreInterventions(in interpreter: Interpreter) {
    interpreter.session.restoreInterventions(from: session)
  }
}
