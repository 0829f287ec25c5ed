import Faults
import Scripting

extension Fault {
  /// The fault with the place where the script caused it, if there is one.
  package func located(_ span: Span?, as severity: Diagnostic.Severity = .error) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: remedy.map { [$0] } ?? [])
  }
}

extension Diagnostic {
  /// What is said of any error that has ended a command.
  package init(of error: any Error) {
    switch error {
    case let diagnostic as Diagnostic: self = diagnostic
    case let fault as any Fault: self = fault.located(nil)
    case is Interrupted: self.init(code: "interrupted", "interrupted", at: nil)
    default: self.init(code: "internal", "\(error)", at: nil)
    }
  }

  /// The same fault at another place.
  package func moved(to span: Span) -> Diagnostic {
    Diagnostic(severity, code: code, message, at: span, notes: notes)
  }
}
