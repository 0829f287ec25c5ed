import ExactText

// Brackets, punctuation, nodes and strings that are still open.
extension CursorWalk {
  mutating func symbol(_ symbol: Symbol, _ start: Int, _ isAttached: Bool) {
    switch symbol {
    case .leftParenthesis, .leftBracket, .leftBrace: open(symbol, start, isAttached)
    case .rightParenthesis, .rightBracket, .rightBrace: close(symbol)
    case .semicolon: beginStatement()
    case .comma: comma()
    case .colon: frame.next = .expression
    case .assign: assign(start, isAttached)
    case .dot:
      frame.next = isAttached ? .field(base: scanner.source.text(frame.operandStart..<start)) : .nothing
    case .at:
      frame.next = isAttached ? .position(node: scanner.source.text(frame.operandStart..<start)) : .nothing
    default: frame.next = .expression
    }
  }

  private mutating func open(_ symbol: Symbol, _ start: Int, _ isAttached: Bool) {
    let followsOperand = isAttached && frame.next == .nothing
    let isPart = followsOperand || isSelector(start, isAttached)
    if !isPart { frame.operandStart = start }
    switch symbol {
    case .leftBrace where isSelector(start, isAttached):
      frames.append(Frame(form: .bracket, command: frame.command, next: .expression))
    case .leftBrace where frame.awaitsBlock && (frame.next == .nothing || frame.next == .newName):
      frames.append(Frame(form: .block, next: .statement))
    case .leftBrace: frames.append(Frame(form: .record, next: .newName))
    case .leftParenthesis where followsOperand && frame.isDefinition:
      frames.append(Frame(form: .parameters, next: .newName))
    case .leftParenthesis where followsOperand:
      let function = scanner.source.text(frame.operandStart..<start)
      frames.append(Frame(form: .bracket, command: function, next: .argument))
    default: frames.append(Frame(form: .bracket, next: .expression))
    }
  }

  /// `L{`, `L3H{`, `embed@{`
  private func isSelector(_ start: Int, _ isAttached: Bool) -> Bool {
    guard isAttached else { return false }
    if case .position = frame.next { return true }
    return scanner[start - 1] == UInt8(ascii: "L") || scanner[start - 1] == UInt8(ascii: "H")
  }

  private mutating func close(_ symbol: Symbol) {
    let closed = frames.count > 1 ? frames.removeLast() : nil
    if closed?.form == .block { beginStatement() } else { frame.next = .nothing }
  }

  private mutating func comma() {
    switch frame.form {
    case .record, .parameters: frame.next = .newName
    case .block where frame.isNamingLoop, .bracket where frame.isNamingLoop: frame.next = .newName
    case .block, .bracket: frame.next = frame.command == nil ? .expression : .argument
    }
  }

  private mutating func assign(_ start: Int, _ isAttached: Bool) {
    let isOption = frame.command != nil && (isAttached || frame.form == .bracket)
    let key = scanner.source.text(frame.operandStart..<start).filter { $0 != " " }
    if isOption { frame.argumentCount = max(0, frame.argumentCount - 1) }
    frame.next = isOption ? .value(option: key) : .expression
  }

  /// The node as far as it is typed without braces: `L0-5H1`.
  func endOfNode(_ token: Token) -> Int {
    var end = endOfSelector(token.range.lowerBound + 1)
    if scanner[end] == UInt8(ascii: "H") { end = endOfSelector(end + 1) }
    return end
  }

  func endOfSelector(_ start: Int) -> Int {
    if scanner[start] == UInt8(ascii: "*") { return start + 1 }
    var end = start
    while scanner.isDigit(end) || (end > start && scanner[end] == UInt8(ascii: "-")) { end += 1 }
    return end
  }
}

// MARK: Unfinished strings
extension CursorWalk {
  /// A string that is still open at the cursor, or what nothing can be made of.
  mutating func invalid(_ token: Token) -> CursorPlace? {
    let start = token.range.lowerBound
    guard token.range.upperBound == scanner.end, scanner[start] == UInt8(ascii: "\"") || isRawString(start)
    else {
      if frame.next == .argument { frame.argumentCount += 1 }
      operand(at: start)
      return nil
    }
    var position = start + (isRawString(start) ? 2 : 1)
    let textStart = position
    while !isRawString(start), position < scanner.end {
      if scanner[position] == UInt8(ascii: "{") {
        guard let end = try? scanner.endOfInterpolation(position + 1, of: start, depth: 0) else {
          return enterInterpolation(position + 1)
        }
        position = end
      } else {
        position += scanner[position] == UInt8(ascii: "\\") ? 2 : 1
      }
    }
    return place(.string, from: min(textStart, scanner.end))
  }

  private func isRawString(_ start: Int) -> Bool { scanner[start] == UInt8(ascii: "r") }

  private mutating func enterInterpolation(_ start: Int) -> CursorPlace? {
    frames.append(Frame(form: .bracket, next: .expression))
    offset = start
    return nil
  }
}
