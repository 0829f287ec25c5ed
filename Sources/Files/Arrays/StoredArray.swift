import Faults

/// An array as a file holds it, brought into one form: little-endian elements in C order.
package struct StoredArray {
  package enum Element: Hashable, Sendable {
    case float16, float32, float64
    case signed(bytes: Int)
    case unsigned(bytes: Int)
    case bool
    /// UTF-32, filled up with zeros.
    case text(scalars: Int)

    package var size: Int {
      switch self {
      case .float16: 2
      case .float32: 4
      case .float64: 8
      case .signed(let bytes), .unsigned(let bytes): bytes
      case .bool: 1
      case .text(let scalars): 4 * scalars
      }
    }
  }

  package let element: Element
  /// Outermost first; empty for a single element.
  package let shape: [Int]
  package let bytes: ArraySlice<UInt8>
  /// For messages.
  package let place: ArrayPlace

  /// As many as NumPy allows; lists are nested to this depth.
  private static let maxRank = 64

  /// An array that was read.
  ///
  /// - Throws: ``FileFault/malformed(_:expected:found:)`` unless the bytes are those of the shape.
  package init(element: Element, shape: [Int], bytes: ArraySlice<UInt8>, at place: ArrayPlace) throws {
    (self.element, self.shape, self.bytes, self.place) = (element, shape, bytes, place)
    guard shape.count <= Self.maxRank else {
      throw place.malformed(expected: "at most \(Self.maxRank) dimensions", found: "\(shape.count)")
    }
    let size = try elementCount() * element.size
    guard size == bytes.count else {
      throw place.malformed(expected: "\(size) bytes of data for shape \(shape)", found: "\(bytes.count)")
    }
  }

  /// An array to be written.
  ///
  /// - Parameter bytes: of as many elements as the shape has.
  package init(element: Element, shape: [Int], bytes: [UInt8]) {
    (self.element, self.shape, self.bytes) = (element, shape, bytes[...])
    place = ArrayPlace(path: "")
    precondition(
      bytes.count == shape.reduce(element.size, *), "\(bytes.count) bytes for \(shape) of \(element)")
  }

  /// The product without sizes of 0 must be small too: lists are made for what stands before them.
  private func elementCount() throws -> Int {
    var product = 1
    for size in shape where size > 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= (1 << 40) / max(1, element.size) else {
        throw place.malformed(expected: "a shape of less than 1 TB", found: "\(shape)")
      }
      product = next
    }
    guard shape.contains(0) else { return product }
    guard product <= 1 << 20 else {
      throw place.malformed(expected: "an empty array of few lists", found: "shape \(shape)")
    }
    return 0
  }
}
