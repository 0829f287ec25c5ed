import ExactText

// Nodes are read byte by byte: `L0-5H{1,4}` has no blanks and no operators.
extension Parser {
  /// Names that `@` makes a node: `embed@7`.
  static let nodeNames: Set<Name> = ["embed", "pooled", "logits", "class_logits"]

  /// `L0-5H{1,4}.mlp[512]@7`, `L3H7@7<-2`
  mutating func layerNode() throws -> Expression {
    let start = try peek().range.lowerBound
    move(to: start + 1)
    let layers = try selector("layer", from: start)
    let heads = takeByte("H") ? try selector("head", from: start) : nil
    try rejectRunOn(from: start)
    let component = takeByte(".", unlessFollowedBy: ".") ? try component() : nil
    let neurons = component?.name == "mlp" && scanner[position] == UInt8(ascii: "[") ? try neurons() : nil
    let positions = try positions(from: start)
    let reads = positions == nil ? nil : try reads(from: start)
    let syntax = NodeSyntax(
      layers: layers, heads: heads, component: component, neurons: neurons, positions: positions,
      reads: reads)
    return try node(.node(syntax), from: start)
  }

  /// `embed@7`
  mutating func namedNode(_ name: Token) throws -> Expression {
    let start = name.range.lowerBound
    let positions = try positions(from: start)
    let syntax = NodeSyntax(
      layers: nil, heads: nil, component: Identifier(text(name), span(name)), neurons: nil,
      positions: positions)
    return try node(.node(syntax), from: start)
  }

  private mutating func positions(from start: Int) throws -> NodeSyntax.Selector? {
    guard takeByte("@") else { return nil }
    let positions = try selector("position", from: start)
    try rejectRunOn(from: start)
    return positions
  }

  /// What stands behind `<-`, which is an arrow only directly behind a position: `a<-2` compares.
  private mutating func reads(from start: Int) throws -> NodeSyntax.Selector? {
    guard scanner[position] == UInt8(ascii: "<"), scanner[position + 1] == UInt8(ascii: "-") else { return nil }
    move(to: position + 2)
    let reads = try selector("position", from: start)
    try rejectRunOn(from: start)
    return reads
  }

  private mutating func component() throws -> Identifier {
    let start = position
    let end = scanner.endOfName(start)
    guard end > start else { throw try unexpected("a component such as `attn` or `mlp` directly after `.`") }
    move(to: end)
    return Identifier(scanner.source.text(start..<end), scanner.span(start..<end))
  }

  private mutating func takeByte(_ byte: Unicode.Scalar, unlessFollowedBy next: Unicode.Scalar? = nil) -> Bool
  {
    guard scanner[position] == UInt8(ascii: byte) else { return false }
    if let next, scanner[position + 1] == UInt8(ascii: next) { return false }
    move(to: position + 1)
    return true
  }

  /// `L*2`, `L3@7x`: nothing joins the two.
  private mutating func rejectRunOn(from start: Int) throws {
    guard scanner.continuesName(position) else { return }
    let end = scanner.endOfNamePart(position)
    let rest = scanner.source.text(position..<end).clipped
    let node = scanner.source.text(start..<position)
    let isProduct = node.hasSuffix("*")
    throw SyntaxFault.runsOn(node: node.clipped, with: rest).at(
      scanner.span(position..<end),
      notes: isProduct ? ["`\(node.clipped)` reads as a node set; to multiply put blanks around `*`"] : [])
  }
}

// MARK: Selectors
extension Parser {
  /// `*`, `3`, `0-5` or `{...}`, directly at the current place. `start` is where the node begins.
  private mutating func selector(_ what: String, from start: Int) throws -> NodeSyntax.Selector {
    let first = position
    if takeByte("*") { return .init(.all, span(from: first)) }
    if scanner[position] == UInt8(ascii: "{") { return try expressionSelector(what) }
    guard scanner.isDigit(position) else {
      let text = scanner.source.text(start..<position).clipped
      throw SyntaxFault.missingSelector(what: what, after: text).at(scanner.span(start..<position))
    }
    return .init(.numbers(try numbers(what)), span(from: first))
  }

  /// `3` or `0-5`
  private mutating func numbers(_ what: String) throws -> ClosedRange<Int> {
    let first = position
    let lower = try number(what)
    guard scanner[position] == UInt8(ascii: "-"), scanner.isDigit(position + 1) else { return lower...lower }
    move(to: position + 1)
    let upper = try number(what)
    guard lower <= upper else {
      let span = span(from: first)
      throw SyntaxFault.backwardRange(what: what, span.text.clipped).at(span)
    }
    return lower...upper
  }

  private mutating func number(_ what: String) throws -> Int {
    let first = position
    while scanner.isDigit(position) { move(to: position + 1) }
    let span = span(from: first)
    guard let number = Int(span.text) else { throw SyntaxFault.selectorTooLarge(what: what).at(span) }
    return number
  }

  private mutating func expressionSelector(_ what: String) throws -> NodeSyntax.Selector {
    let first = position
    let expressions = try enclosed(by: .rightBrace, expecting: "`,` or `}`") { parser in
      if try parser.at(.rightBrace) { throw try parser.unexpected("a \(what)") }
      return try parser.separated(until: .rightBrace) { try $0.expression() }
    }
    return .init(.expressions(expressions), span(from: first))
  }

  /// `[512]`, `[0-9]`, `[*]`, `[{1, 2}]` or `[i]`, directly after `.mlp`. The brackets are no part of the span.
  private mutating func neurons() throws -> NodeSyntax.Selector {
    let note = "several neurons are written `[0-9]`, `[{1, 4}]` or `[*]`"
    return try enclosed(by: .rightBracket, expecting: "`]`") { parser in
      let token = try parser.peek()
      let isSelector = token.kind == .symbol(.star) || token.kind == .symbol(.leftBrace)
      if isSelector || parser.isNumberSelector(token) {
        parser.move(to: token.range.lowerBound)
        return try parser.selector("neuron", from: token.range.lowerBound)
      }
      if try parser.at(.rightBracket) || parser.at(.colon) {
        throw try parser.unexpected("a neuron", notes: [note])
      }
      let expression = try parser.expression()
      if try parser.at(.comma) { throw try parser.unexpected("`]`", notes: [note]) }
      return .init(.expressions([expression]), expression.span)
    }
  }

  /// Whether `512` or `0-9` and nothing else stands before the closing bracket.
  private func isNumberSelector(_ token: Token) -> Bool {
    func endOfDigits(_ start: Int) -> Int {
      var end = start
      while scanner.isDigit(end) { end += 1 }
      return end
    }
    guard token.kind == .number else { return false }
    var end = endOfDigits(token.range.lowerBound)
    if scanner[end] == UInt8(ascii: "-"), scanner.isDigit(end + 1) { end = endOfDigits(end + 1) }
    return scanner[scanner.skippingBlanks(end)] == UInt8(ascii: "]")
  }
}
