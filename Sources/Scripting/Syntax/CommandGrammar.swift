/// What the parser must know of the commands: it knows no command by name.
public protocol CommandGrammar: Sendable {
  /// How the arguments of `name` read in verb form; nil when `name` is no command.
  func argumentStyle(of name: String) -> ArgumentStyle?

  /// Whether `name` can be called in call form only: `mean(x)`.
  func isFunction(_ name: String) -> Bool

  /// The command whose name is close to `name`, for "did you mean"; nil when none is.
  func closestCommand(to name: String) -> String?
}

public enum ArgumentStyle: Sendable {
  /// Expressions and `key=value`, separated by blanks (or commas).
  case expressions
  /// The rest of the statement verbatim, then `key=value` options at its end.
  case raw
  /// As `expressions`, and a reserved word or a piece of a word is a name: `help while`, `baseline ##s`.
  case words
  /// A whole statement follows: `time forward top=5`.
  case statement
}
