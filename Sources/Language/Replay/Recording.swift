import ExactText
import Faults
import Files
import SystemCalls

/// The file that `record FILE` adds commands to. Each is on the disk when ``append(_:)`` returns. It is locked, so that the
/// commands of two sessions are not mixed up.
final class Recording {
  let path: String
  /// Short results follow their commands as expectations.
  let keepsResults: Bool
  /// Names of the origins, such as models, that the file tells of already.
  var statedOrigins: Set<Name> = []
  private let descriptor: Int32

  /// - Throws: ``ReplayFault/recordExists(path:)`` when the file is there and nothing is to be added to it,
  ///   ``ReplayFault/recordInUse(path:)`` when another session records to it.
  init(path: String, appends: Bool, keepsResults: Bool) throws {
    self.path = path
    self.keepsResults = keepsResults
    descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | (appends ? 0 : O_EXCL), 0o666)
    guard descriptor >= 0 else {
      let error = SystemError.last
      if error.number == EEXIST { throw ReplayFault.recordExists(path: path) }
      throw InputOutputFault.unreadable(path: path, reason: "cannot write: \(error.reason)")
    }
    do { try lock() } catch {
      _ = closeDescriptor(descriptor)
      throw error
    }
  }

  deinit { _ = closeDescriptor(descriptor) }

  /// What cannot be locked, like a pipe on some systems, is nobody's.
  private func lock() throws {
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      throw ReplayFault.recordInUse(path: path)
    }
  }

  /// Leaves the file to others until the next ``append(_:)``: the recording has ended, unless that is undone.
  func release() { flock(descriptor, LOCK_UN) }

  /// Adds whole lines, on a line of their own even if somebody's last line was cut short.
  ///
  /// - Throws: ``ReplayFault/cannotRecord(path:reason:)``, ``ReplayFault/recordInUse(path:)``; the file has none of `text`
  ///   then.
  func append(_ text: String) throws {
    try lock()
    let size = lseek(descriptor, 0, SEEK_END)
    do {
      try writeAll(isCutShort(size) ? "\n" + text : text, to: descriptor)
      // A pipe or a device keeps nothing and has nothing to wait for.
      if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw SystemError.last }
    } catch let error as SystemError {
      if size >= 0 { ftruncate(descriptor, size) }
      throw ReplayFault.cannotRecord(path: path, reason: error.reason)
    }
  }

  private func isCutShort(_ size: off_t) -> Bool {
    var last: UInt8 = 0
    return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != UInt8(ascii: "\n")
  }
}

/// `close(2)` by a name that nothing hides.
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
