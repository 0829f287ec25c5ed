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
  package init(of target: ReplacedFile, at path: String) throws {
    (self.target, self.path) = (target, path)
    descriptor = try target.create(path)
    flock(descriptor, LOCK_EX | LOCK_NB)
  }

  /// Renames a file at `path` that nobody is writing.
  ///
  /// - Returns: whether there was one.
  /// - Throws: `EWOULDBLOCK` when it is being written.
  package static func putAside(_ path: String, as other: String) throws -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT { return false }
    guard descriptor >= 0 else { throw SystemError.last }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, rename(path, other) == 0 else { throw SystemError.last }
    return true
  }

  deinit { close(descriptor) }

  package func write(_ bytes: some Collection<UInt8>) throws { try writeAll(bytes, to: descriptor) }

  /// Puts the file in its place once its bytes have reached the disk: at every moment the old file or the new one is
  /// there, whole.
  package func finish() throws {
    if fsync(descriptor) != 0 { throw SystemError.last }
    if rename(path, target.path) != 0 { throw SystemError.last }
    syncFolder()
  }

  /// Removes what was written.
  package func discard() { unlink(path) }

  /// Makes the rename durable. Some file systems cannot; the file itself is on disk already.
  private func syncFolder() {
    let folder = open(target.folder.isEmpty ? "." : target.folder, O_RDONLY | O_CLOEXEC)
    guard folder >= 0 else { return }
    fsync(folder)
    close(folder)
  }
}
