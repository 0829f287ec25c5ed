import Faults
import SystemCalls

/// Writing files whole or not at all.
package enum AtomicFile {
  /// Replaces the contents of `path`, or creates it.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk, and are renamed over
  /// `path`: at every moment the old file or the new one is there, whole. An existing file keeps
  /// its mode; a symbolic link stays, its target is replaced.
  ///
  /// - Throws: ``FileFault/cannotWrite(path:reason:)``, ``Interrupted``; nothing has changed then.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let target = try ReplacedFile(path)
    do { try replace(target, with: bytes) } catch let error as SystemError {
      throw FileFault.cannotWrite(path: path, reason: error.reason)
    }
  }

  /// Bytes that are written between two looks at whether the user asked to stop.
  private static let part = 1 << 20

  private static func replace(_ target: ReplacedFile, with bytes: [UInt8]) throws {
    let temporary = target.folder + ".ipsh-\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp"
    let file = try PartialFile(of: target, at: temporary)
    do {
      try bytes.indices.forEachPart(of: part) { try file.write(bytes[$0]) }
      try file.finish()
    } catch {
      file.discard()
      throw error
    }
  }
}
