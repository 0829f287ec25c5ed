import ExactText

/// Reads one token at any place of a source.
///
/// It keeps no state: the parser, which alone knows whether the text at some place is verbatim,
/// part of a node or ordinary, asks for the token at an offset.
struct Scanner: Sendable {
  let source: Source
  /// Where the text ends for this scanner: that of the source, or of a stretch of it.
  let end: Int
  /// Whether the text ends here for the parser only.
  let isBounded: Bool

  /// Bytes. What is longer nobody has written by hand, and some work on names takes the square of their length.
  static let longestName = 1000

  init(source: Source, end: Int? = nil) {
    self.source = source
    isBounded = end != nil
    self.end = end ?? source.utf8.count
  }

  /// The byte at `offset`, nil at and beyond the end.
  subscript(offset: Int) -> UInt8? { offset < end ? source.utf8[offset] : nil }

  /// The token that begins at or after `offset`, behind blanks. Comments are tokens.
  func token(at offset: Int, depth: Int = 0) throws -> Token {
    let start = skippingBlanks(offset)
    guard let byte = self[start] else { return Token(.end, start..<start) }
    switch byte {
    case UInt8(ascii: "\n"): return Token(.newline, start..<start + 1)
    case UInt8(ascii: "\r") where isLineEnd(start): return Token(.newline, start..<start + 2)
    case UInt8(ascii: "#"): return Token(.comment, start..<endOfLine(start))
    case UInt8(ascii: "\""): return Token(.string, start..<(try string(at: start, depth: depth).end))
    case UInt8(ascii: "r") where self[start + 1] == UInt8(ascii: "\""):
      return Token(.string, start..<(try rawString(at: start).end))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return Token(.number, start..<(try number(at: start).end))
    default: return try wordOrSymbol(at: start)
    }
  }

  private func wordOrSymbol(at start: Int) throws -> Token {
    let end = endOfName(start)
    guard end > start else { return try symbol(at: start) }
    guard end - start <= Self.longestName else {
      throw SyntaxFault.nameTooLong(limit: Self.longestName).at(span(start..<end))
    }
    let text = source.text(start..<end)
    if isNode(text, endingAt: end) { return Token(.node, start..<end) }
    if let keyword = Keyword(rawValue: text) { return Token(.keyword(keyword), start..<end) }
    return Token(.identifier, start..<(text == "blocks" ? endOfAlias(end) : end))
  }

  private func symbol(at start: Int) throws -> Token {
    for length in [3, 2, 1] where start + length <= end {
      if let symbol = Symbol(rawValue: source.text(start..<start + length)) {
        return Token(.symbol(symbol), start..<start + length)
      }
    }
    throw invalidCharacter(at: start)
  }

  func invalidCharacter(at offset: Int) -> Diagnostic {
    let scalar = scalar(at: offset)
    return SyntaxFault.invalidCharacter(scalar).at(span(offset..<offset + scalar.utf8.count))
  }

  func span(_ range: Range<Int>) -> Span { Span(source, range) }
}

// MARK: Blanks and lines
extension Scanner {
  func isBlank(_ offset: Int) -> Bool {
    switch self[offset] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): true
    // A text that was cut between the two bytes of a line end.
    case UInt8(ascii: "\r"): offset + 1 == end
    default: false
    }
  }

  func isLineEnd(_ offset: Int) -> Bool {
    switch self[offset] {
    case nil, UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): self[offset + 1] == UInt8(ascii: "\n")
    default: false
    }
  }

  /// Where the first byte that is no blank stands; a byte order mark counts as a blank.
  func skippingBlanks(_ offset: Int) -> Int {
    var offset = offset
    if offset == 0, source.utf8.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    while isBlank(offset) { offset += 1 }
    return offset
  }

  func endOfLine(_ offset: Int) -> Int {
    var offset = offset
    while !isLineEnd(offset) { offset += 1 }
    return offset
  }

  /// Whether a blank, a line end, a comment or the end of the text stands at `offset`.
  func isGap(_ offset: Int) -> Bool {
    isBlank(offset) || isLineEnd(offset) || self[offset] == UInt8(ascii: "#")
  }

  /// Whether nothing but blanks and a comment follows on the line.
  func endsLine(_ offset: Int) -> Bool {
    let next = skippingBlanks(offset)
    return isLineEnd(next) || self[next] == UInt8(ascii: "#")
  }
}

// MARK: Words
extension Scanner {
  /// Whether a piece of a word as vocabularies write it begins at `offset`: `##` and what is neither blank nor `#`.
  ///
  /// Only where words stand that are no expressions; elsewhere it is a comment.
  func isWordPiece(_ offset: Int) -> Bool {
    guard self[offset] == UInt8(ascii: "#"), self[offset + 1] == UInt8(ascii: "#") else { return false }
    return !isGap(offset + 2)
  }

  /// Whether in verbatim text a comment begins at `offset`: a `#` behind a blank, unless a piece of a word begins there, and
  /// one at the `start`, directly behind the command.
  func beginsComment(inText offset: Int, from start: Int) -> Bool {
    guard self[offset] == UInt8(ascii: "#") else { return false }
    return isBlank(offset - 1) ? !isWordPiece(offset) : offset == start
  }

  /// The end of the piece of a word that begins at `start`; `start` itself when none does. It ends as an argument does.
  func endOfWordPiece(_ start: Int) -> Int {
    guard isWordPiece(start) else { return start }
    var end = start
    while !isBlank(end), !isLineEnd(end), let byte = self[end], !",;)]}".utf8.contains(byte) { end += 1 }
    return end
  }

  /// The end of the name that begins at `start`; `start` itself when none does.
  func endOfName(_ start: Int) -> Int {
    isNameStart(start) ? endOfNamePart(start) : start
  }

  /// The same for what need not begin as a name does: `2x`.
  func endOfNamePart(_ start: Int) -> Int {
    var end = start
    while let length = nameLength(at: end, isStart: false) { end += length }
    return end
  }

  func isNameStart(_ offset: Int) -> Bool { nameLength(at: offset, isStart: true) != nil }
  func continuesName(_ offset: Int) -> Bool { nameLength(at: offset, isStart: false) != nil }

  func isDigit(_ offset: Int) -> Bool {
    self[offset].map { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ?? false
  }

  /// The bytes of the scalar at `offset` when a name may begin with it, or go on with it.
  private func nameLength(at offset: Int, isStart: Bool) -> Int? {
    guard let byte = self[offset] else { return nil }
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
      return 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return isStart ? nil : 1
    case 0x80...: break
    default: return nil
    }
    let scalar = scalar(at: offset)
    let fits = isStart ? scalar.properties.isXIDStart : scalar.properties.isXIDContinue
    return fits ? scalar.utf8.count : nil
  }

  /// `show-settings`: names joined by single hyphens, as far as they go.
  func endOfHyphenatedName(_ start: Int) -> Int {
    var end = endOfName(start)
    while self[end] == UInt8(ascii: "-"), isNameStart(end + 1) { end = endOfName(end + 1) }
    return end
  }

  /// `blocks.3.attn.hook_pattern`: a name of another library, read as one word.
  private func endOfAlias(_ end: Int) -> Int {
    guard self[end] == UInt8(ascii: "."), isDigit(end + 1) else { return end }
    var end = end
    while self[end] == UInt8(ascii: "."), continuesName(end + 1) { end = endOfNamePart(end + 1) }
    return end
  }

  /// Whether a word is the beginning of a node: `L3`, `L3H5`, `L3H` or, before `*` or `{`, `L`.
  /// `L2_norm` is a name.
  private func isNode(_ word: String, endingAt end: Int) -> Bool {
    guard word.first == "L" else { return false }
    if word == "L" { return self[end] == UInt8(ascii: "*") || self[end] == UInt8(ascii: "{") }
    let numbers = word.dropFirst().split(separator: "H", maxSplits: 1, omittingEmptySubsequences: false)
    guard let layer = numbers.first, !layer.isEmpty else { return false }
    return numbers.allSatisfy { $0.utf8.allSatisfy { 0x30...0x39 ~= $0 } }
  }

  func scalar(at offset: Int) -> Unicode.Scalar {
    let bytes = source.utf8[offset..<min(offset + 4, end)]
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}"
  }
}
