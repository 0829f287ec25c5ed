import ExactText
import Faults
import Files
import Scripting

/// Scripts on disk.
package enum ScriptFile {
  /// `path` as seen from the folder of the script that names it.
  static func resolve(_ path: String, relativeTo script: String?) -> String {
    guard !path.hasPrefix("/"), let script, let slash = script.lastIndex(of: "/") else { return path }
    return script[...slash] + path
  }

  /// One spelling for each file.
  static func canonical(_ path: String) -> String { resolvedPath(path) ?? path }

  /// The text of a file as a source.
  package static func source(at path: String, includedFrom: Span? = nil) throws -> Source {
    Source(name: path, text: try text(of: bytes(at: path), name: path), includedFrom: includedFrom)
  }

  /// The text of a file whose name need not be UTF-8.
  ///
  /// - Parameters:
  ///   - path: ended by 0.
  ///   - name: for messages.
  package static func text(atBytes path: [CChar], name: String) throws -> String {
    try text(of: reading { try contents(of: path, name: name, limit: sizeLimit) }, name: name)
  }

  package static func text(of bytes: [UInt8], name: String) throws -> String {
    guard let text = try String(interruptiblyValidating: bytes[...]) else {
      throw InputOutputFault.notUTF8(path: name, offset: firstInvalidByte(bytes))
    }
    return text
  }

  package static func bytes(at path: String) throws -> [UInt8] {
    try reading { try contents(of: path, limit: sizeLimit) }
  }

  /// Whether there is a file to read.
  static func checkReadable(_ path: String) throws {
    _ = try reading {
      try Files.checkReadable(path)
      return []
    }
  }

  /// More than any script or list of sentences; a pipe may have no end.
  static let sizeLimit = 1 << 30

  /// Everything to the end of the file. While there is nothing to read it looks whether the user asked to stop.
  ///
  /// - Parameter limit: in bytes; more are a fault.
  package static func readAll(
    _ descriptor: Int32, name: String, limit: Int = sizeLimit
  ) throws -> [UInt8] {
    try reading { try readToEnd(descriptor, name: name, limit: limit) }
  }

  private static func reading(_ body: () throws -> [UInt8]) throws -> [UInt8] {
    do { return try body() } catch FileFault.unreadable(let path, let reason) {
      throw InputOutputFault.unreadable(path: path, reason: reason)
    } catch FileFault.tooLarge(let place, let limit) {
      throw InputOutputFault.unreadable(path: place.path, reason: "more than \(roundedSize(limit))")
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
