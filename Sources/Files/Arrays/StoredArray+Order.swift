import Faults

/// How others order elements and bytes, brought into our order.
extension StoredArray {
  /// The same array from bytes in Fortran order: there the first index runs fastest, here the last.
  package func reorderedFromFortran() throws -> StoredArray {
    guard shape.count > 1, !bytes.isEmpty else { return self }
    let size = element.size
    let ordered = try [UInt8](unsafeUninitializedCapacity: bytes.count) { target, filled in
      try bytes.withUnsafeBytes { source in
        guard let to = target.baseAddress, let from = source.baseAddress else { return }
        try FortranOrder(shape).forEach { index, place in
          UnsafeMutableRawPointer(to + index * size).copyMemory(from: from + place * size, byteCount: size)
        }
      }
      filled = bytes.count
    }
    return try StoredArray(element: element, shape: shape, bytes: ordered[...], at: place)
  }

  /// The same array from big-endian bytes.
  package func reorderedFromBigEndian() throws -> StoredArray {
    // Texts are rows of code points.
    let size = if case .text = element { 4 } else { element.size }
    guard size > 1 else { return self }
    var ordered: [UInt8] = []
    ordered.reserveCapacity(bytes.count)
    try ordered.appendInterruptibly(bytes)
    try ordered.withUnsafeMutableBytes { bytes in
      var steps = Steps()
      for start in stride(from: 0, to: bytes.count, by: size) {
        try steps.next()
        for offset in 0..<(size / 2) { bytes.swapAt(start + offset, start + size - 1 - offset) }
      }
    }
    return try StoredArray(element: element, shape: shape, bytes: ordered[...], at: place)
  }
}

/// The places that the elements of an array in C order have in Fortran order.
private struct FortranOrder {
  private let shape: [Int]
  private let strides: [Int]

  init(_ shape: [Int]) {
    self.shape = shape
    var stride = 1
    strides = shape.map { size in
      defer { stride *= size }
      return stride
    }
  }

  func forEach(_ body: (_ index: Int, _ place: Int) -> Void) throws {
    var steps = Steps()
    var position = [Int](repeating: 0, count: shape.count)
    var place = 0
    for index in 0..<shape.reduce(1, *) {
      try steps.next()
      body(index, place)
      // The next position, as an odometer counts.
      for axis in shape.indices.reversed() {
        position[axis] += 1
        place += strides[axis]
        if position[axis] < shape[axis] { break }
        place -= shape[axis] * strides[axis]
        position[axis] = 0
      }
    }
  }
}
