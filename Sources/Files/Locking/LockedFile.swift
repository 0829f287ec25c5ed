import ExactText
import Faults
import SystemCalls

/// Another process holds the lock of a file.
package struct LockHeld: Error {}

/// An open file that other processes with the same manners leave alone until it is released.
///
/// What fails throws a ``SystemError``.
package struct LockedFile {
  private let path: String
  package let kind: Kind
  package private(set) var size: Int
  private let descriptor: Int32

  /// Others cannot read it, or it is no file with a mode of its own.
  package private(set) var isPrivate: Bool

  /// `/dev/null` swallows what is appended.
  package enum Kind { case regular, null, other }

  private init(path: String, descriptor: Int32, status: stat) {
    self.path = path
    self.descriptor = descriptor
    kind = status.st_mode & S_IFMT == S_IFREG ? .regular : isNullDevice(status) ? .null : .other
    isPrivate = kind != .regular || status.st_mode & 0o077 == 0
    size = kind == .regular ? Int(status.st_size) : 0
  }

  /// Opens for reading, whoever has the lock; nil if there is no such file.
  ///
  /// Lines come by single writes, and a file is replaced as a whole, so at most the end of the last line is missing.
  package static func reading(_ path: String) throws -> LockedFile? {
    // O_NONBLOCK: a pipe in the file's place must not hold up the start.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    if descriptor < 0, errno == ENOENT || errno == ENOTDIR { return nil }
    guard descriptor >= 0 else { throw SystemError.last }
    do {
      return LockedFile(path: path, descriptor: descriptor, status: try fileStatus(descriptor))
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// Opens for appending, alone. Creates the file, and the folders above it.
  ///
  /// - Parameter patience: how long to wait for the lock.
  /// - Throws: ``LockHeld`` after that time, ``Interrupted`` when the user asks to stop.
  package static func appending(_ path: String, patience: Duration) throws -> LockedFile {
    let end = ContinuousClock.now + patience
    while true {
      let descriptor = try openForAppending(path)
      do {
        try lock(descriptor, until: end)
        let status = try fileStatus(descriptor)
        // While this process waited for the lock, another may have put a new file in its place.
        var present = stat()
        if stat(path, &present) == 0, present.st_ino == status.st_ino, present.st_dev == status.st_dev {
          return LockedFile(path: path, descriptor: descriptor, status: status)
        }
        close(descriptor)
      } catch {
        close(descriptor)
        throw error
      }
    }
  }

  /// Closes the file, which ends the lock.
  package func release() { close(descriptor) }

  /// The last bytes, at most `limit`; where that cuts a line, from the next line on.
  package func tail(_ limit: Int) throws -> [UInt8] {
    let start = max(0, size - limit)
    var bytes = [UInt8](repeating: 0, count: size - start)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(
          descriptor, UnsafeMutableRawBufferPointer(rebasing: $0[filled...]).baseAddress, $0.count - filled,
          off_t(start + filled))
      }
      if count < 0, errno != EINTR { throw SystemError.last }
      if count == 0 { break }
      filled += max(0, count)
    }
    bytes.removeLast(bytes.count - filled)
    guard start > 0 else { return bytes }
    let firstEnd = bytes.firstIndex(of: newline) ?? bytes.endIndex - 1
    return Array(bytes[(firstEnd + 1)...])
  }

  /// Appends a line, on a line of its own even if the last one was cut short.
  package mutating func append(line: [UInt8]) throws {
    let isCutShort = try size > 0 && lastByte() != newline
    let bytes = (isCutShort ? [newline] : []) + line
    let count = write(descriptor, bytes, bytes.count)
    if count == bytes.count {
      size += count
      return
    }
    let reason = count < 0 ? SystemError.last : SystemError(number: ENOSPC)
    // Half a line on a full disk would become an entry of its own.
    if kind == .regular, count > 0 { ftruncate(descriptor, off_t(size)) }
    throw reason
  }

  /// Takes away what rights others than the owner have.
  package mutating func makePrivate() throws {
    let mode = try fileStatus(descriptor).st_mode
    if fchmod(descriptor, mode & 0o700) != 0 { throw SystemError.last }
    isPrivate = true
  }

  /// Puts a new file in this one's place, whole or not at all. Those who wait for the lock notice and follow.
  ///
  /// - Throws: ``FileFault/cannotWrite(path:reason:)``.
  package func replace(with bytes: [UInt8]) throws { try AtomicFile.write(bytes, to: path) }

  private func lastByte() throws -> UInt8 {
    var byte: UInt8 = 0
    guard pread(descriptor, &byte, 1, off_t(size - 1)) == 1 else {
      throw SystemError.last
    }
    return byte
  }
}

private let newline = UInt8(ascii: "\n")

/// Asks again and again: nothing could end a wait in the system but a signal that arrives during it.
private func lock(_ descriptor: Int32, until end: ContinuousClock.Instant) throws {
  while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
    guard errno == EWOULDBLOCK || errno == EINTR else { throw SystemError.last }
    try Interruption.check()
    guard ContinuousClock.now < end else { throw LockHeld() }
    usleep(10_000)
  }
}

private func fileStatus(_ descriptor: Int32) throws -> stat {
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw SystemError.last }
  return status
}

private func openForAppending(_ path: String) throws -> Int32 {
  let flags = O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK
  var descriptor = open(path, flags, 0o600)
  if descriptor < 0, errno == ENOENT {
    createFolders(above: path)
    descriptor = open(path, flags, 0o600)
  }
  guard descriptor >= 0 else { throw SystemError.last }
  return descriptor
}

/// Failures show when the file itself is opened.
private func createFolders(above path: String) {
  for slash in path.indices.dropFirst() where path[slash] == "/" {
    mkdir(String(path[..<slash]), 0o700)
  }
}
