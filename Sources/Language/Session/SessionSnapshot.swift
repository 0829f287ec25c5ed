/// The session as it was before a command, on the heap: commands nest deeply in functions.
final class SessionSnapshot {
  private let session: Session
  private let recording: Recording?

  init(of interpreter: Interpreter) {
    (session, recording) = (interpreter.session, interpreter.record.recording)
  }

  /// Undoes what a failed command has changed. A file that it has completed stays completed.
  func restore(in interpreter: Interpreter) {
    let output = interpreter.session.output
    interpreter.session = session
    interpreter.record.recording = recording
    if session.output?.isEnded ?? false { interpreter.session.output = nil }
    if let output, output !== session.output, !output.isEnded, let diagnostic = output.abandon() {
      interpreter.warn(diagnostic)
    }
  }

  func restoreChanges(in interpreter: Interpreter) {
    interpreter.session.state.restoreChanges(from: session.state)
  }
}
