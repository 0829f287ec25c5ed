import CMappedFiles
import Faults
import SystemCalls

/// A file mapped read-only into memory; a page is read from disk when it is first copied out.
///
/// Nothing but ``copy(_:to:reading:)`` touches the mapping: another process may shorten the file, and a
/// plain access to the lost pages would end the process.
package final class MappedFile: @unchecked Sendable {
  package let file: OpenFile
  private let base: UnsafeRawPointer
  private let stamp: FileStamp

  package var path: String { file.path }
  package var size: Int { stamp.size }

  /// - Parameter fault: says that the file is empty.
  /// - Throws: ``FileFault`` when the file cannot be opened or is empty.
  package init(path: String, ifEmpty fault: FileFault? = nil) throws {
    file = try OpenFile(path)
    stamp = try file.stamp()
    guard stamp.size > 0 else { throw fault ?? FileFault.header(file: path, .empty) }
    guard let address = mmap(nil, stamp.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0),
      address != MAP_FAILED
    else { throw FileFault.unreadable(path: path, reason: SystemError.last.reason) }
    base = UnsafeRawPointer(address)
  }

  deinit { munmap(UnsafeMutableRawPointer(mutating: base), stamp.size) }

  /// Copies `range` of the file to `target`, which has room for it, in parts: the disk may be slow.
  ///
  /// - Throws: ``FileFault/changed(file:reading:)`` when the pages are gone; ``Interrupted``.
  package func copy(_ range: Range<Int>, to target: UnsafeMutableRawPointer, reading part: String) throws {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= size, "\(range) outside a file of \(size) bytes")
    try range.forEachPart(of: 1 << 20) { piece in
      guard cmf_copy(target + (piece.lowerBound - range.lowerBound), base + piece.lowerBound, piece.count)
      else {
        throw FileFault.changed(file: path, reading: part)
      }
    }
  }

  package func bytes(in range: Range<Int>, reading part: String) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
      guard let target = buffer.baseAddress, !range.isEmpty else { return }
      try copy(range, to: target, reading: part)
      filled = range.count
    }
  }

  /// Copies a piece that is short enough not to ask in between whether the user asked to stop.
  ///
  /// - Returns: false when the pages are gone.
  func copyPiece(_ range: Range<Int>, to target: UnsafeMutableRawPointer) -> Bool {
    assert(range.lowerBound >= 0 && range.upperBound <= size, "\(range) outside a file of \(size) bytes")
    return cmf_copy(target, base + range.lowerBound, range.count)
  }

  /// Lets the system take the pages out of this process's memory; they are read again when they are needed.
  func release(_ range: Range<Int>) { cmf_release(base + range.lowerBound, range.count) }

  /// - Throws: ``FileFault/changed(file:reading:)`` when the file was written to since it was opened.
  package func checkUnchanged(reading part: String) throws {
    guard try file.stamp() == stamp else { throw FileFault.changed(file: path, reading: part) }
  }
}
