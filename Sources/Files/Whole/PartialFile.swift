import SystemCalls

/// A file under way that takes another's place when it is whole. It is locked until then: what is there without a lock has
/// been given up.
///
/// All that fails throws a ``SystemError``.
package final class PartialFile: Sendable {
  /// Where the file is until then.
  package let path: String
  private let target: ReplacedFile
  private let descriptor: Int32

  /// - Parameter path: in the target's folder; must not be there.
  /// - Throws: `EWOULDBLOCK` when another process has taken it in the same moment.
  package init(of target: ReplacedFile, at path: String) throws {
    (self.target, self.path) = (target, path)
    descriptor = try target.create(path)
    do { try Self.lock(descriptor, at: path) } catch {
      close(descriptor)
      throw error
    }
  }

  /// Renames a file at `path` that nobody is writing.
  ///
  /// - Returns: where it is now, a name behind which nothing was; nil when there was none.
  /// - Throws: `EWOULDBLOCK` when it is being written, `EEXIST` for what is no regular file.
  package static func putAside(_ path: String) throws -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT { return nil }
    guard descriptor >= 0 else { throw SystemError.last }
    defer { close(descriptor) }
    try lock(descriptor, at: path)
    let other = freeName(path + "~")
    guard rename(path, other) == 0 else { throw SystemError.last }
    return other
  }

  private static func freeName(_ name: String) -> String {
    var status = stat()
    for number in 2... {
      let candidate = number == 2 ? name : name + String(number - 1)
      if lstat(candidate, &status) != 0 { return candidate }
    }
    preconditionFailure("a folder with endless files")
  }

  /// Locks the regular file at `path`, which must still be the open one then.
  private static func lock(_ descriptor: Int32, at path: String) throws {
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemError.last }
    var (own, present) = (stat(), stat())
    guard fstat(descriptor, &own) == 0 else { throw SystemError.last }
    guard own.st_mode & S_IFMT == S_IFREG else { throw SystemError(number: EEXIST) }
    guard lstat(path, &present) == 0, present.st_ino == own.st_ino, present.st_dev == own.st_dev else {
      throw SystemError(number: EWOULDBLOCK)
    }
  }

  /// Ends the lock: the file is complete, or was given up.
  package func release() { flock(descriptor, LOCK_UN) }

  deinit { close(descriptor) }

  package func write(_ bytes: some Collection<UInt8>) throws { try writeAll(bytes, to: descriptor) }

  /// Puts the file in its place once its bytes have reached the disk: at every moment the old file or the new one is
  /// there, whole.
  package func finish() throws {
    if fsync(descriptor) != 0 { throw SystemError.last }
    if rename(path, target.path) != 0 { throw SystemError.last }
    release()
    syncFolder()
  }

  /// Removes what was written.
  package func discard() {
    unlink(path)
    release()
  }

  /// Makes the rename durable. Some file systems cannot; the file itself is on disk already.
  private func syncFolder() {
    let folder = open(target.folder.isEmpty ? "." : target.folder, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
