import ExactText

// Words that are no expressions: pieces of words, and paths without quotes.
extension CursorWalk {
  /// `##s` as an argument of a command that takes words, or as the value of an option, is no comment.
  mutating func placeInWordPiece() -> CursorPlace? {
    let start = scanner.skippingBlanks(offset)
    guard scanner.isWordPiece(start), takesWordPiece(isAttached: start == offset) else { return nil }
    if frame.form == .block, frame.next == .nothing { frame.next = .argument }
    let end = scanner.endOfWordPiece(start)
    if end == scanner.end { return place(frame.next, from: start) }
    if frame.next == .argument { frame.argumentCount += 1 }
    offset = end
    operand(at: start)
    return nil
  }

  private func takesWordPiece(isAttached: Bool) -> Bool {
    switch frame.next {
    case .value: isAttached
    case .argument, .nothing:
      !isAttached && frame.form == .block
        && frame.command.flatMap(grammar.argumentStyle(of:)).map {
          if case .words = $0 { true } else { false }
        }
          ?? false
    default: false
    }
  }

  /// A path without quotes is no expression. One that is a name so far reads as one.
  mutating func placeInPath() -> CursorPlace? {
    let start = scanner.skippingBlanks(offset)
    guard pathUse(isAttached: start == offset) == .path, let word = scanner.bareWord(at: start),
      scanner.endOfName(start) < word.upperBound, scanner[scanner.endOfName(start)] != UInt8(ascii: "=")
    else { return nil }
    if frame.form == .block, frame.next == .nothing { frame.next = .argument }
    if word.upperBound == scanner.end {
      return place(.path, from: start)
    }
    if frame.next == .argument { frame.argumentCount += 1 }
    offset = word.upperBound
    operand(at: start)
    return nil
  }

  /// Of the argument that would begin here in the verb form.
  private func pathUse(isAttached: Bool) -> WordUse {
    guard frame.form == .block, let command = frame.command else { return .expression }
    switch frame.next {
    case .value(let option):
      return isAttached ? grammar.wordUse(of: .option(option), in: command) : .expression
    case .argument, .nothing:
      return isAttached ? .expression : grammar.wordUse(of: .positional(frame.argumentCount), in: command)
    default: return .expression
    }
  }
}
