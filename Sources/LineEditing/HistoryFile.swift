import Files

/// A history that several sessions append to at once: a text file, one entry a line, `\` and newline in an
/// entry written as `\\` and `\n`.
///
/// Entries are appended by a single write under a lock, so those of other sessions are never overwritten or
/// mixed up. A line that a crash cut short, or that is no valid entry, spoils only itself. When the file has
/// grown far above the limit it is replaced as a whole by its newest entries.
public final class HistoryFile {
  public let path: String
  public let limit: Int
  private var appendedSinceCheck = 0

  /// - Parameter limit: entries to load at most; the file may hold more for a time.
  public init(path: String, limit: Int) {
    precondition(limit > 0, "a history of \(limit) entries")
    self.path = path
    self.limit = limit
  }

  /// The newest entries, oldest first; none if there is no file yet.
  public func load() throws -> [String] {
    do { return try newestEntries() } catch let error as SystemError {
      throw LineEditingFault.historyUnreadable(path: path, error)
    }
  }

  private func newestEntries() throws -> [String] {
    guard let file = try LockedFile.reading(path) else { return [] }
    defer { file.release() }
    if file.kind == .device { return [] }
    guard file.kind == .regular else { throw LineEditingFault.historyNotAFile(path: path) }
    return HistoryFormat.newestEntries(try file.tail(HistoryFormat.loadedBytes), limit: limit).entries
  }

  /// Adds an entry, creating the file (mode 0600) and its folders where they are missing. Blank entries are left out.
  public func append(_ entry: String) throws {
    guard entry.contains(where: { !$0.isWhitespace }) else { return }
    do { try appendLine(HistoryFormat.line(entry)) } catch let error as SystemError {
      throw LineEditingFault.historyUnwritable(path: path, error)
    }
  }

  private func appendLine(_ line: [UInt8]) throws {
    var file = try LockedFile.appending(path)
    defer { file.release() }
    try file.append(line: line)
    appendedSinceCheck += 1
    // Counting lines costs a pass over the file, so not after each entry.
    if appendedSinceCheck > limit / 4 || file.size > HistoryFormat.loadedBytes {
      appendedSinceCheck = 0
      try compact(file)
    }
  }

  private func compact(_ file: LockedFile) throws {
    let tail = try file.tail(HistoryFormat.loadedBytes)
    let newest = HistoryFormat.newestEntries(tail, limit: limit)
    guard file.kind == .regular, newest.lineCount > 2 * limit || file.size > tail.count else { return }
    try file.replace(with: newest.entries.flatMap(HistoryFormat.line))
  }
}

/// Entries as lines of bytes, and back.
enum HistoryFormat {
  /// Of a longer file only the end is read.
  static let loadedBytes = 16 << 20
  /// Longer lines are no entries.
  static let longestLine = 1 << 20

  static func line(_ entry: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in entry.utf8 {
      switch byte {
      case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
      case UInt8(ascii: "\\"): bytes += Array("\\\\".utf8)
      default: bytes.append(byte)
      }
    }
    return bytes + [UInt8(ascii: "\n")]
  }

  /// The last `limit` valid entries, and how many lines there were.
  static func newestEntries(_ bytes: [UInt8], limit: Int) -> (entries: [String], lineCount: Int) {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    var newestFirst: [String] = []
    for line in lines.reversed() {
      guard newestFirst.count < limit else { break }
      if let entry = entry(line) { newestFirst.append(entry) }
    }
    return (newestFirst.reversed(), lines.count)
  }

  /// Nil for lines that are too long, have a NUL, are not UTF-8, or have an escape that is none.
  static func entry(_ line: ArraySlice<UInt8>) -> String? {
    guard line.count <= longestLine else { return nil }
    var bytes: [UInt8] = []
    var rest = line.makeIterator()
    while let byte = rest.next() {
      guard byte == UInt8(ascii: "\\") else {
        bytes.append(byte)
        continue
      }
      switch rest.next() {
      case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      default: return nil
      }
    }
    guard !bytes.contains(0) else { return nil }
    let text = String(decoding: bytes, as: UTF8.self)
    return text.utf8.elementsEqual(bytes) ? text : nil
  }
}
