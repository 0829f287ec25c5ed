/// What the parser must know of the commands: it knows no command by name.
public protocol CommandGrammar: Sendable {
  /// How the arguments of `name` read in verb form; nil when `name` is no command.
  func argumentStyle(of name: String) -> ArgumentStyle?

  /// Whether `name` can be called in call form only: `mean(x)`.
  func isFunction(_ name: String) -> Bool

  /// The command whose name is close to `name`, for "did you mean"; nil when none is.
  func closestCommand(to name: String) -> String?

  /// What a word without quotes is as an argument of `command`.
  func wordUse(of argument: CursorPlace.Argument, in command: String) -> WordUse

  /// Whether `word` alone turns an option of `command` on.
  func isFlag(_ word: String, of command: String) -> Bool
}

extension CommandGrammar {
  public func wordUse(of argument: CursorPlace.Argument, in command: String) -> WordUse { .expression }
  public func isFlag(_ word: String, of command: String) -> Bool { false }
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

/// What a word without quotes is.
public enum WordUse: Sendable {
  /// An expression, whatever it is.
  case expression
  /// An expression if it is one, else the word itself: `2G`.
  case word
  /// Itself, unless it is a name or a number: `data/x.tsv`, `~/models/bert`, `hf:org/name`.
  case path
}
