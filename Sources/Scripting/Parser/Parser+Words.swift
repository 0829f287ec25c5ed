import ExactText

// Words that stand for themselves where a command takes them: `load ~/models/bert`, `set max_memory 2G`.
extension Parser {
  /// The word that begins here, behind blanks; nil where an expression begins.
  func bareWord(_ use: WordUse) -> Range<Int>? {
    use == .expression ? nil : scanner.bareWord(at: scanner.skippingBlanks(position))
  }

  /// The next argument, where it is a word that begins as no operand does or is no token: `~/x.npy`, `/tmp/x.npy`, `2G`.
  var followingWord: Token? {
    guard context.isCommandArgument, context.followingWord != .expression, scanner.isBlank(position),
      let word = bareWord(context.followingWord), !scanner.isNameStart(word.lowerBound)
    else { return nil }
    let isOperator = !scanner.isDigit(word.lowerBound) && word.count == 1
    let isToken = scanner.isDigit(word.lowerBound) && (try? scanner.token(at: word.lowerBound)) != nil
    return isOperator || isToken ? nil : Token(.invalid, word)
  }

  /// A value where a word may stand for itself.
  ///
  /// What goes on behind the word, as `folder + ".npy"`, is an expression.
  mutating func wordOrExpression(_ use: WordUse) throws -> Expression {
    guard let word = bareWord(use) else { return try expression() }
    var trial = self
    if let expression = try? trial.expression(),
      trial.position > word.upperBound || trial.position == word.upperBound && use.accepts(expression)
    {
      self = trial
      return expression
    }
    move(to: word.upperBound)
    return try node(.raw(scanner.source.text(word)), from: word.lowerBound)
  }

  /// In the parentheses of a call a path stands in quotes.
  ///
  /// - Throws: ``SyntaxFault/unquotedPath(_:line:)`` for what can be nothing else.
  func rejectBarePath(_ use: WordUse) throws {
    guard use == .path, let word = bareWord(use) else { return }
    let text = scanner.source.text(word)
    guard text.contains("/") || text.contains(":") || text.hasPrefix("~") || text.hasPrefix(".") else {
      return
    }
    let place = scanner.span(word)
    throw SyntaxFault.unquotedPath(line: place.line(writing: "\"\(text)\"")).at(place)
  }
}

extension WordUse {
  /// Whether a word that is an expression is taken as one.
  fileprivate func accepts(_ expression: Expression) -> Bool {
    guard self == .path else { return true }
    switch expression.kind {
    case .name, .number, .null, .bool: return true
    default: return false
    }
  }
}

extension Scanner {
  /// A run of characters without blanks, quotes and brackets that does not begin with an operator.
  func bareWord(at start: Int) -> Range<Int>? {
    guard
      isNameStart(start) || isDigit(start) || self[start] == UInt8(ascii: ".")
        || self[start] == UInt8(ascii: "/")
        || self[start] == UInt8(ascii: "~")
    else { return nil }
    var end = start
    while !isGap(end), let byte = self[end], !",;)}".utf8.contains(byte) {
      if "\"'`([{\\<>|".utf8.contains(byte) || byte < 0x20 { return nil }
      end += 1
    }
    return start..<end
  }
}

extension Span {
  /// The line on which it begins, without indentation, with another text in its place.
  public func line(writing text: String) -> String {
    let line = source.lineRange(source.lineIndex(of: range.lowerBound))
    let before = source.text(line.lowerBound..<range.lowerBound).drop { $0 == " " || $0 == "\t" }
    return before + text + source.text(min(range.upperBound, line.upperBound)..<line.upperBound)
  }

  /// The same line as it is.
  public var line: String {
    line(writing: source.text(range.clamped(to: source.lineRange(source.lineIndex(of: range.lowerBound)))))
  }
}
