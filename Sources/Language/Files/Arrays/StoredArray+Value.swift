import Faults
import Files
import Results

extension StoredArray {
  /// Float32 and Float16 as a tensor, anything else as a number, bool or text, or lists of them: what `save` made the
  /// array of.
  func value() throws -> Value {
    switch element {
    case .float32, .float16:
      guard let tensor = try tensor else {
        preconditionFailure("floats of \(element.size) bytes are no tensor")
      }
      return .tensor(tensor)
    case .float64: return try nested(elements { .number(Double(bitPattern: $0)) })
    case .signed(let size):
      return try nested(
        try elements { try whole(Int64(bitPattern: $0 << (64 - 8 * size)) >> (64 - 8 * size)) })
    case .unsigned: return try nested(elements { try whole($0) })
    case .bool: return try nested(elements(bool))
    case .text(let scalars): return try nested(texts(scalars))
    }
  }

  /// The bits of each element, as `transform` reads them.
  private func elements(_ transform: (UInt64) throws -> Value) throws -> [Value] {
    try (0..<(bytes.count / element.size)).interruptibleMap { index in
      try transform(bits(at: bytes.startIndex + index * element.size, count: element.size))
    }
  }

  private func bits(at start: Int, count: Int) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<count { bits |= UInt64(bytes[start + index]) << UInt64(8 * index) }
    return bits
  }

  private func whole(_ number: some BinaryInteger) throws -> Value {
    guard let exact = Double(exactly: number) else {
      throw place.malformed(expected: "whole numbers that a Float64 holds exactly", found: "\(number)")
    }
    return .number(exact)
  }

  private func bool(_ bits: UInt64) throws -> Value {
    guard bits < 2 else { throw place.malformed(expected: "bools of 0 or 1", found: "\(bits)") }
    return .bool(bits == 1)
  }

  private func texts(_ scalars: Int) throws -> [Value] {
    try (0..<(bytes.count / element.size)).interruptibleMap { index in
      let start = bytes.startIndex + index * element.size
      var codes = try (0..<scalars).interruptibleMap { UInt32(bits(at: start + 4 * $0, count: 4)) }
      while codes.last == 0 { codes.removeLast() }
      var text = String.UnicodeScalarView()
      var steps = Steps()
      for code in codes {
        try steps.next()
        guard let scalar = Unicode.Scalar(code) else {
          throw place.malformed(
            expected: "Unicode scalars", found: "U+\(String(code, radix: 16, uppercase: true))")
        }
        text.append(scalar)
      }
      return .string(String(text))
    }
  }

  /// `elements` as lists of lists.
  private func nested(_ elements: [Value]) throws -> Value {
    var rest = elements.makeIterator()
    func list(_ sizes: ArraySlice<Int>) throws -> Value {
      guard let size = sizes.first else { return rest.next() ?? .null }
      return .list(try (0..<size).interruptibleMap { _ in try list(sizes.dropFirst()) })
    }
    return try list(shape[...])
  }
}
