import Faults
import SystemCalls

/// Everything to the end of what `descriptor` reads from: a file, a pipe, a terminal. While there is nothing to read it
/// looks whether the user asked to stop.
///
/// - Parameters:
///   - name: for messages.
///   - limit: in bytes; a pipe may have no end.
/// - Throws: ``FileFault/unreadable(path:reason:)``, ``FileFault/tooLarge(_:limit:)``, ``HeldMemoryFault``,
///   ``Interrupted``.
package func readToEnd(_ descriptor: Int32, name: String, limit: Int) throws -> [UInt8] {
  func fault(_ reason: String) -> FileFault { .unreadable(path: name, reason: reason) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { throw fault(SystemError.last.reason) }
  if isEndless(status, descriptor) { throw fault("is a device") }
  var bytes: [UInt8] = []
  // Growing would copy what is there, again and again.
  if status.st_mode & S_IFMT == S_IFREG {
    let size = min(Int(status.st_size), limit)
    try MemoryBudget.current?.require(size)
    bytes.reserveCapacity(size)
  }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    try waitForInput(descriptor)
    let count = read(descriptor, &buffer, buffer.count)
    if count > 0 {
      guard bytes.count + count <= limit else {
        throw FileFault.tooLarge(ArrayPlace(path: name), limit: limit)
      }
      try MemoryBudget.current?.note(count)
      bytes += buffer[..<count]
    } else if count == 0 {
      return bytes
    } else if errno != EINTR, errno != EAGAIN {
      throw fault(SystemError.last.reason)
    }
  }
}

/// The whole file; see ``readToEnd(_:name:limit:)``.
package func contents(of path: String, limit: Int) throws -> [UInt8] {
  try contents(of: Array(path.utf8CString), name: path, limit: limit)
}

/// The whole file; see ``readToEnd(_:name:limit:)``.
///
/// - Parameter path: ended by 0; need not be UTF-8.
package func contents(of path: [CChar], name: String, limit: Int) throws -> [UInt8] {
  // A named pipe would wait for its writer where nothing can interrupt it.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw FileFault.unreadable(path: name, reason: SystemError.last.reason) }
  defer { close(descriptor) }
  return try readToEnd(descriptor, name: name, limit: limit)
}

/// Whether the file is there to be read, whatever it holds.
///
/// - Throws: ``FileFault/unreadable(path:reason:)`` when it is not.
package func checkReadable(_ path: String) throws {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw FileFault.unreadable(path: path, reason: SystemError.last.reason) }
  defer { close(descriptor) }
  var byte: UInt8 = 0
  // A folder opens, but cannot be read.
  if read(descriptor, &byte, 0) < 0, errno == EISDIR {
    throw FileFault.unreadable(path: path, reason: SystemError.last.reason)
  }
}

/// Returns when a read would not wait.
private func waitForInput(_ descriptor: Int32) throws {
  // A signal between the check and the wait ends neither, so the wait is short.
  let milliseconds: Int32 = 20
  var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
  repeat { try Interruption.check() } while poll(&request, 1, milliseconds) <= 0
}

/// A terminal ends when its user says so, `/dev/null` at once; `/dev/zero` and its like never do.
private func isEndless(_ status: stat, _ descriptor: Int32) -> Bool {
  status.st_mode & S_IFMT == S_IFCHR && isatty(descriptor) == 0 && !isNullDevice(status)
}

func isNullDevice(_ status: stat) -> Bool {
  var null = stat()
  return status.st_mode & S_IFMT == S_IFCHR && stat("/dev/null", &null) == 0 && status.st_rdev == null.st_rdev
}
