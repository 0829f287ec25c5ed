import Faults
import SystemCalls

/// Writes everything, resuming after partial writes and signals.
///
/// - Throws: ``SystemError``; some of the bytes may have been written then.
package func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) throws {
  let isContiguous: Void? = try bytes.withContiguousStorageIfAvailable {
    try writeAll(UnsafeRawBufferPointer($0), to: descriptor)
  }
  if isContiguous == nil { try Array(bytes).withUnsafeBytes { try writeAll($0, to: descriptor) } }
}

/// Writes a text as UTF-8.
///
/// - Parameter check: called before each part of some thousand bytes; what it throws leaves the rest unwritten.
package func writeAll(_ text: String, to descriptor: Int32, check: InterruptionCheck = {}) throws {
  let part = 1 << 12
  var rest = text.utf8[...]
  while !rest.isEmpty {
    try check()
    try writeAll(rest.prefix(part), to: descriptor)
    rest = rest.dropFirst(part)
  }
}

private func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
  var rest = bytes
  while !rest.isEmpty {
    let written = write(descriptor, rest.baseAddress, rest.count)
    if written < 0 {
      // A terminal that a program has made non-blocking takes the rest in a moment.
      guard errno == EINTR || errno == EAGAIN else { throw SystemError.last }
      continue
    }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
  }
}
