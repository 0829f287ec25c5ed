#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Faults
import JSONReading
import Rendering
import Results

/// The finished parts of a long computation on disk: a line of JSON that says which computation it is, then a line for each
/// part as soon as it is there. Each line has reached the disk before the next part begins, so a computation that dies loses
/// at most what it worked on; a line that was cut off is dropped when the file is gone on with.
final class RowFile {
  let path: String
  /// What the file held, with the numbers of the lines.
  private(set) var rows: [(line: Int, record: Record)] = []
  /// Whether the end of the file was cut off and is dropped.
  private(set) var wasTorn = false
  private let descriptor: Int32

  /// Opens or creates the file, and writes the header if it is new.
  ///
  /// - Parameters:
  ///   - header: what tells one computation from another, its kind first; a file that is gone on with must have the same.
  ///   - resumes: goes on with what is there; otherwise a file that is not empty is refused.
  init(path: String, header: Record, resumes: Bool) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw RowFileFault.inUse(path: path) }
    let bytes = try ScriptFile.readAll(descriptor, name: path)
    guard resumes || bytes.isEmpty else { throw RowFileFault.exists(path: path) }
    let line = Array((JSONText.string(.record(header)) + "\n").utf8)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Without a whole line it is a header that was cut off, or nothing of ours.
    if end == 0, !line.starts(with: bytes) { throw RowFileFault.foreign(path: path) }
    if end > 0 { try read(bytes[..<end], header) }
    wasTorn = end < bytes.count
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0 else {
      throw Self.failure(path)
    }
    if end == 0 { try write(line) }
  }

  /// Unlocks it too.
  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a row; it is on the disk when this returns.
  func append(_ record: Record) throws {
    try write(Array((JSONText.string(.record(record)) + "\n").utf8))
  }

  private func write(_ bytes: [UInt8]) throws {
    do { try writeAll(String(decoding: bytes, as: UTF8.self), to: descriptor) } catch let error as SystemError
    {
      throw ShellFault.outputFailed(reason: "\(path): \(error.reason)")
    }
    // Pipes and devices have no disk to reach.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> ShellFault {
    .unreadable(path: path, reason: "cannot write: \(SystemError.last.reason)")
  }

  private func read(_ bytes: ArraySlice<UInt8>, _ header: Record) throws {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, let found = Self.record(first), let kind = header.keys.first,
      found[kind] != nil
    else { throw RowFileFault.foreign(path: path) }
    for (key, value) in header where !(found[key]?.isEqual(to: value) ?? false) {
      throw RowFileFault.other(
        path: path, what: key.replacing("_", with: " "),
        file: found[key].map { JSONText.string($0) } ?? "not told", here: JSONText.string(value))
    }
    for (number, line) in zip(2..., lines.dropFirst()) {
      guard let record = Self.record(line) else { throw RowFileFault.badLine(path: path, line: number) }
      rows.append((number, record))
    }
  }

  private static func record(_ line: ArraySlice<UInt8>) -> Record? {
    guard let json = try? JSONReader.read(Array(line)), case .record(let record) = Value(json) else {
      return nil
    }
    return record
  }
}

/// What can keep a file of rows from being started or gone on with.
enum RowFileFault: Fault, Equatable {
  case exists(path: String)
  case foreign(path: String)
  case other(path: String, what: String, file: String, here: String)
  case badLine(path: String, line: Int)
  case inUse(path: String)
  case noFile

  var code: String {
    switch self {
    case .exists: "row-file-exists"
    case .foreign: "row-file-foreign"
    case .other: "row-file-other"
    case .badLine: "row-file-line"
    case .inUse: "row-file-in-use"
    case .noFile: "row-file-missing"
    }
  }

  var message: String {
    switch self {
    case .exists(let path): "\(path) is there and not empty"
    case .foreign(let path): "\(path) is not a file of such rows"
    case .other(let path, let what, let file, let here):
      "\(path) is the file of another computation: its \(what) is \(file), here it is \(here)"
    case .badLine(let path, let line): "\(path):\(line): not a row of this computation"
    case .inUse(let path): "\(path) is being written by another process"
    case .noFile: "`resume` goes on with a file, and none is named"
    }
  }

  var remedy: String? {
    switch self {
    case .exists: "go on with it by adding `resume`, or choose another file"
    case .foreign: "choose another file"
    case .other: "repeat that command with `resume`, or choose another file"
    case .badLine, .inUse: nil
    case .noFile: "add file=PATH"
    }
  }
}
