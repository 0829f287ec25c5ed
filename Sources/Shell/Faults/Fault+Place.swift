import Faults
import Scripting

extension Fault {
  /// The fault with the place where the script caused it.
  func located(_ span: Span) -> Diagnostic {
    Diagnostic(code: code, message, at: span, notes: remedy.map { [$0] } ?? [])
  }
}

extension Diagnostic {
  /// The same fault at another place.
  func moved(to span: Span) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: notes)
  }
}
