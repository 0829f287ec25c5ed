import Faults
import Scripting

extension Fault {
  /// The fault with the place where the script caused it, if there is one.
  package func located(_ span: Span?, as severity: Diagnostic.Severity = .error) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: remedy.map { [$0] } ?? [])
  }
}

extension Diagnostic {
  /// The same fault at another place.
  package func moved(to span: Span) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: notes)
  }
}
