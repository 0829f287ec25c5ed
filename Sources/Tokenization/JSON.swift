/// A JSON document. Members keep their order and may repeat: Swift's dictionaries would merge keys
/// that are canonically equivalent, such as two pieces of a vocabulary.
enum JSON {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([(key: String, value: JSON)])
}

/// Reads RFC 8259 JSON in one pass; of numbers also what Swift reads besides, such as `01`.
struct JSONReader {
  private let file: String
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private static let depthLimit = 100

  /// - Parameter file: the name that faults mention.
  static func read(_ bytes: [UInt8], file: String) throws -> JSON {
    var reader = JSONReader(file: file, bytes: bytes)
    let document = try reader.value()
    reader.skipSpace()
    guard reader.position == bytes.count else { throw reader.fault("text after the document") }
    return document
  }

  private init(file: String, bytes: [UInt8]) {
    self.file = file
    self.bytes = bytes
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func value() throws -> JSON {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try nested { try $0.object() }
    case UInt8(ascii: "["): return try nested { try $0.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func nested(_ body: (inout Self) throws -> JSON) throws -> JSON {
    guard depth < Self.depthLimit else { throw fault("more than \(Self.depthLimit) levels") }
    depth += 1
    defer { depth -= 1 }
    position += 1
    return try body(&self)
  }

  private mutating func object() throws -> JSON {
    var members: [(key: String, value: JSON)] = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw fault("expected a name in quotes") }
      let key = try string()
      guard take(":") else { throw fault("expected ':'") }
      members.append((key, try value()))
    } while take(",")
    guard take("}") else { throw fault("expected ',' or '}'") }
    return .object(members)
  }

  private mutating func array() throws -> JSON {
    var elements: [JSON] = []
    if take("]") { return .array(elements) }
    repeat { elements.append(try value()) } while take(",")
    guard take("]") else { throw fault("expected ',' or ']'") }
    return .array(elements)
  }

  private mutating func word(_ word: StaticString, _ value: JSON) throws -> JSON {
    let text = String(describing: word).utf8
    guard bytes[position...].starts(with: text) else { throw fault("expected a value") }
    position += text.count
    return value
  }

  private mutating func number() throws -> JSON {
    let start = position
    let characters = "+-.0123456789eE".utf8
    while let byte = next, characters.contains(byte) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let number = Double(text), number.isFinite, text.first != "+" else {
      position = start
      throw fault("expected a value")
    }
    return .number(number)
  }

  private mutating func string() throws -> String {
    let start = position
    position += 1
    var characters: [UInt8] = []
    while let byte = next, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw fault("a control character in a string") }
      position += 1
      if byte == UInt8(ascii: "\\") {
        characters += try escape().utf8
      } else {
        characters.append(byte)
      }
    }
    guard next != nil else { throw fault("the string does not end") }
    let string = String(decoding: characters, as: UTF8.self)
    guard string.utf8.elementsEqual(characters) else {
      position = start
      throw fault("the string is not UTF-8")
    }
    position += 1
    return string
  }

  private mutating func escape() throws -> String {
    guard let byte = next else { throw fault("the string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return String(Unicode.Scalar(byte))
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw fault("unknown escape")
    }
  }

  /// One `\uXXXX`, or two of them that are a surrogate pair.
  private mutating func unicodeEscape() throws -> String {
    var units = [try hexadecimal()]
    if UTF16.isLeadSurrogate(units[0]), bytes[position...].starts(with: "\\u".utf8) {
      position += 2
      units.append(try hexadecimal())
    }
    let string = String(decoding: units, as: UTF16.self)
    guard string.utf16.elementsEqual(units) else { throw fault("half a surrogate pair") }
    return string
  }

  private mutating func hexadecimal() throws -> UInt16 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw fault("expected four hexadecimal digits") }
    position += 4
    return unit
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard let byte = next, Unicode.Scalar(byte) == character else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  /// With the line and column, from 1 and in characters, of the present position.
  private func fault(_ reason: String) -> TokenizationFault {
    let before = bytes[..<position]
    let line = before.count { $0 == 0x0A } + 1
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
    return .malformedJSON(file: file, line: line, column: column, reason: reason)
  }
}
