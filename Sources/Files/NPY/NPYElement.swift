import ExactText
import Faults

/// How NumPy calls the elements of arrays: their kind and size behind their byte order, `<f4`.
/// https://numpy.org/doc/stable/reference/arrays.interface.html#object.__array_interface__
extension StoredArray.Element {
  /// As it is written: little-endian, `|` where there is no order.
  var npyCode: String {
    switch self {
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .signed(let bytes): (bytes == 1 ? "|i" : "<i") + "\(bytes)"
    case .unsigned(let bytes): (bytes == 1 ? "|u" : "<u") + "\(bytes)"
    case .bool: "|b1"
    case .text(let scalars): "<U\(scalars)"
    }
  }

  /// nil for what is not read.
  init?(npyCode code: String) {
    guard let order = code.first, "<>|".contains(order) else { return nil }
    let kind = code.dropFirst().first
    guard code.dropFirst(2).allSatisfy(\.isASCII), let size = Int(code.dropFirst(2)), size > 0 else {
      return nil
    }
    switch (kind, size) {
    case ("f", 2): self = .float16
    case ("f", 4): self = .float32
    case ("f", 8): self = .float64
    case ("i", 1), ("i", 2), ("i", 4), ("i", 8): self = .signed(bytes: size)
    case ("u", 1), ("u", 2), ("u", 4), ("u", 8): self = .unsigned(bytes: size)
    case ("b", 1): self = .bool
    case ("U", ...(1 << 24)): self = .text(scalars: size)
    default: return nil
    }
    // Without an order there can be no more than one byte.
    if order == "|", self.size > 1 { return nil }
  }

  /// What an element that is not read is, for people.
  static func npyKind(_ code: String) -> String {
    let what: String? =
      switch code.dropFirst().first {
      case "O": "Python objects"
      case "c": "complex numbers"
      case "M": "dates"
      case "m": "times"
      case "S", "a": "texts of bytes"
      case "V": "untyped bytes"
      case "f": "floats of this size"
      default: nil
      }
    return "the element type \(quoted(code))" + (what.map { " (\($0))" } ?? "")
  }
}
