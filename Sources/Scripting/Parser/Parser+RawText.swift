extension Parser {
  /// The text to the end of the statement, then the `key=value` options at its end.
  mutating func rawArguments() throws -> [Argument] {
    let start = scanner.skippingBlanks(position)
    var words = try rawWords(from: start)
    var options: [Range<Int>] = []
    while let word = words.last, endOfKey(word) != nil {
      options.insert(words.removeLast(), at: 0)
    }
    var arguments: [Argument] = []
    if let first = words.first, let last = words.last {
      let range = first.lowerBound..<last.upperBound
      let raw = Expression(.raw(scanner.source.text(range)), scanner.span(range))
      arguments.append(Argument(label: nil, value: raw))
      move(to: range.upperBound)
    }
    return try arguments + options.map { try rawOption($0) }
  }

  /// The places of the words between blanks, up to the line end, `;`, comment or closing brace.
  private func rawWords(from start: Int) throws -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = start
    var braces = 0
    while !endsRawText(offset, braces) {
      let first = offset
      while !scanner.isBlank(offset), !endsRawText(offset, braces) {
        if scanner[offset] == UInt8(ascii: "{") { braces += 1 }
        if scanner[offset] == UInt8(ascii: "}") { braces = max(0, braces - 1) }
        offset = try endOfRawPiece(offset, wordStart: first)
      }
      words.append(first..<offset)
      offset = scanner.skippingBlanks(offset)
    }
    return words
  }

  private func endsRawText(_ offset: Int, _ braces: Int) -> Bool {
    if scanner.isLineEnd(offset) { return true }
    switch scanner[offset] {
    case UInt8(ascii: ";"), UInt8(ascii: "#"): return true
    case UInt8(ascii: "}"): return braces == 0 && !openings.isEmpty
    default: return false
    }
  }

  /// A string is passed over whole: its `#`, `;`, blanks and braces mean nothing here.
  private func endOfRawPiece(_ offset: Int, wordStart: Int) throws -> Int {
    if scanner[offset] == UInt8(ascii: "\"") { return try scanner.string(at: offset, depth: depth).end }
    let beginsWord = offset == wordStart || !scanner.continuesName(offset - 1)
    if beginsWord, scanner[offset] == UInt8(ascii: "r"), scanner[offset + 1] == UInt8(ascii: "\"") {
      return try scanner.rawString(at: offset).end
    }
    try scanner.rejectControl(offset)
    return offset + 1
  }

  /// The offset behind `key=` when a word is an option.
  private func endOfKey(_ word: Range<Int>) -> Int? {
    let equals = scanner.endOfName(word.lowerBound)
    let isOption =
      equals > word.lowerBound && scanner[equals] == UInt8(ascii: "=")
      && scanner[equals + 1] != UInt8(ascii: "=") && equals + 1 < word.upperBound
    return isOption ? equals + 1 : nil
  }

  private mutating func rawOption(_ word: Range<Int>) throws -> Argument {
    guard let valueStart = endOfKey(word) else { preconditionFailure("not an option") }
    let key = word.lowerBound..<valueStart - 1
    move(to: valueStart)
    let value = try expression()
    guard position == word.upperBound else {
      let rest = min(position, word.upperBound)..<max(position, word.upperBound)
      let label = scanner.source.text(key).clipped
      throw SyntaxFault.blanksAroundEquals(option: label).at(scanner.span(rest))
    }
    return Argument(label: Identifier(scanner.source.text(key), scanner.span(key)), value: value)
  }
}
