import CZlib
import Faults

/// CRC-32 of ISO 3309, as ZIP keeps it of each entry.
///
/// - Throws: ``Interrupted``.
func checksum(of bytes: ArraySlice<UInt8>) throws -> UInt32 {
  let (part, check) = (1 << 16, Interruption.check)
  return try bytes.withUnsafeBufferPointer { bytes in
    var sum = CZlib.crc32(0, nil, 0)
    for start in stride(from: 0, to: bytes.count, by: part) {
      try check()
      let count = min(part, bytes.count - start)
      sum = CZlib.crc32(sum, bytes.baseAddress.map { $0 + start }, UInt32(count))
    }
    return UInt32(truncatingIfNeeded: sum)
  }
}
