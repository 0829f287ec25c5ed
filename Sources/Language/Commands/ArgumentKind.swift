import Results
import Scripting

/// A kind of argument that a domain adds to those of the language.
package protocol ArgumentKind: Sendable {
  /// Whether most arguments are texts in quotes.
  var takesText: Bool { get }

  /// Whether a word without quotes that is no name is a path.
  var takesPath: Bool { get }

  /// Whether a value that nothing else takes is meant for it, wherever it stands.
  func claims(_ value: Value) -> Bool

  /// The value of an argument, checked as far as the kind does.
  func value(of expression: Expression, in session: any CommandContext) throws -> Value
}

extension ArgumentKind {
  package var takesText: Bool { false }
  package var takesPath: Bool { false }

  package func claims(_ value: Value) -> Bool { false }

  package func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    try session.evaluate(expression)
  }
}
