import ExactText

/// What may be typed where the cursor stands, for completion in an unfinished text.
public struct CursorPlace: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// A statement begins: a command, a keyword or an expression.
    case statement
    /// An operand: a variable, a function, a node, a literal.
    case expression
    /// An argument of `command`: as `expression`, or the key of an option.
    case argument
    /// The value of an option of `command`.
    case value(option: String)
    /// Behind `base.`: a field of a value, or a component of a node.
    case field(base: String)
    /// A node that is being typed: `L3H`.
    case node
    /// Behind `node@`.
    case position(node: String)
    /// The verbatim text of `command`.
    case raw
    /// Inside a string.
    case string
    /// In a path that stands without quotes.
    case path
    /// What `with` takes: a command that changes something for its block.
    case change
    /// This word and no other, the `in` of `for x in`.
    case word(String)
    /// A name that the text introduces: nothing to propose.
    case newName
    /// Behind an operand, in a number, in a comment: nothing to propose.
    case nothing
  }

  /// Which argument of `command` the cursor stands in.
  public enum Argument: Sendable, Equatable {
    /// Without a key: how many of those stand before it, bare flags among them.
    case positional(Int)
    case option(String)
  }

  public let kind: Kind
  /// The command or function in whose arguments the cursor stands, the innermost.
  public let command: String?
  /// Nil inside a longer expression, and where no argument is.
  public let argument: Argument?
  /// What is typed of the word so far, in UTF-8 offsets of the text; a completion replaces it.
  public let range: Range<Int>

  public init(_ kind: Kind, command: String?, argument: Argument?, range: Range<Int>) {
    self.kind = kind
    self.command = command
    self.argument = argument
    self.range = range
  }

  /// The place at the end of `text`, which is all that stands before the cursor.
  public static func atEnd(of text: String, grammar: any CommandGrammar) -> CursorPlace {
    var walk = CursorWalk(scanner: Scanner(source: Source(name: nil, text: text)), grammar: grammar)
    return walk.place()
  }
}
