import Results

/// NumPy's `.npy`, version 1.0, C order.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
///
/// Tensors are `<f4`, numbers `<f8`, bools `|b1`, strings `<U`.
struct NPYFormat: FileFormat {
  let fileExtension = ".npy"

  let holds = "a tensor, number, bool or string, or an equally nested list of one of these kinds"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    try ArrayData(value).map(Self.bytes(_:))
  }

  static func bytes(_ array: ArrayData) throws -> [UInt8] {
    let shape = array.shape.map { "\($0)," }.joined(separator: " ")
    let tuple = array.shape.count > 1 ? String(shape.dropLast()) : shape
    let header = "{'descr': '\(array.typeCode)', 'fortran_order': False, 'shape': (\(tuple)), }"
    // The data begins at a multiple of 64 bytes, for memory mapping.
    let unpadded = 10 + header.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = UInt16(header.utf8.count + padding + 1)
    return try [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(length)
      + Array(header.utf8) + Array(repeating: 0x20, count: padding) + [0x0A] + array.bytes
  }
}

extension ArrayData {
  fileprivate var typeCode: String {
    switch elements {
    case .floats: "<f4"
    case .doubles: "<f8"
    case .bools: "|b1"
    case .strings: "<U\(scalarsPerString)"
    }
  }
}

func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: number.littleEndian) { Array($0) }
}
