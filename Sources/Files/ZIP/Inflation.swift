import CZlib
import ExactText
import Faults

/// What is wrong with a DEFLATE stream.
enum InflationProblem: Error, Equatable {
  /// In zlib's words.
  case corrupt(String)
  case endsEarly(bytes: Int)
  case isLonger(than: Int)
  /// Bytes behind the stream's end.
  case trailing(bytes: Int)
}

/// Unpacks DEFLATE (RFC 1951) with zlib.
enum Inflation {
  /// No stream unpacks to more than 1032 times its size: 258 bytes by two bits. https://zlib.net/zlib_tech.html
  static func canHold(_ size: Int, packed: Int) -> Bool { size / 1032 <= packed }

  /// Bytes between two looks at whether the user asked to stop.
  private static let part = 1 << 18

  /// - Parameter size: of the result.
  /// - Throws: ``InflationProblem``, ``Interrupted``.
  static func bytes(_ packed: ArraySlice<UInt8>, size: Int) throws -> [UInt8] {
    // Into the byte too many goes what a longer stream has.
    try [UInt8](unsafeUninitializedCapacity: size + 1) { target, filled in
      filled = 0
      let count = try packed.withUnsafeBufferPointer { try inflate($0, to: target) }
      guard count >= size else { throw InflationProblem.endsEarly(bytes: count) }
      guard count == size else { throw InflationProblem.isLonger(than: size) }
      filled = size
    }
  }

  private static func inflate(
    _ source: UnsafeBufferPointer<UInt8>, to target: UnsafeMutableBufferPointer<UInt8>
  ) throws -> Int {
    var stream = z_stream()
    // Negative: without zlib's own header.
    let status = inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK, "zlib does not start: \(status)")
    defer { inflateEnd(&stream) }
    let check = Interruption.check
    var (read, written) = (0, 0)
    while written < target.count {
      try check()
      let (available, room) = (min(part, source.count - read), min(part, target.count - written))
      stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + read) }
      stream.next_out = target.baseAddress.map { $0 + written }
      (stream.avail_in, stream.avail_out) = (UInt32(available), UInt32(room))
      let status = CZlib.inflate(&stream, Z_NO_FLUSH)
      read += available - Int(stream.avail_in)
      written += room - Int(stream.avail_out)
      switch status {
      case Z_OK: continue
      case Z_STREAM_END:
        guard read == source.count else { throw InflationProblem.trailing(bytes: source.count - read) }
        return written
      case Z_BUF_ERROR: throw InflationProblem.endsEarly(bytes: written)
      default: throw InflationProblem.corrupt(stream.msg.map { String(cString: $0) } ?? "status \(status)")
      }
    }
    return written
  }
}
