#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Faults
import Scripting

/// Scripts on disk.
package enum ScriptFile {
  /// `path` as seen from the folder of the script that names it.
  static func resolve(_ path: String, relativeTo script: String?) -> String {
    guard !path.hasPrefix("/"), let script, let slash = script.lastIndex(of: "/") else { return path }
    return script[...slash] + path
  }

  /// One spelling for each file.
  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The text of a file as a source.
  package static func source(at path: String, includedFrom: Span? = nil) throws -> Source {
    Source(name: path, text: try text(of: bytes(at: path), name: path), includedFrom: includedFrom)
  }

  package static func text(of bytes: [UInt8], name: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputOutputFault.notUTF8(path: name, offset: firstInvalidByte(bytes))
    }
    return text
  }

  package static func bytes(at path: String) throws -> [UInt8] {
    // A named pipe would wait for its writer where nothing can interrupt it.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw InputOutputFault.unreadable(path: path, reason: SystemError.last.reason)
    }
    defer { close(descriptor) }
    return try readAll(descriptor, name: path)
  }

  /// More than any script or list of sentences; a pipe may have no end.
  static let sizeLimit = 1 << 30

  /// Everything to the end of the file. While there is nothing to read it looks whether the user asked to stop.
  ///
  /// - Parameter limit: in bytes; more are a fault.
  package static func readAll(
    _ descriptor: Int32, name: String, limit: Int = sizeLimit
  ) throws -> [UInt8] {
    try refuseEndlessDevice(descriptor, name: name)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      try waitForInput(descriptor)
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        guard bytes.count + count <= limit else {
          throw InputOutputFault.unreadable(path: name, reason: "more than \(ByteSize.rounded(limit))")
        }
        bytes += buffer[..<count]
      } else if count == 0 {
        return bytes
      } else {
        guard errno == EINTR || errno == EAGAIN else {
          throw InputOutputFault.unreadable(path: name, reason: SystemError.last.reason)
        }
      }
    }
  }

  /// Returns when a read would not wait.
  private static func waitForInput(_ descriptor: Int32) throws {
    // A signal between the check and the wait ends neither, so the wait is short.
    let milliseconds: Int32 = 20
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    repeat { try Interruption.check() } while poll(&request, 1, milliseconds) <= 0
  }

  /// A terminal ends when its user says so, `/dev/null` at once; `/dev/zero` and its like never do.
  private static func refuseEndlessDevice(_ descriptor: Int32, name: String) throws {
    var (status, null) = (stat(), stat())
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFCHR, isatty(descriptor) == 0 else {
      return
    }
    guard stat("/dev/null", &null) == 0, status.st_rdev == null.st_rdev else {
      throw InputOutputFault.unreadable(path: name, reason: "is a device")
    }
  }

  private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
    var decoder = UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var offset = 0
    while true {
      switch decoder.parseScalar(from: &iterator) {
      case .valid(let scalar): offset += scalar.count
      case .emptyInput, .error: return offset
      }
    }
  }
}
