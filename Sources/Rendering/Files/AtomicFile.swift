#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Writing files whole or not at all.
public enum AtomicFile {
  /// Replaces the contents of `path`, or creates it.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk, and are renamed over
  /// `path`: at every moment the old file or the new one is there, whole. An existing file keeps
  /// its mode; a symbolic link stays, its target is replaced.
  ///
  /// - Throws: ``RenderingFault/cannotWrite(path:reason:)``; nothing has changed then.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    if path.utf8.contains(0) {
      throw RenderingFault.cannotWrite(path: path.escapingControls, reason: "a NUL in the name")
    }
    do {
      try replace(try resolvingLinks(path), with: bytes)
    } catch let error as SystemError {
      throw RenderingFault.cannotWrite(path: path, reason: error.reason)
    }
  }

  private static func replace(_ target: String, with bytes: [UInt8]) throws {
    if target.isEmpty { throw SystemError(code: ENOENT) }
    if target.hasSuffix("/") { throw SystemError(code: EISDIR) }
    let mode = try modeOfExisting(target)
    let temporary = folder(of: target) + ".ipsh-\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError.last }
    do {
      do {
        if let mode, fchmod(descriptor, mode) != 0 { throw SystemError.last }
        try writeAll(bytes, to: descriptor)
        if fsync(descriptor) != 0 { throw SystemError.last }
      } catch {
        close(descriptor)
        throw error
      }
      if close(descriptor) != 0 { throw SystemError.last }
      if rename(temporary, target) != 0 { throw SystemError.last }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(of: target)
  }

  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws {
    try bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = systemWrite(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if written < 0, errno == EINTR { continue }
        if written < 0 { throw SystemError.last }
        rest = rest.dropFirst(written)
      }
    }
  }

  /// Where a chain of symbolic links ends, whether or not there is a file.
  private static func resolvingLinks(_ path: String) throws -> String {
    var path = path
    for _ in 0..<40 {
      var status = stat()
      if lstat(path, &status) != 0 {
        if errno == ENOENT { return path }
        throw SystemError.last
      }
      guard status.st_mode & S_IFMT == S_IFLNK else { return path }
      let target = try readLink(path)
      path = target.hasPrefix("/") ? target : folder(of: path) + target
    }
    throw SystemError(code: ELOOP)
  }

  private static func readLink(_ path: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count >= 0 else { throw SystemError.last }
    return String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// nil when there is no file yet.
  private static func modeOfExisting(_ path: String) throws -> mode_t? {
    var status = stat()
    if stat(path, &status) != 0 {
      if errno == ENOENT { return nil }
      throw SystemError.last
    }
    let kind = status.st_mode & S_IFMT
    if kind == S_IFDIR { throw SystemError(code: EISDIR) }
    if kind != S_IFREG { throw SystemError(reason: "not a regular file") }
    // A rename asks for no right to the file itself; whoever made it read-only meant it.
    if access(path, W_OK) != 0 { throw SystemError.last }
    return status.st_mode & 0o7777
  }

  /// With its final slash; empty for a bare name, which is in the current folder.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  /// Makes the rename durable. Some file systems cannot; the file itself is on disk already.
  private static func syncFolder(of path: String) {
    let folder = folder(of: path)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// Outside the type, whose own `write` would shadow the system call.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  write(descriptor, bytes.baseAddress, bytes.count)
}

/// An error number in the system's words.
struct SystemError: Error, Equatable {
  let reason: String

  init(reason: String) { self.reason = reason }

  init(code: Int32) { reason = String(cString: strerror(code)) }

  static var last: SystemError { SystemError(code: errno) }
}
