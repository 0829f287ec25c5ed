import ExactText
import Faults
import Files
import JSONReading
import Language
import Rendering
import Results
import SystemCalls
import Tensors

/// Whose lines rows are read from.
protocol RowLines {
  /// The fault of a line that does not hold a row.
  ///
  /// - Parameter reason: nil when it is none of such a computation.
  func badLine(_ line: Int, reason: String?) -> RowFileFault
}

extension RowLines {
  /// Takes what a line says that all rows have in common; false for the line of a row.
  ///
  /// - Throws: ``RowFileFault`` where other lines say something else.
  func take(_ line: Int, _ record: Record, into common: inout Record?) throws -> Bool {
    guard let value = record[RowFile.commonKey] else { return false }
    guard case .record(let shared) = value else { throw badLine(line, reason: nil) }
    if let common, try !Value.record(common).isEqual(to: value) {
      throw badLine(line, reason: "computed under other settings than the rest")
    }
    common = shared
    return true
  }
}

/// The finished parts of a long computation on disk: a line of JSON that says which computation it is, then a line for each
/// part as soon as it is there. Each line has reached the disk before the next part begins, so a computation that dies loses
/// at most what it worked on; a line that was cut off is dropped when the file is gone on with.
///
/// The header also tells the kernels and threads that compute: files that differ in them go together, with a warning.
final class RowFile: RowLines {
  /// What all rows have in common stands in a line of its own, under this name.
  static let commonKey = "common"

  let path: String
  /// With what computes.
  let header: Record
  private let content: Content
  private let descriptor: Int32

  /// What the file held, with the numbers of the lines.
  var rows: [(line: Int, record: Record)] { content.rows }
  /// Whether the end of the file was cut off and is dropped.
  var wasTorn: Bool { content.wasTorn }
  /// How what computed the file's rows differs from what computes now; nil when it does not.
  var otherComputing: String? { content.otherComputing }

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
    // Opening a pipe to read and write does not wait for anybody.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
    var isOpen = false
    defer { if !isOpen { close(descriptor) } }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw InputOutputFault.unreadable(path: path, reason: "cannot write: not a regular file")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw RowFileFault(path: path, kind: kind, problem: .inUse)
    }
    let bytes = try ScriptFile.readAll(descriptor, name: path)
    guard resumes || bytes.isEmpty else { throw RowFileFault(path: path, kind: kind, problem: .exists) }
    let own = header.merging(Self.computing) { own, _ in own }
    let line = try Self.line(own)
    content = try Content(bytes, path: path, of: kind, header: header, hashed: hashed, first: line)
    self.header = content.computing.isEmpty ? own : header.merging(content.computing) { own, _ in own }
    self.descriptor = descriptor
    isOpen = true
    let end = content.end
    guard ftruncate(descriptor, off_t(end)) == 0, lseek(descriptor, off_t(end), SEEK_SET) >= 0 else {
      throw Self.failure(path)
    }
    if end == 0 { try write(line) }
  }

  /// Unlocks it too.
  deinit { close(descriptor) }

  /// Adds a row; it is on the disk when this returns.
  func append(_ record: Record) throws { try write(Self.line(record)) }

  func badLine(_ line: Int, reason: String?) -> RowFileFault { content.badLine(line, reason: reason) }

  private func write(_ bytes: [UInt8]) throws {
    do { try writeAll(bytes, to: descriptor) } catch let error as SystemError {
      throw InputOutputFault.outputFailed(reason: "\(path): \(error.reason)")
    }
    guard fsync(descriptor) == 0 else { throw Self.failure(path) }
  }

  private static func failure(_ path: String) -> InputOutputFault {
    .unreadable(path: path, reason: "cannot write: \(SystemError.last.reason)")
  }

  private static func line(_ record: Record) throws -> [UInt8] {
    Array((try JSONText.string(.record(record), .saved) + "\n").utf8)
  }

  /// Writes a whole file, or none.
  static func write(path: String, header: Record, common: Record?, rows: [Record]) throws {
    let common = common.map { [commonKey: Value.record($0)] as Record }
    try AtomicFile.write(([header] + [common].compactMap(\.self) + rows).flatMap(line), to: path)
  }
}

// MARK: What computes
extension RowFile {
  /// The kernels and threads that compute now.
  private static var computing: Record {
    ["kernels": .string(KernelSelection.inUse), "threads": Value(BLAS.threads)]
  }

  private static let computingKeys = ["kernels", "threads"]

  /// What has computed several files: as one, where they agree.
  ///
  /// - Parameter warn: told where they do not
  static func joined(_ files: [Record], warn: (String) -> Void) throws -> Record {
    guard let first = files.first else { return [:] }
    var joined = first
    for key in computingKeys {
      let values = try files.map { try $0[key].map { try JSONText.string($0, .saved) } ?? "not told" }
      let different = Set(names: values).map(\.text).sorted()
      guard different.count > 1 else { continue }
      warn("the shares were computed with other \(key): \(different.joined(separator: ", "))")
      joined[key] = .string(different.joined(separator: ", "))
    }
    return joined
  }
}

// MARK: Reading
extension RowFile {
  /// What a file of rows holds.
  struct Content: RowLines {
    let path: String
    let kind: String
    /// What the file held, with the numbers of the lines.
    private(set) var rows: [(line: Int, record: Record)] = []
    /// What tells the computation from others.
    private let header: Record
    /// The kernels and threads that the header tells.
    private(set) var computing: Record = [:]
    /// Bytes of whole lines.
    let end: Int
    /// Whether the end of the file was cut off.
    let wasTorn: Bool

    /// nil for a file that is not there, or without a whole header.
    ///
    /// - Throws: ``RowFileFault`` for the file of another computation.
    init?(path: String, of kind: String, header: Record, hashed: NameTable<String>) throws {
      guard let bytes = try Self.bytes(at: path) else { return nil }
      try self.init(
        bytes, path: path, of: kind, header: header, hashed: hashed,
        first: RowFile.line(header.merging(RowFile.computing) { own, _ in own }))
      guard end > 0 else { return nil }
    }

    /// nil for a file that is not there.
    private static func bytes(at path: String) throws -> [UInt8]? {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      return try ScriptFile.readAll(descriptor, name: path)
    }

    /// - Parameter first: the header as it is written
    fileprivate init(
      _ bytes: [UInt8], path: String, of kind: String, header: Record, hashed: NameTable<String>,
      first: [UInt8]
    ) throws {
      (self.path, self.kind, self.header) = (path, kind, header)
      end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      wasTorn = end < bytes.count
      // Without a whole line it is a header that was cut off, or nothing of ours.
      if end == 0, !first.starts(with: bytes) { throw fault(.foreign) }
      if end > 0 { try read(bytes[..<end], header, hashed) }
    }

    /// A share of any computation; nil for a file that is not there.
    ///
    /// - Throws: ``RowFileFault`` for what is no share.
    init?(anyKindAt path: String) throws {
      guard let bytes = try Self.bytes(at: path) else { return nil }
      let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? 0
      guard let header = try Self.record(bytes[..<end]), let kind = header.keys.first, header["shard"] != nil
      else {
        throw RowFileFault(path: path, kind: "share", problem: .foreign)
      }
      var own = header
      for key in RowFile.computingKeys { own[key] = nil }
      try self.init(bytes, path: path, of: kind, header: own, hashed: [:], first: [])
    }

    /// How many rows the computation has.
    var rowCount: Int {
      ["nodes", "rows"].lazy.compactMap { self.header.saved($0).flatMap(Int.init(exactly:)) }.first ?? 0
    }

    /// That of a share of the same computation.
    func header(of shard: Shard?) -> Record {
      var header = header
      header["shard"] = shard.map { .string($0.description) }
      return header
    }

    /// - Throws: ``RowFileFault`` for another header.
    func requireHeader(_ other: Record) throws { try compare(header, with: other, [:]) }

    var otherComputing: String? {
      let now = RowFile.computing
      let other = computing.filter { (try? now[$0.key]?.isEqual(to: $0.value)) != true }
      return other.isEmpty
        ? nil
        : other.compactMap { key, value in
          (try? JSONText.string(value, .saved)).map { "\(key) \($0)" }
        }.joined(separator: ", ")
    }

    private mutating func read(_ bytes: ArraySlice<UInt8>, _ header: Record, _ hashed: NameTable<String>)
      throws
    {
      let lines = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      guard let first = lines.first, let found = try Self.record(first), found[kind] != nil else {
        throw fault(.foreign)
      }
      try compare(found, with: header, hashed)
      for key in RowFile.computingKeys { computing[key] = found[key] }
      for (number, line) in zip(2..., lines.dropFirst()) {
        guard let record = try Self.record(line) else { throw badLine(number, reason: nil) }
        rows.append((number, record))
      }
    }

    private func compare(_ found: Record, with header: Record, _ hashed: NameTable<String>) throws {
      for (key, value) in header {
        if try found[key]?.isEqual(to: value) ?? false { continue }
        if let what = hashed[key] { throw fault(.otherContent(what)) }
        let file = try found[key].map { try JSONText.string($0, .saved) } ?? "not told"
        throw fault(.other(what: key, file: file, here: try JSONText.string(value, .saved)))
      }
    }

    func badLine(_ line: Int, reason: String?) -> RowFileFault { fault(.badLine(line, reason: reason)) }

    private func fault(_ problem: RowFileFault.Problem) -> RowFileFault {
      RowFileFault(path: path, kind: kind, problem: problem)
    }

    private static func record(_ line: ArraySlice<UInt8>) throws -> Record? {
      let value = try unlessItFails { try Value(JSONReader.read(Array(line), .saved)) }
      guard case .record(let record)? = value else { return nil }
      return record
    }
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
    /// Says what needs one.
    case noFile(String)
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
    case .noFile(let need): "\(need), and none is named"
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
