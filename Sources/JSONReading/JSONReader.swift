import ExactText
import Faults

/// Reads one JSON text into a ``JSONValue``; stops at the first byte that does not belong.
package struct JSONReader {
  private let bytes: [UInt8]
  private let dialect: JSONDialect
  private var position = 0
  private var depth = 0
  private var steps = Steps()

  /// Deeper nesting is refused: no model file needs it, and recursion must not exhaust the stack.
  private static let deepest = 128

  /// - Throws: ``JSONProblem/syntax(byte:line:column:expected:found:)``, also for invalid UTF-8 and, in the strict
  ///   dialect, for a key given twice in an object and numbers that are infinite as Double; ``Interrupted``.
  package static func read(_ bytes: [UInt8], _ dialect: JSONDialect = .strict) throws -> JSONValue {
    var reader = JSONReader(bytes: bytes, dialect: dialect)
    if let offset = try firstInvalidUTF8(in: bytes) {
      throw reader.problem(at: offset, expected: "UTF-8", found: "byte \(hexadecimal(bytes[offset]))")
    }
    let value = try reader.value()
    try reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.unexpected("the end of the text") }
    return value
  }

  private init(bytes: [UInt8], dialect: JSONDialect) { (self.bytes, self.dialect) = (bytes, dialect) }

  private mutating func value() throws -> JSONValue {
    try steps.next()
    try skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where byte == UInt8(ascii: "-") || isDigit(byte): return .number(try number())
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
    var object = JSONObject()
    if try skip("}") { return .object(object) }
    repeat {
      try skipSpace()
      let start = position
      guard peek == UInt8(ascii: "\"") else { throw unexpected("a key in double quotes") }
      let key = try string()
      guard try skip(":") else { throw unexpected("':'") }
      let isNew = object.set(key, try value())
      guard isNew || dialect == .python else {
        throw problem(at: start, expected: "each key once", found: "\(quoted(key)) again")
      }
    } while try skip(",")
    guard try skip("}") else { throw unexpected("',' or '}'") }
    return .object(object)
  }

  private mutating func array() throws -> JSONValue {
    var items: [JSONValue] = []
    if try skip("]") { return .array(items) }
    repeat { items.append(try value()) } while try skip(",")
    guard try skip("]") else { throw unexpected("',' or ']'") }
    return .array(items)
  }

  private mutating func word() throws -> JSONValue {
    let words: [(String, JSONValue)] = [("null", .null), ("true", .bool(true)), ("false", .bool(false))]
    for (word, value) in words where skip(word: word) { return value }
    if dialect.namesNumbers {
      for word in ["NaN", "Infinity"] where skip(word: word) { return .number(word) }
    }
    throw unexpected("a value")
  }

  private mutating func skip(word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }
}

// MARK: - Numbers

extension JSONReader {
  private mutating func number() throws -> String {
    let start = position
    if peek == UInt8(ascii: "-") { position += 1 }
    if position > start, dialect.namesNumbers, skip(word: "Infinity") { return "-Infinity" }
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
    let text = try text(from: start)
    guard dialect == .python || Double(text)?.isFinite == true else {
      throw problem(
        at: start, expected: "a number of magnitude up to \(Double.greatestFiniteMagnitude)", found: text)
    }
    return text
  }

  @discardableResult
  private mutating func skipDigits() throws -> Int {
    let start = position
    try skip(while: isDigit)
    guard position > start else { throw unexpected("a digit") }
    return position - start
  }
}

// MARK: - Strings

extension JSONReader {
  private mutating func string() throws -> String {
    position += 1
    var text = ""
    while true {
      try steps.next()
      let plain = try skipPlain()
      switch peek {
      case UInt8(ascii: "\""):
        position += 1
        return text.isEmpty ? plain : text + plain
      case UInt8(ascii: "\\"):
        text += plain
        text.unicodeScalars.append(try escape())
      case nil: throw unexpected("'\"'")
      default: throw unexpected("no control character inside a string")
      }
    }
  }

  /// What stands in a string up to its end, an escape or a control character.
  private mutating func skipPlain() throws -> String {
    let start = position
    try skip { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    return try text(from: start)
  }

  private mutating func escape() throws -> Unicode.Scalar {
    position += 1
    let plain: Unicode.Scalar
    switch peek {
    case UInt8(ascii: "u"): return try unicodeEscape()
    case let byte? where "\"\\/".utf8.contains(byte): plain = Unicode.Scalar(byte)
    case UInt8(ascii: "b"): plain = "\u{8}"
    case UInt8(ascii: "f"): plain = "\u{c}"
    case UInt8(ascii: "n"): plain = "\n"
    case UInt8(ascii: "r"): plain = "\r"
    case UInt8(ascii: "t"): plain = "\t"
    default: throw unexpected("an escape such as \\n")
    }
    position += 1
    return plain
  }

  /// One `uXXXX`, or `uXXXX\uXXXX` if the first is the first half of a surrogate pair.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let start = position - 1
    var code = try codeUnit()
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: "\\u".utf8) {
      position += 1
      let low = try codeUnit()
      if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
    }
    guard let scalar = Unicode.Scalar(code) else {
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      throw problem(at: start, expected: "a whole surrogate pair", found: text)
    }
    return scalar
  }

  private mutating func codeUnit() throws -> UInt32 {
    position += 1
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw unexpected("four hexadecimal digits")
      }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }
}

// MARK: - Bytes

extension JSONReader {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() throws {
    try skip { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
  }

  /// Goes on while the bytes are such; between parts of a long run it looks whether the user asked to stop.
  private mutating func skip(while belongs: (UInt8) -> Bool) throws {
    while true {
      let end = min(position + Self.part, bytes.count)
      while position < end {
        guard belongs(bytes[position]) else { return }
        position += 1
      }
      if position == bytes.count { return }
      try Interruption.check()
    }
  }

  private static let part = 1 << 16

  /// What stands between a place and the one where reading stands; the bytes are UTF-8.
  private func text(from start: Int) throws -> String {
    guard let text = try String(interruptiblyValidating: bytes[start..<position]) else {
      preconditionFailure("a part of a text in UTF-8 that is none")
    }
    return text
  }

  private mutating func skip(_ character: Unicode.Scalar) throws -> Bool {
    try skipSpace()
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private func unexpected(_ expected: String) -> JSONProblem {
    problem(at: position, expected: expected, found: found(at: position))
  }

  private func problem(at offset: Int, expected: String, found: String) -> JSONProblem {
    let before = bytes[..<offset]
    let line = before.count { $0 == 0x0A } + 1
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return .syntax(byte: offset, line: line, column: column, expected: expected, found: found)
  }

  private func found(at offset: Int) -> String {
    guard offset < bytes.count else { return "the end of the text" }
    let byte = bytes[offset]
    if byte < 0x20 || byte == 0x7F { return "byte \(hexadecimal(byte))" }
    let text = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    return text.unicodeScalars.first.map { "'\($0)'" } ?? "byte \(hexadecimal(byte))"
  }
}

private func hexadecimal(_ byte: UInt8) -> String {
  "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
}

/// The offset of the first byte that is not part of well-formed UTF-8, or nil.
private func firstInvalidUTF8(in bytes: [UInt8]) throws -> Int? {
  if try String(interruptiblyValidating: bytes[...]) != nil { return nil }
  let repaired = String(decoding: bytes, as: UTF8.self).utf8
  return zip(bytes.indices, zip(bytes, repaired)).first { $1.0 != $1.1 }?.0 ?? bytes.count - 1
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
