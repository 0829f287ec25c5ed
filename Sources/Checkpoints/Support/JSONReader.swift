/// Why a text is not JSON, and where.
struct JSONSyntaxError: Error, Equatable {
  let offset: Int
  let expected: String
  let found: String
}

/// Reads one JSON text into a ``JSONValue``; stops at the first byte that does not belong.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  /// Deeper nesting is refused: no model file needs it, and recursion must not exhaust the stack.
  private static let deepest = 128

  /// - Throws: ``JSONSyntaxError``, also for keys given twice and invalid UTF-8.
  static func read(_ bytes: [UInt8]) throws -> JSONValue {
    if let offset = firstInvalidUTF8(in: bytes) {
      throw JSONSyntaxError(offset: offset, expected: "UTF-8", found: "byte \(hexadecimal(bytes[offset]))")
    }
    var reader = JSONReader(bytes: bytes)
    let value = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.unexpected("the end of the text") }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func value() throws -> JSONValue {
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    default: return try word()
    }
  }

  private mutating func nested(_ body: (inout JSONReader) throws -> JSONValue) throws -> JSONValue {
    guard depth < Self.deepest else { throw unexpected("at most \(Self.deepest) levels of nesting") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSONValue {
    var members: [String: JSONValue] = [:]
    if skip("}") { return .object(members) }
    repeat {
      skipSpace()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      let key = try string()
      guard skip(":") else { throw unexpected("':'") }
      let value = try value()
      guard members.updateValue(value, forKey: key) == nil else {
        throw JSONSyntaxError(offset: start, expected: "each key once", found: "\(quoted(key)) again")
      }
    } while skip(",")
    guard skip("}") else { throw unexpected("',' or '}'") }
    return .object(members)
  }

  private mutating func array() throws -> JSONValue {
    var items: [JSONValue] = []
    if skip("]") { return .array(items) }
    repeat { items.append(try value()) } while skip(",")
    guard skip("]") else { throw unexpected("',' or ']'") }
    return .array(items)
  }

  private mutating func word() throws -> JSONValue {
    let words: [(String, JSONValue)] = [("null", .null), ("true", .bool(true)), ("false", .bool(false))]
    for (word, value) in words where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return value
    }
    throw unexpected("a value")
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    let first = peek
    let digits = try skipDigits()
    if first == UInt8(ascii: "0"), digits > 1 {
      position = start
      throw unexpected("a number without leading zeros")
    }
    if peek == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      position += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
    return .number(text: String(decoding: bytes[start..<position], as: UTF8.self), offset: start)
  }

  @discardableResult
  private mutating func skipDigits() throws -> Int {
    let start = position
    while let byte = peek, isDigit(byte) { position += 1 }
    guard position > start else { throw unexpected("a digit") }
    return position - start
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws -> String {
    position += 1
    var scalars: [UInt8] = []
    while let byte = peek, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw unexpected("no control character inside a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        scalars += Array(String(try escape()).utf8)
      } else {
        scalars.append(byte)
      }
    }
    guard position < bytes.count else { throw unexpected("'\"'") }
    position += 1
    return String(decoding: scalars, as: UTF8.self)
  }

  private mutating func escape() throws -> Character {
    let plain: [UInt8: Character] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    if let byte = peek, let character = plain[byte] {
      position += 1
      return character
    }
    guard peek == UInt8(ascii: "u") else { throw unexpected("an escape such as \\n") }
    return Character(try unicodeEscape())
  }

  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let start = position
    var code = try codeUnit()
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
      position += 1
      let low = try codeUnit()
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code) else {
      position = start
      throw unexpected("a whole surrogate pair")
    }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt32 {
    position += 1
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw unexpected("four hexadecimal digits") }
    position += 4
    return code
  }
}

// MARK: - Bytes

extension JSONReader {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func unexpected(_ expected: String) -> JSONSyntaxError {
    JSONSyntaxError(offset: position, expected: expected, found: found(at: position))
  }

  private func found(at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    if byte < 0x20 || byte == 0x7F { return "byte \(hexadecimal(byte))" }
    let text = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    return text.unicodeScalars.first.map { "'\($0)'" } ?? "byte \(hexadecimal(byte))"
  }
}

func hexadecimal(_ byte: UInt8) -> String {
  "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

/// The offset of the first byte that is not part of well-formed UTF-8, or nil.
func firstInvalidUTF8(in bytes: [UInt8]) -> Int? {
  let repaired = String(decoding: bytes, as: UTF8.self).utf8
  if repaired.count == bytes.count, repaired.elementsEqual(bytes) { return nil }
  return zip(bytes.indices, zip(bytes, repaired)).first { $1.0 != $1.1 }?.0 ?? bytes.count - 1
}

/// The 1-based line, and column counted in Unicode scalars, of a byte offset.
func lineAndColumn(of offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
  let before = bytes.prefix(offset)
  let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
  let column = String(decoding: bytes[lineStart..<max(lineStart, min(offset, bytes.count))], as: UTF8.self)
  return (before.count { $0 == 0x0A } + 1, column.unicodeScalars.count + 1)
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
