import Faults

/// Writes NumPy's `.npy`, version 1.0, C order.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package enum NPYWriter {
  /// - Throws: ``Interrupted``.
  package static func bytes(_ array: StoredArray) throws -> [UInt8] {
    let shape = array.shape.map { "\($0)," }.joined(separator: " ")
    let tuple = array.shape.count > 1 ? String(shape.dropLast()) : shape
    let header = "{'descr': '\(array.element.npyCode)', 'fortran_order': False, 'shape': (\(tuple)), }"
    // The data begins at a multiple of 64 bytes, for memory mapping.
    let unpadded = 10 + header.utf8.count + 1
    let padding = (64 - unpadded % 64) % 64
    let length = UInt16(header.utf8.count + padding + 1)
    var bytes: [UInt8] = [0x93]
    bytes += "NUMPY".utf8
    bytes += [1, 0]
    bytes += littleEndian(length)
    bytes += header.utf8
    bytes += repeatElement(0x20, count: padding)
    bytes.append(0x0A)
    bytes.reserveCapacity(bytes.count + array.bytes.count)
    try bytes.appendInterruptibly(array.bytes)
    return bytes
  }
}
