import ExactText

extension Parser {
  /// A statement that begins with a name: a command in verb form or an expression.
  mutating func commandOrExpression(_ token: Token) throws -> Statement {
    let name = commandName(at: token)
    try rejectAssignment(to: name)
    try rejectElif(token)
    if isChanged(name) || asksIdentity(name) { return try expressionStatement() }
    guard let style = grammar.argumentStyle(of: name.name) else {
      try rejectUnknownCommand(name, token)
      return try expressionStatement()
    }
    // `text[0]`, `record.path`: a value that has the name of a command.
    let end = name.span.range.upperBound
    switch scanner[end] {
    case UInt8(ascii: "("), UInt8(ascii: "["): return try expressionStatement()
    case UInt8(ascii: ".") where scanner.isNameStart(end + 1): return try expressionStatement()
    default: return try command(name, style)
    }
  }

  /// The name at a token, with its hyphens where the hyphenated word is a command or can be nothing
  /// else: `show-settings`, and the mistyped `show-setings`.
  private func commandName(at token: Token) -> Identifier {
    let start = token.range.lowerBound
    let plain = Identifier(text(token), span(token))
    let end = scanner.endOfHyphenatedName(start)
    guard end > token.range.upperBound else { return plain }
    let hyphenated = Identifier(scanner.source.text(start..<end), scanner.span(start..<end))
    let isCommand = grammar.argumentStyle(of: hyphenated.name) != nil
    let cannotSubtract = grammar.argumentStyle(of: plain.name) != nil || beginsArgument(after: end)
    return isCommand || cannotSubtract ? hyphenated : plain
  }

  private func rejectAssignment(to name: Identifier) throws {
    let equals = scanner.skippingBlanks(name.span.range.upperBound)
    guard scanner.isAssignment(equals) else { return }
    throw SyntaxFault.assignmentWithoutLet(name.name.clipped).at(scanner.span(equals..<equals + 1))
  }

  private mutating func rejectUnknownCommand(_ name: Identifier, _ token: Token) throws {
    let isHyphenated = name.span.range.upperBound > token.range.upperBound
    guard isHyphenated || beginsArgument(after: token.range.upperBound) else { return }
    if name.name == "lambda" { try rejectPythonLambda(token) }
    if grammar.isFunction(name.name) || functions.contains(name.name) {
      throw SyntaxFault.functionAsCommand(name.name.clipped).at(name.span)
    }
    let closest = grammar.closestCommand(to: name.name)
    let opening = scanner.skippingBlanks(name.span.range.upperBound)
    let isCall = scanner[opening] == UInt8(ascii: "(")
    throw SyntaxFault.unknownCommand(name.name.clipped, closest: closest).at(
      name.span, notes: isCall ? ["the `(` of a call follows its name without a blank"] : [])
  }

  /// Whether behind a name and a blank something stands that no operator joins to the name.
  private func beginsArgument(after end: Int) -> Bool {
    guard scanner.isBlank(end), let token = try? scanner.token(at: end) else { return false }
    return token.kind.beginsOperand && (try? binarySpelling(of: token)) != BinaryOperator.notIn.rawValue
  }

  private mutating func command(_ name: Identifier, _ style: ArgumentStyle) throws -> Statement {
    move(to: name.span.range.upperBound)
    guard endsCommandName(position) else { throw try missingSeparator(after: "`\(name.name)`") }
    let outer = context
    defer { context = outer }
    context = Context(isCommandArgument: true)
    let arguments: [Argument]
    switch style {
    case .expressions: arguments = try commandArguments(of: name.name)
    case .words: arguments = try commandArguments(of: name.name, takingReservedWords: true)
    case .raw: arguments = try rawArguments()
    case .statement: arguments = try statementArgument(name)
    }
    let span = span(from: name.span.range.lowerBound)
    return Statement(.command(Call(callee: name, arguments: arguments, span: span)), span)
  }

  private func endsCommandName(_ end: Int) -> Bool {
    let next = scanner[end]
    return scanner.isGap(end) || next == UInt8(ascii: ";") || next == UInt8(ascii: "}")
  }

  private mutating func beginsExpression() throws -> Bool { try peek().kind.beginsOperand }

  private mutating func missingSeparator(after what: String) throws -> Diagnostic {
    let token = try peek()
    return SyntaxFault.missingSeparator(after: what).at(span(token))
  }

  mutating func isAtStatementEnd() throws -> Bool {
    switch try peek().kind {
    case .newline, .end, .symbol(.semicolon), .symbol(.rightBrace): true
    default: false
    }
  }
}

// MARK: Arguments
extension Parser {
  /// `a b, c key=value as name`, to the end of the statement.
  private mutating func commandArguments(
    of command: String, takingReservedWords: Bool = false
  ) throws -> [Argument] {
    var arguments: [Argument] = []
    // Directly behind any command a piece is an argument, so that `text ##s` is not taken for `text`.
    while try beginsBareWord(of: command, behind: arguments)
      || (takingReservedWords || arguments.isEmpty) && beginsWordPiece || !isAtStatementEnd()
    {
      if !arguments.isEmpty, !beginsBareWord(of: command, behind: arguments) {
        if try takeIf(.comma) {
          try skipNewlines()
        } else if try isAttached() {
          guard try beginsExpression() else { throw try unexpected("an argument") }
          throw try missingSeparator(after: "the argument")
        }
      }
      if arguments.isEmpty, let piece = try wordPiece(at: scanner.skippingBlanks(position)) {
        arguments.append(Argument(label: nil, value: piece))
      } else {
        let reserved = takingReservedWords ? try reservedWord() : nil
        arguments.append(try reserved ?? commandArgument(of: command, behind: arguments))
      }
    }
    return arguments
  }

  /// Behind blanks; what it may begin with is no token.
  private func beginsBareWord(of command: String, behind arguments: [Argument]) -> Bool {
    scanner.isBlank(position) && bareWord(wordUse(of: command, behind: arguments)) != nil
  }

  /// Of the next argument without a key.
  private func wordUse(of command: String, behind arguments: [Argument]) -> WordUse {
    let count = arguments.count { argument in
      if case .name(let word) = argument.value.kind, grammar.isFlag(word, of: command) { return false }
      return argument.label == nil
    }
    return grammar.wordUse(of: .positional(count), in: command)
  }

  /// Behind blanks; the comment that it looks like is not read yet.
  private var beginsWordPiece: Bool {
    let start = scanner.skippingBlanks(position)
    return start > position && scanner.isWordPiece(start)
  }

  /// `##s` as a name; nil when no piece of a word begins at `start`.
  mutating func wordPiece(at start: Int) throws -> Expression? {
    let end = scanner.endOfWordPiece(start)
    guard end > start else { return nil }
    move(to: end)
    return try node(.name(scanner.source.text(start..<end)), from: start)
  }

  /// A reserved word or a piece of a word; nil when the next token is none.
  private mutating func reservedWord() throws -> Argument? {
    if let piece = try wordPiece(at: scanner.skippingBlanks(position)) {
      return Argument(label: nil, value: piece)
    }
    let token = try peek()
    guard case .keyword = token.kind else { return nil }
    try take()
    return Argument(label: nil, value: Expression(.name(text(token)), span(token)))
  }

  private mutating func commandArgument(of command: String, behind arguments: [Argument]) throws -> Argument {
    let use = wordUse(of: command, behind: arguments)
    let one = Argument(label: nil, value: Expression(.null, scanner.span(position..<position)))
    context.followingWord = wordUse(of: command, behind: arguments + [one])
    // What begins no name may be no token either: `~/models/bert`.
    if bareWord(use) != nil, !scanner.isNameStart(scanner.skippingBlanks(position)) {
      return Argument(label: nil, value: try wordOrExpression(use))
    }
    let token = try peek()
    guard token.kind.isWord else { return Argument(label: nil, value: try expression()) }
    let name = Identifier(text(token), span(token))
    if let label = try option(name) {
      context.followingWord = wordUse(of: command, behind: arguments)
      let use = grammar.wordUse(of: .option(label.name), in: command)
      return Argument(label: label, value: try wordPiece(at: position) ?? wordOrExpression(use))
    }
    guard name.name == "as", scanner.isGap(token.range.upperBound) else {
      return Argument(label: nil, value: try wordOrExpression(use))
    }
    try take()
    let target = try newName("a name after `as`")
    return Argument(label: name, value: Expression(.name(target.name), target.span))
  }

  /// Whether a reserved word is the key of an option: `in=x`.
  func isOptionKey(_ token: Token) -> Bool {
    context.isCommandArgument && scanner.isAssignment(token.range.upperBound)
  }

  /// Takes the `key=` of `key=value`; nil when the word is no key.
  private mutating func option(_ name: Identifier) throws -> Identifier? {
    let end = name.span.range.upperBound
    let equals = scanner.skippingBlanks(end)
    guard scanner.isAssignment(equals) else { return nil }
    let isEmpty = scanner.isGap(equals + 1) && !scanner.isWordPiece(equals + 1)
    guard equals == end, !isEmpty else {
      throw SyntaxFault.blanksAroundEquals(option: name.name.clipped).at(scanner.span(equals..<equals + 1))
    }
    move(to: equals + 1)
    return name
  }

  /// `time forward top=5`
  private mutating func statementArgument(_ name: Identifier) throws -> [Argument] {
    guard try !isAtStatementEnd() else { return [] }
    context = Context()
    let opening = Token(.identifier, name.span.range)
    let statement = try nested(in: opening) { try $0.statement() }
    return [
      Argument(label: nil, value: try node(.statement(statement), from: statement.span.range.lowerBound))
    ]
  }
}

extension Scanner {
  /// Whether a `=` stands at `offset` that is no part of `==` or `=>`.
  fileprivate func isAssignment(_ offset: Int) -> Bool {
    self[offset] == UInt8(ascii: "=") && self[offset + 1] != UInt8(ascii: "=")
      && self[offset + 1] != UInt8(ascii: ">")
  }
}

extension Token.Kind {
  /// Whether an expression may begin here that no operator joins to what stands before.
  var beginsOperand: Bool {
    switch self {
    case .identifier, .number, .string, .node: true
    case .keyword(let keyword): [.true, .false, .null, .not].contains(keyword)
    case .symbol(.leftParenthesis), .symbol(.leftBracket), .symbol(.leftBrace): true
    default: false
    }
  }

  var isWord: Bool {
    switch self {
    case .identifier, .keyword: true
    default: false
    }
  }
}
