import ExactText

extension Parser {
  /// What operators join: a literal, a name, a bracket, with its calls, subscripts and members.
  mutating func operand() throws -> Expression {
    let start = try peek().range.lowerBound
    var base = try primary()
    while try isAttached() {
      switch try peek().kind {
      case .symbol(.leftBracket):
        let subscripts = try subscripts()
        base = try node(.subscripted(base, subscripts), from: start)
      case .symbol(.dot):
        try take()
        let field = try field()
        base = try node(.member(base, field), from: start)
      case .symbol(.leftParenthesis): throw try methodCall(of: base)
      default: return base
      }
    }
    return base
  }

  private mutating func primary() throws -> Expression {
    let token = try peek()
    let start = token.range.lowerBound
    switch token.kind {
    case .number:
      try take()
      return try node(.number(try scanner.number(at: start).value), from: start)
    case .string: return try string()
    case .identifier: return try nameOrCall()
    case .node: return try layerNode()
    case .keyword(.true), .keyword(.false), .keyword(.null):
      try take()
      return try node(
        token.kind == .keyword(.null) ? .null : .bool(token.kind == .keyword(.true)), from: start)
    case .symbol(.leftParenthesis): return try parenthesized()
    case .symbol(.leftBracket): return try list()
    case .symbol(.leftBrace): return try record()
    default: throw try unexpected("an expression")
    }
  }

  private mutating func parenthesized() throws -> Expression {
    try enclosed(by: .rightParenthesis, expecting: "`)`") { try $0.expression() }
  }
}

// MARK: Names and calls
extension Parser {
  private mutating func nameOrCall() throws -> Expression {
    let token = try take()
    try rejectFormattedString(token)
    if scanner[position] == UInt8(ascii: "@"), Self.nodeNames.contains(text(token)) {
      return try namedNode(token)
    }
    takeHyphensOfCommand(token)
    let callee = Identifier(
      scanner.source.text(token.range.lowerBound..<position), span(from: token.range.lowerBound))
    guard scanner[position] == UInt8(ascii: "(") else {
      return try node(.name(callee.name), from: token.range.lowerBound)
    }
    let arguments = try enclosed(by: .rightParenthesis, expecting: "`,` or `)`") {
      try $0.callArguments(of: callee.name)
    }
    let call = Call(callee: callee, arguments: arguments, span: span(from: token.range.lowerBound))
    return try node(.call(call), from: token.range.lowerBound)
  }

  /// `show-settings(...)` calls the command of that name.
  private mutating func takeHyphensOfCommand(_ token: Token) {
    let end = scanner.endOfHyphenatedName(token.range.lowerBound)
    guard end > token.range.upperBound, scanner[end] == UInt8(ascii: "("),
      grammar.argumentStyle(of: scanner.source.text(token.range.lowerBound..<end)) != nil
    else { return }
    move(to: end)
  }

  mutating func callArguments(of callee: String) throws -> [Argument] {
    var count = 0
    // What is no token cannot be looked at.
    try rejectBarePath(grammar.wordUse(of: .positional(0), in: callee))
    return try separated(until: .rightParenthesis) { parser in
      try parser.rejectBarePath(parser.grammar.wordUse(of: .positional(count), in: callee))
      count += 1
      let token = try parser.peek()
      guard token.kind.isWord, try parser.scanner.token(at: token.range.upperBound).kind == .symbol(.assign)
      else {
        return Argument(label: nil, value: try parser.expression())
      }
      try parser.take()
      try parser.take()
      let label = Identifier(parser.text(token), parser.span(token))
      return Argument(label: label, value: try parser.wordPiece(at: parser.position) ?? parser.expression())
    }
  }

  /// Items between commas; a comma may stand behind the last.
  mutating func separated<Item>(
    until close: Symbol, _ item: (inout Parser) throws -> Item
  ) throws -> [Item] {
    var items: [Item] = []
    while try !at(close) {
      items.append(try item(&self))
      guard try takeIf(.comma) else { break }
    }
    return items
  }
}

// MARK: Members and subscripts
extension Parser {
  /// The name behind a `.`, which may be any word: `r.in`, `r.L3`.
  private mutating func field() throws -> Identifier {
    let start = position
    let end = scanner.endOfName(start)
    guard end > start else { throw try unexpected("a field name directly after `.`") }
    move(to: end)
    return Identifier(scanner.source.text(start..<end), scanner.span(start..<end))
  }

  /// `[1, :, 3..5]`
  private mutating func subscripts() throws -> [Subscript] {
    try enclosed(by: .rightBracket, expecting: "`,` or `]`") { parser in
      var subscripts: [Subscript] = []
      repeat { subscripts.append(try parser.oneSubscript()) } while try parser.takeIf(.comma)
      return subscripts
    }
  }

  private mutating func oneSubscript() throws -> Subscript {
    if try at(.colon) { return .all(span(try take())) }
    if try at(.rightBracket) { throw try unexpected("a subscript") }
    let index = try expression()
    if try at(.colon) { throw try unexpected("`,` or `]`", notes: ["a range is written `0..2` or `0..<3`"]) }
    return .index(index)
  }
}

// MARK: Literals
extension Parser {
  private mutating func list() throws -> Expression {
    let start = try peek().range.lowerBound
    let kind: Expression.Kind = try enclosed(by: .rightBracket, expecting: "`,` or `]`") { parser in
      let elements = try parser.separated(until: .rightBracket) { try $0.expression() }
      guard try parser.peek().kind == .keyword(.for), elements.count > 0 else { return .list(elements) }
      if elements.count > 1 {
        let notes = ["several values for each element stand in brackets of their own: `[[a, b] for ...]`"]
        throw try parser.unexpected("`,` or `]`", notes: notes)
      }
      return .comprehension(try parser.comprehension(of: elements[0]))
    }
    return try node(kind, from: start)
  }

  private mutating func record() throws -> Expression {
    let start = try peek().range.lowerBound
    let fields = try enclosed(by: .rightBrace, expecting: "`,` or `}`") { parser in
      var keys: Set<Name> = []
      return try parser.separated(until: .rightBrace) { parser in
        let field = try parser.recordField()
        guard keys.insert(field.name.name).inserted else {
          throw SyntaxFault.duplicateKey(field.name.name.clipped).at(field.name.span)
        }
        return field
      }
    }
    return try node(.record(fields), from: start)
  }

  private mutating func recordField() throws -> (name: Identifier, value: Expression) {
    let name = try recordKey()
    try expect(.symbol(.colon), "`:` after the key")
    return (name, try expression())
  }

  private mutating func recordKey() throws -> Identifier {
    let token = try peek()
    switch token.kind {
    case .identifier, .keyword, .node:
      try take()
      return Identifier(text(token), span(token))
    case .string:
      guard case .string(let parts) = try string().kind else { preconditionFailure("a string token") }
      return Identifier(try parts.reduce(into: "") { $0 += try plainText($1) }, span(token))
    default: throw try unexpected("a key")
    }
  }

  private func plainText(_ part: StringPart) throws -> String {
    switch part {
    case .text(let text): return text
    case .interpolation(let expression, _):
      throw SyntaxFault.expected("a key without interpolation", found: "an expression").at(expression.span)
    }
  }

  private mutating func string() throws -> Expression {
    let token = try peek()
    let start = token.range.lowerBound
    if scanner[start] == UInt8(ascii: "r") {
      try take()
      let text = try scanner.rawString(at: start).text
      return try node(.string(text.isEmpty ? [] : [.text(text)]), from: start)
    }
    let parts = try scanner.string(at: start, depth: depth).pieces.map { piece in
      switch piece {
      case .text(let text): StringPart.text(text)
      case .interpolation(let offset): try interpolation(at: offset)
      }
    }
    move(to: token.range.upperBound)
    return try node(.string(parts), from: start)
  }

  /// What is between the braces; `offset` stands behind the opening one.
  private mutating func interpolation(at offset: Int) throws -> StringPart {
    move(to: offset - 1)
    return try enclosed(by: .rightBrace, expecting: "`}`") { parser in
      let expression = try parser.expression()
      return .interpolation(expression, try parser.at(.colon) ? try parser.format() : nil)
    }
  }
}
