import Faults
import Files

/// A history that several sessions append to at once: a text file, one entry a line, `\` and newline in an
/// entry written as `\\` and `\n`.
///
/// Entries are appended by a single write under a lock, so those of other sessions are never overwritten or
/// mixed up. A line that a crash cut short, or that is no valid entry, spoils only itself. When the file has
/// grown far above the limit it is replaced as a whole by its newest entries. While another process holds the lock,
/// entries wait here for the next one.
public final class HistoryFile {
  public let path: String
  public let limit: Int
  /// Told of what the user should know although the history is kept.
  public var warn: (LineEditingFault) -> Void = { _ in }
  private var appendedSinceCheck = 0
  /// Lines that are not in the file yet.
  private var waiting: [[UInt8]] = []
  /// Whether another process held the lock the last time.
  private var isHeld = false
  private var isKnownAsShared = false

  /// Others hold the lock while they write a line, or the file.
  private static let patience = Duration.seconds(1)

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
    if file.kind == .null { return [] }
    guard file.kind == .regular else { throw LineEditingFault.historyNotAFile(path: path) }
    if file.size > HistoryFormat.loadedBytes {
      warn(.historyLarge(path: path, limit: HistoryFormat.loadedBytes))
    }
    return HistoryFormat.newestEntries(try file.tail(HistoryFormat.loadedBytes), limit: limit).entries
  }

  /// Adds an entry, creating the file (mode 0600) and its folders where they are missing. Blank entries are left out.
  ///
  /// - Throws: ``Interrupted`` when the user asks to stop while another process holds the lock; the entry waits then.
  public func append(_ entry: String) throws {
    guard entry.contains(where: { !$0.isWhitespace }) else { return }
    waiting.append(HistoryFormat.line(entry))
    // Who had to wait once does not wait at every command.
    try writeWaiting(patience: isHeld ? .zero : Self.patience)
  }

  /// Adds the entries that still wait, at the end of a session.
  ///
  /// - Throws: ``LineEditingFault/historyIncomplete(path:missing:)``, ``Interrupted``.
  public func finish() throws {
    if waiting.isEmpty { return }
    do { try writeWaiting(patience: Self.patience) } catch is Interrupted {}
    if !waiting.isEmpty { throw LineEditingFault.historyIncomplete(path: path, missing: waiting.count) }
  }

  private func writeWaiting(patience: Duration) throws {
    do {
      var file = try LockedFile.appending(path, patience: patience)
      defer { file.release() }
      isHeld = false
      defer { waiting = [] }
      try write(to: &file)
    } catch let error as SystemError {
      waiting = []
      throw LineEditingFault.historyUnwritable(path: path, error)
    } catch is LockHeld {
      becomeHeld()
    } catch let interrupted as Interrupted {
      becomeHeld()
      throw interrupted
    }
  }

  private func becomeHeld() {
    if !isHeld { warn(.historyHeld(path: path)) }
    isHeld = true
  }

  private func write(to file: inout LockedFile) throws {
    if file.kind == .other { throw LineEditingFault.historyNotAFile(path: path) }
    narrow(&file)
    for line in waiting { try file.append(line: line) }
    appendedSinceCheck += waiting.count
    // Counting lines costs a pass over the file, so not after each entry.
    if appendedSinceCheck > limit / 4 {
      appendedSinceCheck = 0
      try compact(file)
    }
  }

  /// What was typed is nobody else's business, also in a file that somebody else has made.
  private func narrow(_ file: inout LockedFile) {
    if file.isPrivate || isKnownAsShared { return }
    do {
      try file.makePrivate()
      warn(.historyNarrowed(path: path))
    } catch {
      isKnownAsShared = true
      warn(.historyShared(path: path, (error as? SystemError) ?? .last))
    }
  }

  /// A file of which only the end is read is left as it is: it may hold anything.
  private func compact(_ file: LockedFile) throws {
    guard file.kind == .regular, file.size <= HistoryFormat.loadedBytes else { return }
    let newest = HistoryFormat.newestEntries(try file.tail(HistoryFormat.loadedBytes), limit: limit)
    guard newest.lineCount > 2 * limit else { return }
    try file.replace(with: newest.entries.flatMap(HistoryFormat.line))
    let kept = newest.entries.count
    warn(.historyCut(path: path, dropped: newest.lineCount - kept, kept: kept))
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
