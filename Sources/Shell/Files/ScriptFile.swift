#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
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
      throw ShellFault.notUTF8(path: name, offset: firstInvalidByte(bytes))
    }
    return text
  }

  static func bytes(at path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw ShellFault.unreadable(path: path, reason: SystemError.last.reason) }
    defer { close(descriptor) }
    return try readAll(descriptor, name: path)
  }

  /// Bytes that are read at most: a device may have no end.
  private static let largest = 1 << 30

  /// Everything to the end of the file.
  ///
  /// - Parameter check: called when a signal interrupts the read.
  package static func readAll(_ descriptor: Int32, name: String, check: () throws -> Void = {}) throws
    -> [UInt8]
  {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
        guard bytes.count <= largest else {
          throw ShellFault.unreadable(path: name, reason: "longer than \(ByteSize.rounded(largest))")
        }
      } else if count == 0 {
        return bytes
      } else {
        guard errno == EINTR else {
          throw ShellFault.unreadable(path: name, reason: SystemError.last.reason)
        }
        try check()
      }
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
