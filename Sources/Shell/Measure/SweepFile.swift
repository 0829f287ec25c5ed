#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import JSONReading
import Rendering
import Results

/// The finished rows of a sweep on disk: a line of JSON that says which sweep it is, then a line for each row as soon as it
/// is there. Each line has reached the disk before the next row begins, so a sweep that dies loses at most what it worked
/// on; a line that was cut off is dropped when the file is gone on with.
final class SweepFile {
  /// Of the format of the file.
  static let version = 1

  let path: String
  /// What the file held, by node.
  private(set) var rows: [String: SweepResult.Row] = [:]
  /// Whether the end of the file was cut off and is dropped.
  private(set) var wasTorn = false
  private let descriptor: Int32

  /// Opens or creates the file, and writes the header if it is new.
  ///
  /// - Parameters:
  ///   - header: what tells one sweep from another; a file that is gone on with must have the same.
  ///   - nodes: those that rows may be about.
  ///   - resumes: goes on with what is there; otherwise a file that is not empty is refused.
  init(path: String, header: Record, nodes: Set<String>, resumes: Bool) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SweepFault.inUse(path: path) }
    let bytes = try ScriptFile.readAll(descriptor, name: path)
    guard resumes || bytes.isEmpty else { throw SweepFault.fileExists(path: path) }
    let line = Array((JSONText.string(.record(header)) + "\n").utf8)
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    // Without a whole line it is a header that was cut off, or nothing of ours.
    if end == 0, !line.starts(with: bytes) { throw SweepFault.foreignFile(path: path) }
    if end > 0 { try read(bytes[..<end], header, nodes) }
    wasTorn = end < bytes.count
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0 else {
      throw Self.failure(path)
    }
    if end == 0 { try write(String(decoding: line, as: UTF8.self)) }
  }

  /// Unlocks it too.
  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Adds a row; it is on the disk when this returns.
  func append(_ row: SweepResult.Row) throws {
    try write(JSONText.string(.record(row.record)) + "\n")
    rows[row.node] = row
  }

  private func write(_ text: String) throws {
    do { try writeAll(text, to: descriptor) } catch let error as SystemError {
      throw ShellFault.outputFailed(reason: "\(path): \(error.reason)")
    }
    // Pipes and devices have no disk to reach.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> ShellFault {
    .unreadable(path: path, reason: "cannot write: \(SystemError.last.reason)")
  }
}

// MARK: Reading

extension SweepFile {
  /// Fields that are hashes, which say nothing to a person.
  private static let hashed = [
    "model": "another model", "task_hash": "other rows of the task", "nodes_hash": "other nodes",
  ]

  private func read(_ bytes: ArraySlice<UInt8>, _ header: Record, _ nodes: Set<String>) throws {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first, let found = Self.record(first), found["sweep"] != nil else {
      throw SweepFault.foreignFile(path: path)
    }
    for (key, value) in header where !(found[key]?.isEqual(to: value) ?? false) {
      if let what = Self.hashed[key] { throw SweepFault.otherContent(path: path, what: what) }
      throw SweepFault.otherSweep(
        path: path, what: key, file: found[key].map { JSONText.string($0) } ?? "not told",
        here: JSONText.string(value))
    }
    for (number, line) in zip(2..., lines.dropFirst()) {
      guard let row = Self.record(line).flatMap(SweepResult.Row.init(saved:)) else {
        throw SweepFault.badLine(path: path, line: number, reason: "not a row of a sweep")
      }
      guard nodes.contains(row.node) else {
        throw SweepFault.badLine(path: path, line: number, reason: "\(row.node) is not swept here")
      }
      rows[row.node] = row
    }
  }

  private static func record(_ line: ArraySlice<UInt8>) -> Record? {
    guard let json = try? JSONReader.read(Array(line)), case .record(let record) = Value(json) else {
      return nil
    }
    return record
  }
}

extension SweepResult.Row {
  /// nil when a field is missing. JSON has null for a number that is not finite.
  fileprivate init?(saved record: Record) {
    func number(_ measure: SweepResult.Measure) -> Double? {
      switch record[measure.rawValue] {
      case .number(let number)?: number
      case .null?: .nan
      default: nil
      }
    }
    guard case .string(let node)? = record["node"], let accuracy = number(.accuracy),
      let mean = number(.mean),
      let accuracyDifference = number(.accuracyDifference), let meanDifference = number(.meanDifference)
    else { return nil }
    self.init(
      node: node, accuracy: accuracy, mean: mean, accuracyDifference: accuracyDifference,
      meanDifference: meanDifference)
  }
}
