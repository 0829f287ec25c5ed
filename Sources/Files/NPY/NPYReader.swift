import Faults

/// Reads NumPy's `.npy`, version 1.0, C order, little-endian.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NPYReader {
  let path: String
  /// The array's name in an archive; empty for a file of its own.
  let part: String

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// - Throws: ``ArrayFileFault``
  func read(_ bytes: ArraySlice<UInt8>) throws -> StoredArray {
    guard bytes.starts(with: Self.magic) else {
      throw fault("a file that begins with \\x93NUMPY", "\(bytes.count) bytes that do not")
    }
    guard bytes.count >= 10 else { throw fault("10 bytes before the header", "\(bytes.count)") }
    let base = bytes.startIndex
    let version = "\(bytes[base + 6]).\(bytes[base + 7])"
    guard version == "1.0" else {
      throw unsupported("version \(version) of the format", "numpy.save writes version 1.0 for plain arrays")
    }
    let length = Int(bytes[base + 8]) | Int(bytes[base + 9]) << 8
    guard bytes.count >= 10 + length else {
      throw fault("a header of \(length) bytes", "\(bytes.count - 10)")
    }
    var header = NPYHeader(bytes[(base + 10)..<(base + 10 + length)])
    guard let fields = header.fields() else {
      throw fault(
        "a header {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "something else at byte \(header.position - base)")
    }
    guard !fields.isFortranOrder || fields.shape.count < 2 else {
      throw unsupported("Fortran order", "save numpy.ascontiguousarray of it")
    }
    return try StoredArray(
      element: try element(fields.type), shape: fields.shape, bytes: bytes[(base + 10 + length)...],
      path: path, part: part)
  }

  private func element(_ type: String) throws -> StoredArray.Element {
    switch type {
    case "<f4": return .float32
    case "<f8": return .float64
    case "|b1": return .bool
    case "|i1", "<i2", "<i4", "<i8": return .signed(bytes: type.last?.wholeNumberValue ?? 8)
    case "|u1", "<u2", "<u4", "<u8": return .unsigned(bytes: type.last?.wholeNumberValue ?? 8)
    default: break
    }
    if type.hasPrefix("<U"), type.dropFirst(2).allSatisfy(\.isASCII), let count = Int(type.dropFirst(2)),
      1...(1 << 24) ~= count
    {
      return .text(scalars: count)
    }
    throw unsupported("the element type \(quoted(type))", "save it as float32 or float64: a.astype('<f8')")
  }

  private func fault(_ expected: String, _ found: String) -> ArrayFileFault {
    .malformed(path: path, part: part, expected: expected, found: found)
  }

  private func unsupported(_ what: String, _ remedy: String) -> ArrayFileFault {
    .unsupported(path: path, part: part, what: what, remedy: remedy)
  }
}

/// The header of a `.npy` file: a Python dictionary of three entries.
struct NPYHeader {
  struct Fields {
    let type: String
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
    var (type, isFortranOrder, shape): (String?, Bool?, [Int]?)
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":") else { return nil }
      switch key {
      case "descr" where type == nil: type = string()
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
