import ExactText

// What stands around operators: `x => x + 1`, `a if condition else b`.
extension Parser {
  /// An expression of any kind.
  mutating func expression() throws -> Expression {
    if let lambda = try lambda() { return lambda }
    let start = try peek().range.lowerBound
    let value = try operation()
    try rejectIdentity(of: value)
    guard try peek().kind == .keyword(.if), !isOptionKey(try peek()) else { return value }
    return try choice(value, from: start)
  }

  private mutating func choice(_ value: Expression, from start: Int) throws -> Expression {
    let token = try take()
    try skipNewlines()
    let condition = try operation()
    guard try peek().kind == .keyword(.else) else {
      throw try unexpected(
        "`else` and the other value", notes: ["a choice is written `a if condition else b`"])
    }
    try take()
    try skipNewlines()
    let otherwise = try nested(in: token) { try $0.expression() }
    return try node(.choice(value, condition: condition, otherwise: otherwise), from: start)
  }
}

// MARK: Functions without a name
extension Parser {
  /// `x => value` or `(a, b) => value`; nil when something else comes.
  private mutating func lambda() throws -> Expression? {
    let token = try peek()
    let start = token.range.lowerBound
    if token.kind == .identifier, text(token) == "lambda" { try rejectPythonLambda(token) }
    guard let isList = beginsLambda(token) else { return nil }
    let names = try isList ? listedParameters() : [newName("the name of a parameter")]
    let arrow = try expect(.symbol(.arrow), "`=>` behind the parameters")
    try skipNewlines()
    let body = try nested(in: arrow) { try $0.expression() }
    let span = span(from: start)
    let function = FunctionSyntax(
      name: Identifier(span.text, span), parameters: names.map { .init(name: $0, standard: nil) },
      body: [Statement(.return(body), body.span)], isLambda: true)
    return try node(.lambda(function), from: start)
  }

  /// Whether parameters in parentheses begin at the token, or with false a single one; nil when no function does.
  private func beginsLambda(_ token: Token) -> Bool? {
    switch token.kind {
    case .identifier, .keyword, .node: isArrow(token.range.upperBound) ? false : nil
    case .symbol(.leftParenthesis): endOfParameters(token.range.upperBound).map(isArrow) == true ? true : nil
    default: nil
    }
  }

  private func isArrow(_ offset: Int) -> Bool {
    let start = scanner.skippingBlanks(offset)
    return scanner[start] == UInt8(ascii: "=") && scanner[start + 1] == UInt8(ascii: ">")
  }

  /// The end of `a, b)`; nil when there stands something else.
  private func endOfParameters(_ start: Int) -> Int? {
    var offset = start
    var isName = true
    while let token = try? scanner.token(at: offset) {
      offset = token.range.upperBound
      switch token.kind {
      case .newline, .comment: continue
      case .symbol(.rightParenthesis): return offset
      case .symbol(.comma) where !isName: isName = true
      case .identifier where isName, .keyword where isName, .node where isName: isName = false
      default: return nil
      }
    }
    return nil
  }

  private mutating func listedParameters() throws -> [Identifier] {
    try enclosed(by: .rightParenthesis, expecting: "`,` or `)`") { parser in
      var names: Set<Name> = []
      return try parser.separated(until: .rightParenthesis) { parser in
        let name = try parser.newName("the name of a parameter")
        guard names.insert(name.name).inserted else {
          throw SyntaxFault.duplicateParameter(name.name.clipped).at(name.span)
        }
        return name
      }
    }
  }
}

// MARK: Lists
extension Parser {
  /// What stands behind the element: `for x in xs for y in ys if condition`.
  mutating func comprehension(of element: Expression) throws -> Comprehension {
    var clauses: [Comprehension.Clause] = []
    while true {
      switch try peek().kind {
      case .keyword(.for):
        try take()
        let variables = try loopNames()
        try expect(.keyword(.in), "`in` after the name")
        clauses.append(.each(variables: variables, sequence: try operation()))
      case .keyword(.if):
        try take()
        clauses.append(.condition(try operation()))
      default: return Comprehension(element: element, clauses: clauses)
      }
    }
  }

  /// `x` or `key, value` behind `for`.
  mutating func loopNames() throws -> [Identifier] {
    try rejectNamesInParentheses()
    var names = [try newName("a name after `for`")]
    while try takeIf(.comma) {
      let name = try newName("a name after `,`")
      guard name.name == "_" || !names.contains(where: { $0.name == name.name }) else {
        throw SyntaxFault.duplicateVariable(name.name.clipped).at(name.span)
      }
      names.append(name)
    }
    return names
  }
}
