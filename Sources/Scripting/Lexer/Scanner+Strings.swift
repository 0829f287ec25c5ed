import ExactText

extension Scanner {
  /// A stretch of a string before its expressions are parsed.
  enum StringPiece: Equatable {
    case text(String)
    /// The offset behind the `{`; the string was read far enough to know that its `}` is there.
    case interpolation(Int)
  }

  /// `"text \n {expression}"`.
  func string(at start: Int, depth: Int = 0) throws -> (pieces: [StringPiece], end: Int) {
    var pieces: [StringPiece] = []
    var text: [UInt8] = []
    var offset = start + 1
    while let byte = try stringByte(offset, of: start), byte != UInt8(ascii: "\"") {
      if byte == UInt8(ascii: "\\") {
        let escape = try escape(at: offset)
        text += Array(String(escape.scalar).utf8)
        offset = escape.end
      } else if byte == UInt8(ascii: "{") {
        if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
        text = []
        pieces.append(.interpolation(offset + 1))
        offset = try endOfInterpolation(offset + 1, of: start, depth: depth + 1)
      } else {
        let end = endOfPlainText(offset)
        text += source.utf8[offset..<end]
        offset = end
      }
    }
    if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
    return (pieces, offset + 1)
  }

  /// Behind the byte at `start`, which is part of a string, and all that follow it and mean nothing but themselves: what is
  /// as long as a book is gone over at once.
  private func endOfPlainText(_ start: Int) -> Int {
    var offset = start + 1
    while offset < end {
      switch source.utf8[offset] {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), 0..<0x20, 0x7F: return offset
      default: offset += 1
      }
    }
    return offset
  }

  /// `r"C:\data"`: no escapes, no interpolation, no `"` inside.
  func rawString(at start: Int) throws -> (text: String, end: Int) {
    var offset = start + 2
    while let byte = try stringByte(offset, of: start), byte != UInt8(ascii: "\"") {
      offset = endOfPlainText(offset)
    }
    return (source.text(start + 2..<offset), offset + 1)
  }

  private func stringByte(_ offset: Int, of start: Int) throws -> UInt8? {
    guard !isLineEnd(offset), let byte = self[offset] else { throw unterminated(start) }
    try rejectControl(offset)
    return byte
  }

  /// Control characters are written as escapes, so that what is seen is what is meant.
  func rejectControl(_ offset: Int) throws {
    guard let byte = self[offset], byte < 0x20 || byte == 0x7F, byte != UInt8(ascii: "\t") else { return }
    throw invalidCharacter(at: offset)
  }

  private func unterminated(_ start: Int, inInterpolation: Bool = false) -> Diagnostic {
    let opening = self[start] == UInt8(ascii: "r") ? start..<start + 2 : start..<start + 1
    return SyntaxFault.unterminatedString(inInterpolation: inInterpolation).at(span(opening))
  }

  /// The offset behind the `}` that closes an interpolation. Only strings and braces are looked at:
  /// all else is for the parser to judge.
  func endOfInterpolation(_ start: Int, of string: Int, depth: Int) throws -> Int {
    guard depth <= Parser.nestingLimit else {
      throw SyntaxFault.nestedTooDeeply(limit: Parser.nestingLimit).at(span(start - 1..<start))
    }
    var open = 1
    var offset = start
    while open > 0 {
      if isLineEnd(offset) || self[offset] == UInt8(ascii: "#") {
        throw unterminated(string, inInterpolation: true)
      }
      if self[offset] == UInt8(ascii: "{") { open += 1 }
      if self[offset] == UInt8(ascii: "}") { open -= 1 }
      offset = try endOfString(at: offset, depth: depth) ?? offset + 1
    }
    return offset
  }

  /// The end of the string that begins at `start`, of either kind; nil when none does.
  func endOfString(at start: Int, depth: Int) throws -> Int? {
    if self[start] == UInt8(ascii: "\"") { return try string(at: start, depth: depth).end }
    let isRaw = self[start] == UInt8(ascii: "r") && self[start + 1] == UInt8(ascii: "\"")
    // Behind a name, of which the byte before may be the end of a longer character, `r` belongs to it.
    let followsName = start > 0 && (continuesName(start - 1) || source.utf8[start - 1] >= 0x80)
    guard isRaw, !followsName else { return nil }
    return try rawString(at: start).end
  }
}

// MARK: Escapes
extension Scanner {
  private static let escapes: [UInt8: Unicode.Scalar] = [
    UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r",
    UInt8(ascii: "t"): "\t", UInt8(ascii: "0"): "\0", UInt8(ascii: "{"): "{",
  ]

  private func escape(at start: Int) throws -> (scalar: Unicode.Scalar, end: Int) {
    guard !isLineEnd(start + 1), let letter = self[start + 1] else {
      throw SyntaxFault.unknownEscape("\\").at(span(start..<start + 1))
    }
    if letter == UInt8(ascii: "u") { return try scalarEscape(at: start) }
    if let scalar = Self.escapes[letter] { return (scalar, start + 2) }
    try rejectControl(start + 1)
    let range = start..<start + 1 + scalar(at: start + 1).utf8.count
    throw SyntaxFault.unknownEscape(source.text(range)).at(span(range))
  }

  /// `\u{1F600}`: one to six hexadecimal digits of a Unicode scalar.
  private func scalarEscape(at start: Int) throws -> (scalar: Unicode.Scalar, end: Int) {
    var end = start + 2
    if self[end] == UInt8(ascii: "{") {
      repeat { end += 1 } while self[end].map { Character(Unicode.Scalar($0)).isHexDigit } ?? false
    }
    let isClosed = end > start + 3 && self[end] == UInt8(ascii: "}")
    guard isClosed, end - start <= 9, let value = UInt32(source.text(start + 3..<end), radix: 16),
      let scalar = Unicode.Scalar(value)
    else { throw SyntaxFault.invalidScalarEscape.at(span(start..<(isClosed ? end + 1 : end))) }
    return (scalar, end + 1)
  }
}
