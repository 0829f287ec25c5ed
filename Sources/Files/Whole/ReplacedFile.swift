import ExactText
import Faults
import SystemCalls

/// A file that another takes the place of by a rename: a regular file, or one that is not there yet.
package struct ReplacedFile: Sendable {
  /// Without symbolic links in its last component.
  package let path: String
  /// Of the file that is there; nil when there is none.
  private let mode: mode_t?

  /// - Parameter path: may be a symbolic link, which stays; the file at its end is the one.
  /// - Throws: ``FileFault/cannotWrite(path:reason:)`` for what is no regular file, for one that may not be
  ///   written, and for a path that leads nowhere.
  package init(_ path: String) throws {
    func fault(_ reason: String) -> FileFault {
      .cannotWrite(path: path.escapingControls, reason: reason)
    }
    if path.utf8.contains(0) { throw fault("a NUL in the name") }
    do {
      self.path = try Self.resolvingLinks(path)
      if self.path.isEmpty { throw SystemError(number: ENOENT) }
      if self.path.hasSuffix("/") { throw SystemError(number: EISDIR) }
      let status = try Self.status(of: self.path)
      if let status, status.st_mode & S_IFMT != S_IFREG { throw fault("not a regular file") }
      mode = status.map { $0.st_mode & 0o7777 }
    } catch let error as SystemError { throw fault(error.reason) }
  }

  /// With its final slash; empty for the current folder.
  package var folder: String { Self.folder(of: path) }

  /// Creates a file that can take this one's place, with its mode.
  ///
  /// - Parameter temporary: in the same folder; must not be there.
  /// - Returns: a descriptor to write to.
  /// - Throws: ``SystemError``; no file was made then.
  func create(_ temporary: String) throws -> Int32 {
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw SystemError.last }
    if let mode, fchmod(descriptor, mode) != 0 {
      let error = SystemError.last
      close(descriptor)
      unlink(temporary)
      throw error
    }
    return descriptor
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
    throw SystemError(number: ELOOP)
  }

  private static func readLink(_ path: String) throws -> String {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count >= 0 else { throw SystemError.last }
    // Repaired, it would name another file.
    guard let target = String(validating: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self) else {
      throw SystemError(number: EILSEQ)
    }
    return target
  }

  /// nil when there is no file yet.
  private static func status(of path: String) throws -> stat? {
    var status = stat()
    if stat(path, &status) != 0 {
      if errno == ENOENT { return nil }
      throw SystemError.last
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(number: EISDIR) }
    // A rename asks for no right to the file itself; whoever made it read-only meant it.
    if status.st_mode & S_IFMT == S_IFREG, access(path, W_OK) != 0 { throw SystemError.last }
    return status
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
