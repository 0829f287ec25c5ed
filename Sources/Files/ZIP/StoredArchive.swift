import ExactText
import Faults

/// A ZIP archive of entries that are not compressed, in a mapped file: each is a range of the file.
///
/// Checksums are not compared: torch can be told not to write them, and data is read when it is asked for, in parts.
struct StoredArchive {
  let file: MappedFile
  private let directory: ZIPDirectory
  private let entries: NameTable<Int>

  /// The longest directory that is read: a hundred bytes an entry.
  private static let longestDirectory = 1 << 26

  /// - Throws: ``FileFault``, ``Interrupted``.
  init(_ file: MappedFile) throws {
    self.file = file
    let place = ArrayPlace(path: file.path)
    let tail = max(0, file.size - ZIPDirectory.longestEnd)..<file.size
    directory = try ZIPDirectory(endingIn: try Self.bytes(tail, of: file), at: place) { range in
      guard range.count <= Self.longestDirectory else {
        throw FileFault.tooLarge(place, limit: Self.longestDirectory)
      }
      return try Self.bytes(range, of: file)
    }
    var (entries, steps): (NameTable<Int>, Steps) = ([:], Steps())
    for (index, entry) in directory.entries.enumerated() {
      try steps.next()
      entries.update(index, named: entry.name)
    }
    self.entries = entries
  }

  var names: NameList { entries.keys }

  /// Of the file.
  var directoryRange: Range<Int> { directory.start..<directory.end }

  /// Where the contents of an entry are in the file; nil where there is none of that name.
  ///
  /// - Throws: ``FileFault``, ``Interrupted``.
  func range(of name: String) throws -> Range<Int>? {
    guard let entry = entries[name].map({ directory.entries[$0] }) else { return nil }
    let place = ArrayPlace(path: file.path, part: entry.name)
    guard entry.flags & 1 == 0 else {
      throw place.unsupported("an encrypted entry", remedy: "save the weights with torch.save")
    }
    guard entry.method == ZIPMethod.stored.rawValue else {
      throw place.unsupported(
        "a compressed entry of weights", remedy: "save the weights with torch.save, which does not compress")
    }
    guard entry.packedSize == entry.size else {
      throw place.malformed(expected: "a stored entry as long as its contents", found: "another length")
    }
    let begin = min(entry.offset, file.size)
    let header = try Self.bytes(begin..<min(begin + 30, file.size), of: file)
    return try directory.packedRange(of: entry, header: header, at: place)
  }

  private static func bytes(_ range: Range<Int>, of file: MappedFile) throws -> ZIPBytes {
    ZIPBytes(bytes: try file.bytes(in: range, reading: "the archive"), start: range.lowerBound)
  }
}
