import Faults

/// The entries of a ZIP archive, stored or packed with DEFLATE, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// Sizes are believed only where they can be true: those of the directory against the archive, those of the contents
/// against what DEFLATE can pack and against the limit, all before anything is allocated.
package struct ZIPReader {
  /// In the order of the directory.
  package let entries: [ZIPEntry]
  private let bytes: ZIPBytes
  private let path: String
  private let directory: ZIPDirectory

  /// - Parameter limit: in bytes, of all contents together.
  /// - Throws: ``FileFault``, ``Interrupted``.
  package init(_ bytes: [UInt8], path: String, limit: Int) throws {
    self.bytes = ZIPBytes(bytes: bytes)
    self.path = path
    let place = ArrayPlace(path: path)
    directory = try ZIPDirectory(of: self.bytes, at: place)
    entries = directory.entries
    var unpacked = 0
    for entry in entries {
      unpacked += min(entry.size, limit + 1)
      guard unpacked <= limit else { throw FileFault.tooLarge(place, limit: limit) }
    }
  }

  /// - Throws: ``FileFault``, ``Interrupted``.
  package func contents(of entry: ZIPEntry) throws -> ArraySlice<UInt8> {
    let place = ArrayPlace(path: path, part: entry.name)
    guard entry.flags & 1 == 0 else {
      throw place.unsupported("an encrypted entry", remedy: "pack the archive without a password")
    }
    let packed = bytes[try directory.packedRange(of: entry, header: bytes, at: place)]
    let contents: ArraySlice<UInt8>
    switch ZIPMethod(rawValue: entry.method) {
    case .stored:
      guard packed.count == entry.size else {
        throw place.malformed(expected: "a stored entry as long as its contents", found: "another length")
      }
      contents = packed
    case .deflated: contents = try inflated(packed, size: entry.size, at: place)[...]
    case nil:
      throw place.unsupported(
        "an entry packed with \(ZIPMethod.name(of: entry.method))",
        remedy: "write the archive with numpy.savez or numpy.savez_compressed")
    }
    guard Int(try checksum(of: contents)) == entry.checksum else {
      throw place.malformed(expected: "contents with the checksum of the directory", found: "others")
    }
    return contents
  }

  private func inflated(_ packed: ArraySlice<UInt8>, size: Int, at place: ArrayPlace) throws -> [UInt8] {
    guard Inflation.canHold(size, packed: packed.count) else {
      throw place.malformed(
        expected: "contents that \(packed.count) packed bytes can hold", found: "\(size) bytes")
    }
    do { return try Inflation.bytes(packed, size: size) } catch let problem as InflationProblem {
      switch problem {
      case .corrupt(let words): throw place.malformed(expected: "a DEFLATE stream", found: words)
      case .endsEarly(let bytes): throw place.malformed(expected: "\(size) unpacked bytes", found: "\(bytes)")
      case .isLonger(let size): throw place.malformed(expected: "\(size) unpacked bytes", found: "more")
      case .trailing(let bytes):
        throw place.malformed(expected: "the entry to end with its stream", found: "\(bytes) bytes after it")
      }
    }
  }
}
