extension Parser {
  /// The text to the end of the statement, then the `key=value` options at its end.
  mutating func rawArguments() throws -> [Argument] {
    let start = scanner.skippingBlanks(position)
    let all = try rawWords(from: start)
    let count = (all.lastIndex { endOfKey($0) == nil } ?? -1) + 1
    let (words, options) = (all[..<count], all[count...])
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
    while !endsRawText(offset, from: start, braces) {
      let first = offset
      while !scanner.isBlank(offset), !endsRawText(offset, from: start, braces) {
        if scanner[offset] == UInt8(ascii: "{") { braces += 1 }
        if scanner[offset] == UInt8(ascii: "}") { braces = max(0, braces - 1) }
        try scanner.rejectControl(offset)
        // The `#`, `;`, blanks and braces of a string mean nothing here.
        offset = try scanner.endOfString(at: offset, depth: depth) ?? offset + 1
      }
      words.append(first..<offset)
      offset = scanner.skippingBlanks(offset)
    }
    return words
  }

  private func endsRawText(_ offset: Int, from start: Int, _ braces: Int) -> Bool {
    if scanner.isLineEnd(offset) { return true }
    switch scanner[offset] {
    case UInt8(ascii: ";"): return true
    case UInt8(ascii: "#"): return scanner.beginsComment(inText: offset, from: start)
    case UInt8(ascii: "}"): return braces == 0 && !openings.isEmpty
    default: return false
    }
  }

  /// The offset behind `key=` when a word is an option.
  private func endOfKey(_ word: Range<Int>) -> Int? {
    let equals = scanner.endOfName(word.lowerBound)
    let isOption =
      equals > word.lowerBound && scanner[equals] == UInt8(ascii: "=")
      && scanner[equals + 1] != UInt8(ascii: "=") && equals + 1 < word.upperBound
    return isOption ? equals + 1 : nil
  }

  /// The value ends with its word, whatever follows on the next line.
  private mutating func rawOption(_ word: Range<Int>) throws -> Argument {
    guard let valueStart = endOfKey(word) else { preconditionFailure("not an option") }
    let key = word.lowerBound..<valueStart - 1
    let whole = scanner
    scanner = Scanner(source: whole.source, end: word.upperBound)
    move(to: valueStart)
    let value = try expression()
    if try peek().kind != .end { throw try unexpected("the end of the option") }
    scanner = whole
    move(to: word.upperBound)
    return Argument(label: Identifier(whole.source.text(key), whole.span(key)), value: value)
  }
}
