import ExactText

/// Reads a source into statements, by recursive descent with one token of lookahead.
///
/// - `Parser+Statements`: statements and blocks; a further kind of statement is one function and
///   one line there
/// - `Parser+Functions`: definitions of functions, `return`, `try`
/// - `Parser+Assignments`: changes of parts of variables
/// - `Parser+Commands`, `Parser+RawText`: the verb form
/// - `Parser+Expressions`: functions without a name, choices
/// - `Parser+Operators`: the table of operators and the loop it drives
/// - `Parser+Operands`, `Parser+Nodes`: everything that operators join
public struct Parser {
  /// Brackets, blocks, interpolations and prefix operators inside one another.
  public static let nestingLimit = 200
  /// ``Expression/height``: also operators in a row make a tree deep.
  public static let heightLimit = 1000

  var scanner: Scanner
  let grammar: any CommandGrammar
  /// The end of the last token taken.
  var position = 0
  /// The same without line ends: where a reader looks for what is missing.
  private var reach = 0
  var context = Context()
  /// The brackets and blocks that are open, innermost last.
  var openings: [Token] = []
  var depth = 0
  /// The functions of scripts: those known before, and those that the text defines as far as it was read.
  var functions: Set<Name>
  /// What `break` and `return` would leave.
  var enclosing = Enclosing()
  private var lookahead: Token?
  private let check: () throws -> Void

  struct Context {
    /// Inside brackets a line end is a blank.
    var newlinesAreBlank = false
    /// Outside brackets, in the arguments of a command, blanks separate.
    var isCommandArgument = false
    /// What a word without quotes is as the argument behind this one.
    var followingWord = WordUse.expression
  }

  struct Enclosing {
    var isLoop = false
    var isFunction = false
  }

  /// - Parameter check: called at each token; what it throws ends the parsing of a long text.
  public init(
    source: Source, grammar: any CommandGrammar, functions: [String] = [],
    check: @escaping () throws -> Void = {}
  ) {
    self.check = check
    scanner = Scanner(source: source)
    self.grammar = grammar
    self.functions = Set(names: functions)
  }

  /// - Throws: the first ``Diagnostic`` of the text.
  public func parse() throws -> Script {
    var parser = self
    return Script(source: scanner.source, statements: try parser.statements(until: .end))
  }
}

// MARK: Tokens
extension Parser {
  /// The next token; comments are passed over, and line ends where they are blanks.
  mutating func peek() throws -> Token {
    if let lookahead { return lookahead }
    try check()
    if let word = followingWord { return word }
    var token = try scanner.token(at: position, depth: depth)
    while token.kind == .comment || (token.kind == .newline && context.newlinesAreBlank) {
      token = try scanner.token(at: token.range.upperBound, depth: depth)
    }
    lookahead = token
    return token
  }

  @discardableResult
  mutating func take() throws -> Token {
    let token = try peek()
    let reach = token.kind == .newline ? reach : token.range.upperBound
    move(to: token.range.upperBound)
    self.reach = reach
    return token
  }

  /// Goes on at a place that no token has led to.
  mutating func move(to offset: Int) {
    position = offset
    reach = offset
    lookahead = nil
  }

  mutating func at(_ symbol: Symbol) throws -> Bool { try peek().kind == .symbol(symbol) }

  /// Whether the next token stands directly behind the last.
  mutating func isAttached() throws -> Bool { try peek().range.lowerBound == position }

  mutating func takeIf(_ symbol: Symbol) throws -> Bool {
    guard try at(symbol) else { return false }
    try take()
    return true
  }

  mutating func skipNewlines() throws {
    while try peek().kind == .newline { try take() }
  }

  @discardableResult
  mutating func expect(_ kind: Token.Kind, _ what: String) throws -> Token {
    guard try peek().kind == kind else { throw try unexpected(what) }
    return try take()
  }
}

// MARK: Places
extension Parser {
  func span(from start: Int) -> Span { scanner.span(start..<max(start, position)) }
  func span(_ token: Token) -> Span { scanner.span(token.range) }
  func text(_ token: Token) -> String { scanner.source.text(token.range) }

  /// An expression that begins at `start` and ends with the last token taken.
  func node(_ kind: Expression.Kind, from start: Int) throws -> Expression {
    let expression = Expression(kind, span(from: start))
    guard expression.height <= Self.heightLimit else {
      throw SyntaxFault.tooManyOperators(limit: Self.heightLimit).at(expression.span)
    }
    return expression
  }
}

// MARK: Nesting
extension Parser {
  /// Runs `body` one level deeper; `token` is what opened the level.
  mutating func nested<Result>(
    in token: Token, _ body: (inout Parser) throws -> Result
  ) throws -> Result {
    guard depth < Self.nestingLimit else {
      throw SyntaxFault.nestedTooDeeply(limit: Self.nestingLimit).at(span(token))
    }
    depth += 1
    let result = try body(&self)
    depth -= 1
    return result
  }

  /// Takes the opening symbol, runs `body` and takes the closing one.
  mutating func enclosed<Result>(
    by close: Symbol, in inner: Context = Context(newlinesAreBlank: true), expecting what: String,
    _ body: (inout Parser) throws -> Result
  ) throws -> Result {
    let opening = try take()
    let outer = context
    openings.append(opening)
    context = inner
    let result = try nested(in: opening, body)
    guard try at(close) else { throw try unexpected(what) }
    openings.removeLast()
    context = outer
    try take()
    return result
  }
}

// MARK: Faults
extension Parser {
  /// The next token is not what the grammar wants here.
  mutating func unexpected(_ what: String, notes: [String] = []) throws -> Diagnostic {
    let token = try peek()
    switch token.kind {
    case .end: return endFault(what, notes)
    case .newline:
      let place = scanner.span(reach..<reach)
      return SyntaxFault.expected(what, found: "the end of the line").at(place, notes: notes)
    case .symbol(.rightParenthesis), .symbol(.rightBracket), .symbol(.rightBrace):
      if openings.isEmpty { return SyntaxFault.unmatched(text(token)).at(span(token)) }
    default: break
    }
    let fault = SyntaxFault.expected(what, found: described(token))
    return fault.at(span(token), notes: notes + advice(on: token))
  }

  private func endFault(_ what: String, _ notes: [String]) -> Diagnostic {
    let place = scanner.span(reach..<reach)
    if scanner.isBounded {
      return SyntaxFault.expected(what, found: "the end of the option").at(place, notes: notes)
    }
    if let opening = openings.last {
      return SyntaxFault.neverClosed(text(opening)).at(span(opening), notes: notes)
    }
    return SyntaxFault.unexpectedEnd(expected: what).at(place, notes: notes)
  }

  /// Habits of other languages.
  private func advice(on token: Token) -> [String] {
    let end = token.range.upperBound
    switch token.kind {
    case .symbol(.dot) where scanner.isDigit(end): return ["a number begins with a digit: `0.5`"]
    case .symbol(.at):
      return [
        "`@` directly follows a node: `L3@7`, `embed@7`; between blanks it multiplies matrices: `a @ b`"
      ]
    default: return []
    }
  }

  private func described(_ token: Token) -> String {
    switch token.kind {
    case .string: "a string"
    case .number: "the number `\(text(token).clipped)`"
    case .keyword: "the reserved word `\(text(token))`"
    default: "`\(text(token).clipped)`"
    }
  }
}

extension String {
  /// At most 40 characters, for a message of one line.
  var clipped: String { prefix(41).count <= 40 ? self : prefix(39) + "…" }
}
