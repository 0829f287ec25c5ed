import Faults
import Rendering

/// The entries of a ZIP archive that are stored, not compressed, as ``NPZFormat`` and `numpy.savez` write them.
/// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
struct ZIPReader {
  typealias Entry = (name: String, contents: ArraySlice<UInt8>)

  private let bytes: [UInt8]
  private let path: String

  init(_ bytes: [UInt8], path: String) { (self.bytes, self.path) = (bytes, path) }

  /// In the order of the directory.
  ///
  /// - Throws: ``ArrayFileFault``
  func entries() throws -> [Entry] {
    let end = try endOfDirectory()
    let (count, size, start) = (number(end + 10, 2), number(end + 12, 4), number(end + 16, 4))
    guard number(end + 4, 2) == 0, number(end + 6, 2) == 0, number(end + 8, 2) == count else {
      throw fault("an archive in one part", "several")
    }
    guard start + size <= end else {
      throw fault("a directory before byte \(end)", "one of \(size) bytes at \(start)")
    }
    var entries: [Entry] = []
    var (offset, stored, names) = (start, 0, Set<[UInt8]>())
    for _ in 0..<count {
      let entry = try entry(at: &offset, before: start + size, dataEnd: start)
      stored += entry.contents.count
      guard names.insert(Array(entry.name.utf8)).inserted else {
        throw fault("each name once", "\(quoted(entry.name)) twice")
      }
      // Entries that share bytes would make much of little.
      guard stored <= start else { throw fault("entries beside each other", "entries that overlap") }
      entries.append(entry)
    }
    guard offset == start + size else { throw fault("\(count) entries", "a directory with more") }
    return entries
  }

  /// Where the record at the archive's end begins, behind which stands but a comment.
  private func endOfDirectory() throws -> Int {
    let last = bytes.count - 22
    guard last >= 0 else { throw fault("a ZIP archive", "\(bytes.count) bytes") }
    for start in stride(from: last, through: max(0, last - 0xFFFF), by: -1)
    where number(start, 4) == 0x0605_4B50 && start + 22 + number(start + 20, 2) == bytes.count {
      return start
    }
    throw fault("a ZIP archive", "no directory at its end")
  }

  /// - Parameters:
  ///   - offset: of the entry in the directory; afterwards of the next.
  ///   - end: of the directory.
  ///   - dataEnd: where the directory begins.
  private func entry(at offset: inout Int, before end: Int, dataEnd: Int) throws -> Entry {
    guard offset + 46 <= end, number(offset, 4) == 0x0201_4B50 else {
      throw fault("an entry of the directory at byte \(offset)", "something else")
    }
    let lengths = [28, 30, 32].map { number(offset + $0, 2) }
    let next = offset + 46 + lengths.reduce(0, +)
    guard next <= end,
      let name = String(validating: bytes[(offset + 46)..<(offset + 46 + lengths[0])], as: UTF8.self)
    else { throw fault("a name in UTF-8 at byte \(offset + 46)", "none") }
    let directory = offset
    offset = next
    try checkIsPlain(directory, name)
    let contents = try contents(directory, name, dataEnd: dataEnd)
    guard Int(try crc32(contents)) == number(directory + 16, 4) else {
      throw fault("contents with the checksum of the directory", "others", name)
    }
    return (name, contents)
  }

  private func checkIsPlain(_ directory: Int, _ name: String) throws {
    guard number(directory + 8, 2) & 1 == 0 else {
      throw ArrayFileFault.unsupported(
        path: path, part: name, what: "an encrypted entry", remedy: "pack the archive without a password")
    }
    guard number(directory + 10, 2) == 0 else {
      throw ArrayFileFault.unsupported(
        path: path, part: name, what: "a compressed entry",
        remedy: "write the archive with numpy.savez, not savez_compressed")
    }
    guard number(directory + 20, 4) < 0xFFFF_FFFF, number(directory + 42, 4) < 0xFFFF_FFFF else {
      throw ArrayFileFault.unsupported(
        path: path, part: name, what: "an entry of 4 GiB or more",
        remedy: "save its arrays one by one as .npy")
    }
  }

  private func contents(_ directory: Int, _ name: String, dataEnd: Int) throws -> ArraySlice<UInt8> {
    let (size, local) = (number(directory + 20, 4), number(directory + 42, 4))
    guard number(directory + 24, 4) == size else {
      throw fault("a stored entry as long as its contents", "another length", name)
    }
    guard local + 30 <= dataEnd, number(local, 4) == 0x0403_4B50 else {
      throw fault("the entry at byte \(local)", "something else", name)
    }
    let start = local + 30 + number(local + 26, 2) + number(local + 28, 2)
    guard start + size <= dataEnd else {
      throw fault("\(size) bytes at byte \(start)", "\(max(0, dataEnd - start))", name)
    }
    return bytes[start..<(start + size)]
  }

  /// The little-endian number of `size` bytes at `offset`.
  private func number(_ offset: Int, _ size: Int) -> Int {
    (0..<size).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
  }

  private func fault(_ expected: String, _ found: String, _ part: String = "") -> ArrayFileFault {
    .malformed(path: path, part: part, expected: expected, found: found)
  }
}
