import Faults
import SystemCalls

/// An open regular file; closed with the object.
package final class OpenFile: Sendable {
  package let path: String
  let descriptor: Int32

  /// - Throws: ``FileFault/unreadable(path:reason:)`` when absent, forbidden or not a regular file.
  package init(_ path: String) throws {
    // Without O_NONBLOCK opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw FileFault.unreadable(path: path, reason: SystemError.last.reason)
    }
    self.path = path
    self.descriptor = descriptor
    guard (try status().st_mode & S_IFMT) == S_IFREG else {
      throw FileFault.unreadable(path: path, reason: "not a regular file")
    }
  }

  deinit { close(descriptor) }

  func status() throws -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileFault.unreadable(path: path, reason: SystemError.last.reason)
    }
    return status
  }

  /// Size and time of last change: what tells whether a file was rewritten in place.
  package func stamp() throws -> FileStamp { FileStamp(try status()) }

  /// Up to `count` bytes from `offset`; fewer at the end of the file.
  package func read(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else {
          throw FileFault.unreadable(path: path, reason: SystemError.last.reason)
        }
        if got == 0 { break }
        filled += got
      }
    }
  }
}

/// Size in bytes and modification time of a file.
package struct FileStamp: Equatable, Sendable {
  package let size: Int
  let seconds: Int
  let nanoseconds: Int

  init(_ status: stat) {
    size = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    seconds = time.tv_sec
    nanoseconds = time.tv_nsec
  }
}
