#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Faults

/// Writing files whole or not at all.
public enum AtomicFile {
  /// Replaces the contents of `path`, or creates it.
  ///
  /// The bytes go to a temporary file in the same folder, reach the disk, and are renamed over
  /// `path`: at every moment the old file or the new one is there, whole. An existing file keeps
  /// its mode; a symbolic link stays, its target is replaced.
  ///
  /// - Throws: ``RenderingFault/cannotWrite(path:reason:)``; nothing has changed then.
  public static func write(_ bytes: [UInt8], to path: String) throws {
    let target = try ReplacedFile(path)
    do { try replace(target, with: bytes) } catch let error as SystemError {
      throw RenderingFault.cannotWrite(path: path, reason: error.reason)
    }
  }

  private static func replace(_ target: ReplacedFile, with bytes: [UInt8]) throws {
    let temporary = target.folder + ".ipsh-\(getpid())-\(UInt64.random(in: 0 ... .max)).tmp"
    let descriptor = try target.create(temporary)
    do {
      do {
        try writeAll(bytes, to: descriptor)
        if fsync(descriptor) != 0 { throw SystemError.last }
      } catch {
        close(descriptor)
        throw error
      }
      if close(descriptor) != 0 { throw SystemError.last }
      if rename(temporary, target.path) != 0 { throw SystemError.last }
    } catch {
      unlink(temporary)
      throw error
    }
    syncFolder(target.folder)
  }

  /// Makes the rename durable. Some file systems cannot; the file itself is on disk already.
  private static func syncFolder(_ folder: String) {
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
