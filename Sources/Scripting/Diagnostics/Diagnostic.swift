/// A fault with its place. The only error that reaches the user; see ``rendered(width:showsSource:)`` for its text.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable { case error, warning }

  public let severity: Severity
  /// Stable, lower case with hyphens: `unknown-command`.
  public let code: String
  /// One line, lower case, no full stop.
  public let message: String
  public let span: Span?
  /// Remedies and "did you mean", one line each.
  public private(set) var notes: [String]
  /// The calls of functions that led here, innermost first.
  public private(set) var calls: [FunctionCall] = []

  public struct FunctionCall: Sendable {
    public let function: String
    public let span: Span
  }

  public init(
    _ severity: Severity = .error, code: String, _ message: String, at span: Span?,
    notes: [String] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.span = span
    self.notes = notes
  }

  /// The same fault with a further note.
  public func noting(_ note: String) -> Diagnostic {
    var diagnostic = self
    diagnostic.notes.append(note)
    return diagnostic
  }

  /// The same fault in other words, which say what to do.
  public func stating(_ message: String) -> Diagnostic {
    var diagnostic = Diagnostic(severity, code: code, message, at: span)
    diagnostic.calls = calls
    return diagnostic
  }

  /// The same as something to know, because of which nothing fails.
  public var asWarning: Diagnostic {
    var diagnostic = Diagnostic(.warning, code: code, message, at: span, notes: notes)
    diagnostic.calls = calls
    return diagnostic
  }

  /// The same fault, found in `function`, which was called at `span`.
  public func called(_ function: String, at span: Span) -> Diagnostic {
    var diagnostic = self
    diagnostic.calls.append(FunctionCall(function: function, span: span))
    return diagnostic
  }
}
