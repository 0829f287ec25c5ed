import Faults

/// Writes a ZIP archive of stored (not compressed) entries, in memory.
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
///
/// Not Zip64: entries and archive stay below 4 GiB. Dates are 1 January 1980, so equal contents
/// give equal bytes.
package struct ZIPWriter {
  private var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  private static let limit = Int(UInt32.max)

  package init() {}

  package mutating func append(name: String, _ contents: [UInt8]) throws {
    guard bytes.count + contents.count < Self.limit, count < Int(UInt16.max) else {
      throw EncodingProblem.tooLarge(limit: "4 GiB or 65535 fields, which .npz holds at most")
    }
    let offset = UInt32(bytes.count)
    let entry = try Self.entry(name: name, contents)
    bytes += littleEndian(UInt32(0x0403_4B50)) + entry + Array(name.utf8)
    try bytes.appendInterruptibly(contents[...])
    // Made by version 2.0 on Unix; no comment, disk 0, attributes of a plain readable file.
    directory += littleEndian(UInt32(0x0201_4B50)) + littleEndian(UInt16(3 << 8 | 20)) + entry
    directory += Array(repeating: 0, count: 6) + littleEndian(UInt32(0o100644 << 16))
    directory += littleEndian(offset) + Array(name.utf8)
    count += 1
  }

  /// What the local header and the directory share: from the version needed to the extra length.
  private static func entry(name: String, _ contents: [UInt8]) throws -> [UInt8] {
    let isASCII = name.utf8.allSatisfy { $0 < 0x80 }
    let utf8Name: UInt16 = 1 << 11
    let size = UInt32(contents.count)
    var entry = littleEndian(UInt16(20)) + littleEndian(isASCII ? 0 : utf8Name)
    entry += littleEndian(UInt16(0)) + littleEndian(UInt16(0)) + littleEndian(UInt16(0x0021))
    entry += littleEndian(try checksum(of: contents[...])) + littleEndian(size) + littleEndian(size)
    return entry + littleEndian(UInt16(name.utf8.count)) + littleEndian(UInt16(0))
  }

  /// - Throws: ``EncodingProblem/tooLarge(limit:)``, ``Interrupted``.
  package func finished() throws -> [UInt8] {
    guard bytes.count + directory.count < Self.limit else {
      throw EncodingProblem.tooLarge(limit: "4 GiB or 65535 fields, which .npz holds at most")
    }
    var end = littleEndian(UInt32(0x0605_4B50)) + [0, 0, 0, 0]
    end += littleEndian(UInt16(count)) + littleEndian(UInt16(count))
    end += littleEndian(UInt32(directory.count)) + littleEndian(UInt32(bytes.count)) + [0, 0]
    return try concatenated([bytes, directory, end])
  }
}
