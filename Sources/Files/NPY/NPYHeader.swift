import ExactText

/// The header of a `.npy` file: a Python dictionary of three entries.
struct NPYHeader {
  enum ElementType {
    case plain(String)
    /// A list of named fields, as it is written.
    case structured(String)
  }

  struct Fields {
    let type: ElementType
    let isFortranOrder: Bool
    let shape: [Int]
  }

  private let bytes: ArraySlice<UInt8>
  /// Where reading stands, or where it failed.
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// nil when it is no such dictionary.
  mutating func fields() -> Fields? {
    var (type, isFortranOrder, shape): (ElementType?, Bool?, [Int]?)
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":") else { return nil }
      switch key {
      case "descr" where type == nil: type = elementType()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = bool()
      case "shape" where shape == nil: shape = tuple()
      default: return nil
      }
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipBlanks()
    guard position == bytes.endIndex, let type, let isFortranOrder, let shape else { return nil }
    return Fields(type: type, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func elementType() -> ElementType? {
    skipBlanks()
    guard position < bytes.endIndex, bytes[position] == UInt8(ascii: "[") else {
      return string().map { .plain($0) }
    }
    let start = position
    return skipList() ? .structured(String(decoding: bytes[start..<position], as: UTF8.self)) : nil
  }

  /// Moves behind the bracket that closes the one here.
  private mutating func skipList() -> Bool {
    var depth = 0
    while position < bytes.endIndex {
      switch bytes[position] {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        guard string() != nil else { return false }
        continue
      default: break
      }
      position += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func string() -> String? {
    for quote in [UInt8(ascii: "'"), UInt8(ascii: "\"")] where take([quote]) {
      guard let end = bytes[position...].firstIndex(of: quote) else { return nil }
      defer { position = end + 1 }
      return String(validating: bytes[position..<end], as: UTF8.self)
    }
    return nil
  }

  private mutating func bool() -> Bool? { take("True") ? true : take("False") ? false : nil }

  /// `()`, `(3,)`, `(2, 3)`
  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      guard let size = number() else { return nil }
      sizes.append(size)
      if !take(",") { return sizes.count > 1 && take(")") ? sizes : nil }
    }
    return sizes
  }

  private mutating func number() -> Int? {
    skipBlanks()
    let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    position = digits.endIndex
    // As Python 2 wrote long integers.
    if !digits.isEmpty { _ = take("L") }
    return Int(String(decoding: digits, as: UTF8.self))
  }

  private mutating func take(_ text: String) -> Bool { take(Array(text.utf8)) }

  private mutating func take(_ text: [UInt8]) -> Bool {
    skipBlanks()
    guard bytes[position...].starts(with: text) else { return false }
    position += text.count
    return true
  }

  private mutating func skipBlanks() {
    while position < bytes.endIndex, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
  }
}
