/// The smallest piece of a text that means something by itself.
public struct Token: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    case identifier
    case keyword(Keyword)
    case number
    /// With its quotes; interpolations are inside.
    case string
    /// The first word of a node or node set: `L3`, `L3H5`, the `L` of `L*` and `L{l}`.
    case node
    case symbol(Symbol)
    case comment
    case newline
    /// The end of the text; empty.
    case end
    /// What no rule accepts. The lenient ``Lexer`` gives it; the parser throws instead, but for a word that stands for itself.
    case invalid
  }

  public let kind: Kind
  /// UTF-8 offsets.
  public let range: Range<Int>

  public init(_ kind: Kind, _ range: Range<Int>) {
    self.kind = kind
    self.range = range
  }
}

/// Words that are never names.
public enum Keyword: String, Sendable, CaseIterable {
  case `let`, `for`, `in`, `if`, `else`, `while`, `break`, `continue`, def, `return`, `try`, `catch`, with
  case `true`, `false`, null, and, or, not
}

public enum Symbol: String, Sendable, CaseIterable {
  case leftParenthesis = "("
  case rightParenthesis = ")"
  case leftBracket = "["
  case rightBracket = "]"
  case leftBrace = "{"
  case rightBrace = "}"
  case comma = ","
  case semicolon = ";"
  case colon = ":"
  case dot = "."
  case at = "@"
  case assign = "="
  case addAssign = "+="
  case subtractAssign = "-="
  case multiplyAssign = "*="
  case divideAssign = "/="
  case arrow = "=>"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case plus = "+"
  case minus = "-"
  case star = "*"
  case slash = "/"
  case percent = "%"
  case caret = "^"
  case range = ".."
  case openRange = "..<"
}
