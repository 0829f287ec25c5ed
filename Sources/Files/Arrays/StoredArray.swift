import Results
import Tensors

/// An array as a file holds it: little-endian elements in C order.
struct StoredArray {
  enum Element: Equatable {
    case float32, float64
    case signed(bytes: Int)
    case unsigned(bytes: Int)
    case bool
    /// UTF-32, filled up with zeros.
    case text(scalars: Int)

    var size: Int {
      switch self {
      case .float32: 4
      case .float64: 8
      case .signed(let bytes), .unsigned(let bytes): bytes
      case .bool: 1
      case .text(let scalars): 4 * scalars
      }
    }
  }

  let element: Element
  let shape: [Int]
  let bytes: ArraySlice<UInt8>
  /// For messages: the file and the array's name in it.
  let path: String
  let part: String

  /// As many as NumPy allows; lists are nested to this depth.
  private static let maxRank = 64

  /// - Throws: ``ArrayFileFault`` unless the bytes are those of the shape.
  init(element: Element, shape: [Int], bytes: ArraySlice<UInt8>, path: String, part: String) throws {
    (self.element, self.shape, self.bytes) = (element, shape, bytes)
    (self.path, self.part) = (path, part)
    guard shape.count <= Self.maxRank else {
      throw fault(expected: "at most \(Self.maxRank) dimensions", found: "\(shape.count)")
    }
    let size = try elementCount() * element.size
    guard size == bytes.count else {
      throw fault(expected: "\(size) bytes of data for shape \(shape)", found: "\(bytes.count)")
    }
  }

  /// The product without sizes of 0 must be small too: lists are made for what stands before them.
  private func elementCount() throws -> Int {
    var product = 1
    for size in shape where size > 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= (1 << 40) / max(1, element.size) else {
        throw fault(expected: "a shape of less than 1 TB", found: "\(shape)")
      }
      product = next
    }
    guard shape.contains(0) else { return product }
    guard product <= 1 << 20 else {
      throw fault(expected: "an empty array of few lists", found: "shape \(shape)")
    }
    return 0
  }

  private func fault(expected: String, found: String) -> ArrayFileFault {
    .malformed(path: path, part: part, expected: expected, found: found)
  }
}

// MARK: Values
extension StoredArray {
  /// Float32 as a tensor, anything else as a number, bool or text, or lists of them: what `save` made the array of.
  func value() throws -> Value {
    switch element {
    case .float32: .tensor(Tensor(shape: shape, try elements { Float(bitPattern: UInt32($0)) }))
    case .float64: try nested(elements { .number(Double(bitPattern: $0)) })
    case .signed(let size):
      try nested(try elements { try whole(Int64(bitPattern: $0 << (64 - 8 * size)) >> (64 - 8 * size)) })
    case .unsigned: try nested(elements { try whole($0) })
    case .bool: try nested(elements(bool))
    case .text(let scalars): try nested(texts(scalars))
    }
  }

  /// The bits of each element, as `transform` reads them.
  private func elements<Result>(_ transform: (UInt64) throws -> Result) throws -> [Result] {
    try stride(from: bytes.startIndex, to: bytes.endIndex, by: element.size).interruptibleMap { start in
      try transform(bits(at: start, count: element.size))
    }
  }

  private func bits(at start: Int, count: Int) -> UInt64 {
    var bits: UInt64 = 0
    for index in 0..<count { bits |= UInt64(bytes[start + index]) << UInt64(8 * index) }
    return bits
  }

  private func whole(_ number: some BinaryInteger) throws -> Value {
    guard let exact = Double(exactly: number) else {
      throw fault(expected: "whole numbers that a Float64 holds exactly", found: "\(number)")
    }
    return .number(exact)
  }

  private func bool(_ bits: UInt64) throws -> Value {
    guard bits < 2 else { throw fault(expected: "bools of 0 or 1", found: "\(bits)") }
    return .bool(bits == 1)
  }

  private func texts(_ scalars: Int) throws -> [Value] {
    try stride(from: bytes.startIndex, to: bytes.endIndex, by: element.size).interruptibleMap { start in
      var codes = (0..<scalars).map { UInt32(bits(at: start + 4 * $0, count: 4)) }
      while codes.last == 0 { codes.removeLast() }
      var text = String.UnicodeScalarView()
      for code in codes {
        guard let scalar = Unicode.Scalar(code) else {
          throw fault(expected: "Unicode scalars", found: "U+\(String(code, radix: 16, uppercase: true))")
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
