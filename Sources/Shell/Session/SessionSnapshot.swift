/// The session as it was before a command, on the heap: commands nest deeply in functions.
final class SessionSnapshot {
  private let session: Session

  init(of interpreter: Interpreter) { session = interpreter.session }

  /// Undoes what a failed command has changed. A file that it has completed stays completed.
  func restore(in interpreter: Interpreter) {
    let output = interpreter.session.output
    interpreter.session = session
    if session.output?.isEnded ?? false { interpreter.session.output = nil }
    if let output, output !== session.output, !output.isEnded { interpreter.warn(output.abandonment) }
  }

  func restoreInterventions(in interpreter: Interpreter) {
    interpreter.session.restoreInterventions(from: session)
  }
}
