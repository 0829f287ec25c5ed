import ExactText
import Faults
import Files
import JSONReading
import Language
import Rendering
import Results
import SystemCalls

/// The finished parts of a long computation on disk: a line of JSON that says which computation it is, then a line for each
/// part as soon as it is there. Each line has reached the disk before the next part begins, so a computation that dies loses
/// at most what it worked on; a line that was cut off is dropped when the file is gone on with.
final class RowFile {
  let path: String
  let kind: String
  /// What the file held, with the numbers of the lines.
  private(set) var rows: [(line: Int, record: Record)] = []
  /// Whether the end of the file was cut off and is dropped.
  private(set) var wasTorn = false
  private let descriptor: Int32

  /// Opens or creates the file, and writes the header if it is new.
  ///
  /// - Parameters:
  ///   - kind: what the computation is called, the name of the header's first field: "experiment".
  ///   - header: what tells one computation from another; a file that is gone on with must have the same.
  ///   - hashed: what fields whose values say nothing to a person stand for: "other rows of the task".
  ///   - resumes: goes on with what is there; otherwise a file that is not empty is refused.
  init(path: String, of kind: String, header: Record, hashed: NameTable<String>, resumes: Bool) throws {
    precondition(header.keys.first == kind, "a header of \(header.keys)")
    self.path = path
    self.kind = kind
    // Opening a pipe to read and write does not wait for anybody.
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputOutputFault.unreadable(path: path, reason: "cannot write: not a regular file")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw fault(.inUse) }
    let bytes = try ScriptFile.readAll(descriptor, name: path)
    guard resumes || bytes.isEmpty else { throw fault(.exists) }
    let line = Array((try JSONText.string(.record(header), .saved) + "\n").utf8)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Without a whole line it is a header that was cut off, or nothing of ours.
    if end == 0, !line.starts(with: bytes) { throw fault(.foreign) }
    if end > 0 { try read(bytes[..<end], header, hashed) }
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
    try write(Array((JSONText.string(.record(record), .saved) + "\n").utf8))
  }

  private func write(_ bytes: [UInt8]) throws {
    do { try writeAll(bytes, to: descriptor) } catch let error as SystemError {
      throw InputOutputFault.outputFailed(reason: "\(path): \(error.reason)")
    }
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> InputOutputFault {
    .unreadable(path: path, reason: "cannot write: \(SystemError.last.reason)")
  }

  private func read(_ bytes: ArraySlice<UInt8>, _ header: Record, _ hashed: NameTable<String>) throws {
    let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    guard let first = lines.first, let found = try Self.record(first), found[kind] != nil else {
      throw fault(.foreign)
    }
    for (key, value) in header {
      if try found[key]?.isEqual(to: value) ?? false { continue }
      if let what = hashed[key] { throw fault(.otherContent(what)) }
      let file = try found[key].map { try JSONText.string($0, .saved) } ?? "not told"
      throw fault(.other(what: key, file: file, here: try JSONText.string(value, .saved)))
    }
    for (number, line) in zip(2..., lines.dropFirst()) {
      guard let record = try Self.record(line) else { throw badLine(number) }
      rows.append((number, record))
    }
  }

  /// The fault of a line that does not hold a row.
  ///
  /// - Parameter reason: nil when it is none of such a computation.
  func badLine(_ line: Int, reason: String? = nil) -> RowFileFault {
    fault(.badLine(line, reason: reason))
  }

  private func fault(_ problem: RowFileFault.Problem) -> RowFileFault {
    RowFileFault(path: path, kind: kind, problem: problem)
  }

  private static func record(_ line: ArraySlice<UInt8>) throws -> Record? {
    let value = try unlessItFails { try Value(JSONReader.read(Array(line), .saved)) }
    guard case .record(let record)? = value else { return nil }
    return record
  }
}

/// What can keep a file of rows from being started or gone on with.
struct RowFileFault: Fault, Equatable {
  enum Problem: Equatable {
    case exists
    case foreign
    case other(what: String, file: String, here: String)
    case otherContent(String)
    case badLine(Int, reason: String?)
    case inUse
    case noFile
  }

  /// Empty when none is named.
  let path: String
  let kind: String
  let problem: Problem

  var code: String {
    let end =
      switch problem {
      case .exists: "file-exists"
      case .foreign: "file-foreign"
      case .other, .otherContent: "file-other"
      case .badLine: "file-line"
      case .inUse: "file-in-use"
      case .noFile: "no-file"
      }
    return "\(kind)-\(end)"
  }

  var message: String {
    switch problem {
    case .exists: "\(path) is there and not empty"
    case .foreign: "\(path) is not the file of \(withArticle(kind))"
    case .other(let what, let file, let here):
      "\(path) is the file of another \(kind): its \(what) is \(file), here it is \(here)"
    case .otherContent(let what): "\(path) is the file of another \(kind): it is of \(what)"
    case .badLine(let line, let reason):
      "\(path):\(line): \(reason ?? "not a row of \(withArticle(kind))")"
    case .inUse: "\(path) is being written by another process"
    case .noFile: "`resume` goes on with a file, and none is named"
    }
  }

  var remedy: String? {
    switch problem {
    case .exists: "go on with it by adding `resume`, or choose another file"
    case .foreign: "choose another file"
    case .other, .otherContent: "repeat that \(kind)'s command with `resume`, or choose another file"
    case .badLine, .inUse: nil
    case .noFile: "add file=PATH"
    }
  }
}
