/// A fault with its place. The only error that reaches the user; see ``rendered(color:width:)`` for its text.
public struct Diagnostic: Error, Sendable {
  public enum Severity: String, Sendable { case error, warning }

  public let severity: Severity
  /// Stable, lower case with hyphens: `unknown-command`.
  public let code: String
  /// One line, lower case, no full stop.
  public let message: String
  public let span: Span?
  /// Remedies and "did you mean", one line each.
  public let notes: [String]

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
}
