import ExactText

/// Follows an unfinished text token by token and keeps what may come next.
///
/// A parser stops at the first fault; this goes on to the cursor, and a wrong guess costs a
/// proposal, never a result.
struct CursorWalk {
  /// A block, a bracket or the text itself.
  struct Frame {
    enum Form { case block, bracket, record, parameters }

    let form: Form
    /// In a block the command of the current statement, in the brackets of a call the function.
    var command: String?
    var next: CursorPlace.Kind
    /// `for`, `if`, `def` or another word with a block was read: the next `{` opens a block.
    var awaitsBlock = false
    /// `def` was read: the next `(` opens the parameters.
    var isDefinition = false
    /// `for` was read, and no `in` yet: further names may follow.
    var isNamingLoop = false
    /// Positional arguments of the command that have begun.
    var argumentCount = 0
    /// Where the operand began that was read last.
    var operandStart = 0
  }

  let scanner: Scanner
  let grammar: any CommandGrammar
  var frames = [Frame(form: .block, next: .statement)]
  var offset = 0

  init(scanner: Scanner, grammar: any CommandGrammar) {
    self.scanner = scanner
    self.grammar = grammar
  }

  var frame: Frame {
    get { frames[frames.count - 1] }
    set { frames[frames.count - 1] = newValue }
  }

  mutating func place() -> CursorPlace {
    while true {
      if let place = placeInPosition() ?? placeInWordPiece() ?? placeInPath() { return place }
      let token = scanner.lenientToken(at: offset)
      if token.kind == .end { return gap(token) }
      if let place = placeInside(token) { return place }
      if let place = step(over: token) { return place }
    }
  }

  func place(_ kind: CursorPlace.Kind, from start: Int) -> CursorPlace {
    CursorPlace(kind, command: frame.command, argument: argument, range: start..<scanner.end)
  }

  private var argument: CursorPlace.Argument? {
    switch frame.next {
    case .argument: .positional(frame.argumentCount)
    case .value(let option): .option(option)
    default: nil
    }
  }

  /// The cursor stands behind the last token or behind blanks.
  private mutating func gap(_ end: Token) -> CursorPlace {
    let isDetached = end.range.lowerBound > offset
    if isDetached, awaitsIn { return place(.word(Keyword.in.rawValue), from: scanner.end) }
    let beginsArgument = isDetached && frame.form == .block && frame.command != nil && frame.next == .nothing
    if beginsArgument { frame.next = .argument }
    return place(frame.next, from: scanner.end)
  }

  /// Whether the names of a loop were read: only `in` follows.
  private var awaitsIn: Bool { frame.isNamingLoop && frame.next == .nothing }

  /// The place when the cursor is at the end of a word, in a comment, a number or a string.
  private mutating func placeInside(_ token: Token) -> CursorPlace? {
    startArgument(token)
    guard token.range.upperBound == scanner.end || token.kind == .node else { return nil }
    switch token.kind {
    case .identifier where awaitsIn, .keyword where awaitsIn:
      return place(.word(Keyword.in.rawValue), from: token.range.lowerBound)
    case .identifier, .keyword: return place(frame.next, from: token.range.lowerBound)
    case .node where endOfNode(token) == scanner.end: return place(.node, from: token.range.lowerBound)
    case .comment: return place(.nothing, from: scanner.end)
    case .number: return place(.nothing, from: scanner.end)
    default: return nil
    }
  }

  /// The digits behind `@` are no number: `L3@7.attn`. Behind them `<-` begins another position: `L3H7@7<-2`.
  private mutating func placeInPosition() -> CursorPlace? {
    guard case .position(let node) = frame.next,
      scanner.isDigit(offset) || scanner[offset] == UInt8(ascii: "*")
    else { return nil }
    let (start, end) = (offset, endOfSelector(offset))
    if end == scanner.end, scanner.isDigit(offset) { return place(frame.next, from: offset) }
    offset = end
    if scanner[end] == UInt8(ascii: "<"), scanner[end + 1] == UInt8(ascii: "-") {
      offset = end + 2
      frame.next = .position(node: "\(node)@\(scanner.source.text(start..<end))<-")
      return placeInPosition()
    }
    frame.next = .nothing
    return nil
  }

  /// In the verb form a blank behind an operand begins a new argument, unless an operator follows.
  private mutating func startArgument(_ token: Token) {
    guard frame.form == .block, frame.command != nil, frame.next == .nothing,
      token.range.lowerBound > offset
    else { return }
    switch token.kind {
    case .identifier, .number, .string, .node, .invalid, .symbol(.leftParenthesis),
      .symbol(.leftBracket), .symbol(.leftBrace):
      frame.next = .argument
    default: break
    }
  }
}

// MARK: Steps
extension CursorWalk {
  /// Goes over one token; returns the place when the cursor turns out to stand inside it.
  private mutating func step(over token: Token) -> CursorPlace? {
    let start = token.range.lowerBound
    let isAttached = start == offset && offset > 0
    offset = token.range.upperBound
    if beginsPositional(token) { frame.argumentCount += 1 }
    switch token.kind {
    case .identifier: return name(token, isAttached)
    case .keyword(let keyword): self.keyword(keyword, start)
    case .node:
      offset = endOfNode(token)
      operand(at: start, isAttached)
    case .number, .string: operand(at: start, isAttached)
    case .invalid: return invalid(token)
    case .symbol(let symbol): self.symbol(symbol, start, isAttached)
    case .newline: newline()
    case .comment, .end: break
    }
    return nil
  }

  /// The key of an option counts, too, until its `=` is read; a string that is still open is looked into first.
  private func beginsPositional(_ token: Token) -> Bool {
    guard frame.next == .argument else { return false }
    switch token.kind {
    case .newline, .comment, .end, .invalid, .symbol(.comma), .symbol(.rightParenthesis): return false
    case .identifier: return scanner.source.text(token.range) != "as"
    default: return true
    }
  }

  /// An operand, or a further part of one: the `b` of `a.b`, the `7` of `L3@7`, the `H5` of `L{l}H5`.
  mutating func operand(at start: Int, _ isAttached: Bool = false) {
    switch frame.next {
    case .field, .position,
      .nothing where isAttached:
      break
    default: frame.operandStart = start
    }
    frame.next = .nothing
  }

  private mutating func newline() {
    let continues =
      frame.next == .expression || frame.next == .change || frame.next == .argument && followsComma
    if frame.form == .block, !continues { beginStatement() }
  }

  private var followsComma: Bool {
    var index = offset - 1
    while index > 0, scanner.isBlank(index) || scanner.isLineEnd(index) { index -= 1 }
    return scanner[index] == UInt8(ascii: ",")
  }

  mutating func beginStatement() {
    frame.command = nil
    frame.argumentCount = 0
    frame.next = .statement
    frame.awaitsBlock = false
    frame.isDefinition = false
    frame.isNamingLoop = false
  }

  private mutating func keyword(_ keyword: Keyword, _ start: Int) {
    if keyword == .for { frame.isNamingLoop = true }
    switch keyword {
    case .let: frame.next = .newName
    // Within an expression no block follows.
    case .for where frame.form != .block: frame.next = .newName
    case .if where !beginsBlock && !frame.awaitsBlock, .else where !beginsBlock: frame.next = .expression
    case .for, .catch, .def:
      awaitBlock(behind: .newName)
      frame.isDefinition = keyword == .def
    case .if, .while: awaitBlock(behind: .expression)
    case .with: awaitBlock(behind: .change)
    case .else, .try: awaitBlock(behind: .nothing)
    case .return: frame.next = .expression
    case .in, .and, .or, .not:
      frame.isNamingLoop = false
      frame.next = .expression
    default: operand(at: start)
    }
  }

  private var beginsBlock: Bool { frame.form == .block && frame.next == .statement }

  private mutating func awaitBlock(behind next: CursorPlace.Kind) {
    frame.awaitsBlock = true
    frame.next = next
  }

  private mutating func name(_ token: Token, _ isAttached: Bool) -> CursorPlace? {
    let start = token.range.lowerBound
    let end = scanner.endOfHyphenatedName(start)
    let isUnfinished = end + (scanner[end] == UInt8(ascii: "-") ? 1 : 0) == scanner.end
    if frame.next == .statement, isUnfinished { return place(.statement, from: start) }
    for end in Set([end, token.range.upperBound]).sorted(by: >) where frame.next == .statement {
      let name = scanner.source.text(start..<end)
      guard let style = grammar.argumentStyle(of: name), scanner[end] != UInt8(ascii: "(") else { continue }
      offset = end
      return command(name, style)
    }
    if frame.next == .argument, scanner.source.text(token.range) == "as" {
      frame.next = .newName
    } else {
      operand(at: start, isAttached)
    }
    return nil
  }

  private mutating func command(_ name: String, _ style: ArgumentStyle) -> CursorPlace? {
    switch style {
    case .expressions, .words:
      frame.command = name
      frame.next = .argument
    case .statement: break
    case .raw:
      frame.command = name
      frame.next = .nothing
      return rawText()
    }
    return nil
  }

  /// Verbatim text to the end of the statement. The cursor is in it when the text ends with it.
  private mutating func rawText() -> CursorPlace? {
    let first = scanner.skippingBlanks(offset)
    var word = first
    offset = first
    while !scanner.isLineEnd(offset), scanner[offset] != UInt8(ascii: ";") {
      if scanner.beginsComment(inText: offset, from: first) { return nil }
      if scanner[offset] == UInt8(ascii: "}"), frames.count > 1 { return nil }
      let end = (try? scanner.endOfString(at: offset, depth: 0)).flatMap { $0 }
      offset = end ?? offset + 1
      if scanner.isBlank(offset - 1) { word = offset }
    }
    guard offset >= scanner.end else { return nil }
    let equals = scanner.endOfName(word)
    guard equals > word, scanner[equals] == UInt8(ascii: "=") else { return place(.raw, from: word) }
    return place(.value(option: scanner.source.text(word..<equals)), from: equals + 1)
  }
}
