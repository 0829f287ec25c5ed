import Faults

/// The directory at the end of a ZIP archive, also in the wider form that archives above 4 GiB have (ZIP64).
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.12 to 4.3.16
struct ZIPDirectory {
  /// In the order of the directory.
  let entries: [ZIPEntry]
  /// The directory begins here; the contents are before it.
  let start: Int
  let end: Int

  private struct End {
    var count: Int
    var size: Int
    var start: Int
    /// What the directory must end before.
    var position: Int
  }

  private static let markers = (short: 0xFFFF, long: 0xFFFF_FFFF)

  /// What stands behind a directory takes so many bytes at most: the records of its end and a comment.
  static let longestEnd = 56 + 20 + 22 + 0xFFFF

  /// - Throws: ``FileFault/malformed(_:expected:found:)``
  init(of bytes: ZIPBytes, at place: ArrayPlace) throws {
    try self.init(endingIn: bytes, at: place) { _ in bytes }
  }

  /// - Parameters:
  ///   - tail: The end of the archive.
  ///   - part: Reads a part of the archive.
  /// - Throws: ``FileFault/malformed(_:expected:found:)``, what `part` throws.
  init(endingIn tail: ZIPBytes, at place: ArrayPlace, part: (Range<Int>) throws -> ZIPBytes) throws {
    let end = try Self.end(of: tail, at: place)
    guard end.start + end.size <= end.position else {
      throw place.malformed(
        expected: "a directory before byte \(end.position)", found: "one of \(end.size) bytes at \(end.start)"
      )
    }
    let limit = end.start + end.size
    let bytes = try part(end.start..<limit)
    var (entries, names, offset) = ([ZIPEntry](), Set<[UInt8]>(), end.start)
    var steps = Steps()
    while entries.count < end.count {
      try steps.next()
      let entry = try Self.entry(in: bytes, at: &offset, before: limit, place)
      guard names.insert(Array(entry.name.utf8)).inserted else {
        throw place.malformed(expected: "each name once", found: "\(quoted(entry.name)) twice")
      }
      entries.append(entry)
    }
    guard offset == limit else {
      throw place.malformed(expected: "\(end.count) entries", found: "a directory with more")
    }
    (self.entries, start, self.end) = (entries, end.start, limit)
    try checkApart(place)
  }

  /// Entries that share bytes would make much of little.
  private func checkApart(_ place: ArrayPlace) throws {
    var packed = 0
    for entry in entries {
      packed += min(entry.packedSize, start + 1)
      guard packed <= start else {
        throw place.malformed(expected: "entries beside each other", found: "entries that overlap")
      }
    }
  }

  /// Behind the local header, whose sizes may be left to the directory (bit 3 of the flags).
  ///
  /// - Parameter header: holds the 30 bytes at the entry's offset if there are as many before the directory.
  /// - Throws: ``FileFault/malformed(_:expected:found:)``
  func packedRange(of entry: ZIPEntry, header: ZIPBytes, at place: ArrayPlace) throws -> Range<Int> {
    guard header.has(0x0403_4B50, at: entry.offset, length: 30, before: start) else {
      throw place.malformed(expected: "the entry at byte \(entry.offset)", found: "something else")
    }
    let begin =
      entry.offset + 30 + header.number(entry.offset + 26, 2) + header.number(entry.offset + 28, 2)
    guard entry.packedSize <= start - begin else {
      throw place.malformed(
        expected: "\(entry.packedSize) bytes at byte \(begin)", found: "\(max(0, start - begin))")
    }
    return begin..<begin + entry.packedSize
  }

  /// The record at the archive's end, behind which stands but a comment.
  private static func end(of bytes: ZIPBytes, at place: ArrayPlace) throws -> End {
    let last = bytes.end - 22
    guard last >= bytes.start else {
      throw place.malformed(expected: "a ZIP archive", found: "\(bytes.bytes.count) bytes")
    }
    for position in stride(from: last, through: max(bytes.start, last - 0xFFFF), by: -1)
    where bytes.number(position, 4) == 0x0605_4B50
      && position + 22 + bytes.number(position + 20, 2) == bytes.end
    {
      return try end(of: bytes, record: position, at: place)
    }
    throw place.malformed(expected: "a ZIP archive", found: "no directory at its end")
  }

  private static func end(of bytes: ZIPBytes, record: Int, at place: ArrayPlace) throws -> End {
    let end = End(
      count: bytes.number(record + 10, 2), size: bytes.number(record + 12, 4),
      start: bytes.number(record + 16, 4), position: record)
    let isWide = end.count == markers.short || end.size == markers.long || end.start == markers.long
    if isWide, let wide = try wideEnd(of: bytes, record: record, at: place) { return wide }
    guard bytes.number(record + 4, 2) == 0, bytes.number(record + 6, 2) == 0,
      bytes.number(record + 8, 2) == end.count
    else { throw place.malformed(expected: "an archive in one part", found: "several") }
    return end
  }

  /// nil where no locator stands before the record: the numbers are just that large.
  private static func wideEnd(of bytes: ZIPBytes, record: Int, at place: ArrayPlace) throws -> End? {
    let locator = record - 20
    guard bytes.has(0x0706_4B50, at: locator, length: 20, before: record) else { return nil }
    let position = bytes.number(locator + 8, 8)
    guard bytes.has(0x0606_4B50, at: position, length: 56, before: locator) else {
      throw place.malformed(expected: "the ZIP64 record at byte \(position)", found: "something else")
    }
    guard bytes.number(position + 16, 4) == 0, bytes.number(position + 20, 4) == 0,
      bytes.number(position + 24, 8) == bytes.number(position + 32, 8)
    else { throw place.malformed(expected: "an archive in one part", found: "several") }
    return End(
      count: bytes.number(position + 32, 8), size: bytes.number(position + 40, 8),
      start: bytes.number(position + 48, 8), position: position)
  }

  /// - Parameters:
  ///   - offset: of the entry in the directory; afterwards of the next.
  ///   - end: of the directory.
  private static func entry(
    in bytes: ZIPBytes, at offset: inout Int, before end: Int, _ place: ArrayPlace
  ) throws -> ZIPEntry {
    let start = offset
    guard bytes.has(0x0201_4B50, at: start, length: 46, before: end) else {
      throw place.malformed(expected: "an entry of the directory at byte \(start)", found: "something else")
    }
    let lengths = [28, 30, 32].map { bytes.number(start + $0, 2) }
    let nameEnd = start + 46 + lengths[0]
    offset = nameEnd + lengths[1] + lengths[2]
    guard offset <= end, let name = String(validating: bytes[(start + 46)..<nameEnd], as: UTF8.self)
    else { throw place.malformed(expected: "a name in UTF-8 at byte \(start + 46)", found: "none") }
    var wide = WideNumbers(bytes, extra: nameEnd..<(nameEnd + lengths[1]))
    // In this order they stand in the extra field.
    let size = wide.number(start + 24)
    let packedSize = wide.number(start + 20)
    guard let size, let packedSize, let local = wide.number(start + 42) else {
      throw ArrayPlace(path: place.path, part: name)
        .malformed(expected: "a ZIP64 field with its sizes", found: "none")
    }
    return ZIPEntry(
      name: name, flags: bytes.number(start + 8, 2), method: bytes.number(start + 10, 2),
      checksum: bytes.number(start + 16, 4), packedSize: packedSize, size: size, offset: local)
  }

  /// The numbers of an entry that need more than 32 bits stand in its ZIP64 extra field, one behind the other.
  private struct WideNumbers {
    private let bytes: ZIPBytes
    private var rest: Range<Int>?

    init(_ bytes: ZIPBytes, extra: Range<Int>) {
      self.bytes = bytes
      var start = extra.lowerBound
      while start + 4 <= extra.upperBound {
        let end = start + 4 + bytes.number(start + 2, 2)
        guard end <= extra.upperBound else { return }
        if bytes.number(start, 2) == 1 { rest = (start + 4)..<end }
        start = end
      }
    }

    /// The 32-bit number at `offset`, or the wider one that it stands for; nil where that is missing.
    mutating func number(_ offset: Int) -> Int? {
      let number = bytes.number(offset, 4)
      guard number == markers.long else { return number }
      guard let range = rest, range.count >= 8 else { return nil }
      rest = (range.lowerBound + 8)..<range.upperBound
      return bytes.number(range.lowerBound, 8)
    }
  }
}
