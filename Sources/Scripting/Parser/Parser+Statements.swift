import ExactText

extension Parser {
  /// Statements up to the end of the text or of the block.
  mutating func statements(until end: Token.Kind) throws -> [Statement] {
    var statements: [Statement] = []
    while true {
      while try peek().kind == .newline || at(.semicolon) { try take() }
      if try peek().kind == end { return statements }
      statements.append(try statement())
      try endOfStatement(after: statements[statements.count - 1])
    }
  }

  mutating func statement() throws -> Statement {
    let token = try peek()
    switch token.kind {
    case .keyword(.let): return try binding()
    case .keyword(.for): return try forLoop()
    case .keyword(.if): return try conditional()
    case .keyword(.with): return try scoped()
    case .keyword(.while): return try whileLoop()
    case .keyword(.break), .keyword(.continue): return try loopExit()
    case .keyword(.def): return try function()
    case .keyword(.return): return try returning()
    case .keyword(.try): return try attempt()
    case .keyword(.else): throw SyntaxFault.elseWithoutIf.at(span(token))
    case .keyword(.catch): throw SyntaxFault.catchWithoutTry.at(span(token))
    case .identifier: return try commandOrExpression(token)
    case .end: throw try unexpected("a statement")
    default: return try expressionStatement()
    }
  }

  private mutating func endOfStatement(after statement: Statement) throws {
    switch try peek().kind {
    case .newline, .end, .symbol(.semicolon): return
    case .symbol(.rightBrace) where !openings.isEmpty: return
    default:
      try rejectElif(try peek())
      throw try unexpected("the end of the statement", notes: try advice(after: statement))
    }
  }

  /// Why a statement may go on where it has to end.
  private mutating func advice(after statement: Statement) throws -> [String] {
    if try at(.leftBracket) { return ["the `[` of a subscript follows its base without a blank"] }
    if try at(.leftParenthesis) { return ["the `(` of a call follows its name without a blank"] }
    if case .binding(_, let value) = statement.kind, case .name(let name) = value.kind,
      grammar.argumentStyle(of: name) != nil
    {
      return ["in an expression write the command `\(name)` as `\(name)(...)`"]
    }
    return []
  }

  mutating func expressionStatement() throws -> Statement {
    let start = try peek().range.lowerBound
    let expression = try expression()
    if let assignment = try assignment(to: expression, from: start) { return assignment }
    return Statement(.expression(expression), span(from: start))
  }
}

// MARK: Bindings, loops, conditions, scopes
extension Parser {
  private mutating func binding() throws -> Statement {
    let start = try take().range.lowerBound
    let name = try newName("a name after `let`")
    guard try at(.assign) else {
      let isPart = try at(.leftBracket) || at(.dot)
      throw try unexpected(
        "`=` after `let \(name.name.clipped)`",
        notes: isPart
          ? ["a part of a variable is changed without `let`: `\(name.name.clipped)[0] = value`"] : [])
    }
    try take()
    try skipNewlines()
    return Statement(.binding(name: name, value: try expression()), span(from: start))
  }

  private mutating func forLoop() throws -> Statement {
    let start = try take().range.lowerBound
    let variables = try loopNames()
    let names = variables.map(\.name).joined(separator: ", ")
    try expect(.keyword(.in), "`in` after `for \(names.clipped)`")
    let sequence = try expression()
    let body = try loopBody(of: "for")
    return Statement(.forLoop(variables: variables, sequence: sequence, body: body), span(from: start))
  }

  private mutating func whileLoop() throws -> Statement {
    let start = try take().range.lowerBound
    if try at(.leftBrace) { throw try unexpected("a condition") }
    let condition = try expression()
    try rejectArrow(in: condition)
    let body = try loopBody(of: "while")
    return Statement(.whileLoop(condition: condition, body: body), span(from: start))
  }

  private mutating func loopBody(of keyword: String) throws -> [Statement] {
    let outer = enclosing
    enclosing.isLoop = true
    let body = try block(of: keyword)
    enclosing = outer
    return body
  }

  private mutating func loopExit() throws -> Statement {
    let token = try take()
    let isBreak = token.kind == .keyword(.break)
    guard enclosing.isLoop else {
      throw SyntaxFault.misplacedStatement(isBreak ? .break : .continue, outside: "loop").at(span(token))
    }
    return Statement(isBreak ? .break : .continue, span(token))
  }

  private mutating func conditional() throws -> Statement {
    let start = try peek().range.lowerBound
    var branches: [Statement.Branch] = []
    repeat {
      try take()
      if try at(.leftBrace) { throw try unexpected("a condition") }
      let condition = try expression()
      try rejectArrow(in: condition)
      branches.append(.init(condition: condition, body: try block(of: "if")))
    } while try takesElseIf()
    let otherwise = try takesElse() ? try block(of: "else") : []
    return Statement(.conditional(branches: branches, otherwise: otherwise), span(from: start))
  }

  /// `with ablate(L3H5), keep(L1) { ... }`
  private mutating func scoped() throws -> Statement {
    let start = try take().range.lowerBound
    if try at(.leftBrace) { throw try unexpected("an intervention such as `ablate(L3H5)`") }
    var changes = [try expression()]
    while try takeIf(.comma) {
      try skipNewlines()
      changes.append(try expression())
    }
    return Statement(.scoped(changes: changes, body: try block(of: "with")), span(from: start))
  }

  mutating func block(of keyword: String) throws -> [Statement] {
    guard try at(.leftBrace) else {
      let notes =
        try at(.colon) ? ["the block stands in braces, without a colon: `\(keyword) ... { ... }`"] : []
      throw try unexpected("`{` to open the block of `\(keyword)`", notes: notes)
    }
    return try enclosed(by: .rightBrace, in: Context(), expecting: "`}`") {
      try $0.statements(until: .symbol(.rightBrace))
    }
  }

  /// Takes `else`, also on a later line, when `if` follows it.
  private mutating func takesElseIf() throws -> Bool {
    guard let end = try end(of: .else), try scanner.token(at: end).kind == .keyword(.if) else { return false }
    move(to: end)
    return true
  }

  private mutating func takesElse() throws -> Bool {
    guard let end = try end(of: .else) else { return false }
    move(to: end)
    return true
  }

  /// Where the keyword ends that comes next but for line ends and comments; nil when another token does.
  mutating func end(of keyword: Keyword) throws -> Int? {
    var token = try peek()
    while token.kind == .newline || token.kind == .comment {
      token = try scanner.token(at: token.range.upperBound)
    }
    return token.kind == .keyword(keyword) ? token.range.upperBound : nil
  }

  /// A name that a statement introduces.
  mutating func newName(_ what: String) throws -> Identifier {
    let token = try peek()
    switch token.kind {
    case .identifier where !text(token).contains("."):
      try take()
      return Identifier(text(token), span(token))
    case .keyword: throw SyntaxFault.reservedWord(text(token)).at(span(token))
    case .node: throw SyntaxFault.nodeAsName(text(token)).at(span(token))
    default: throw try unexpected(what)
    }
  }
}
