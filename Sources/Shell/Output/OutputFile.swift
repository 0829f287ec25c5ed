#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The file that `output FILE` sends results to.
///
/// Results are written to `FILE.partial` as they come, so nothing is lost when the process dies; closing
/// renames it to FILE, so an existing FILE stays whole until then.
final class OutputFile: Sendable {
  let path: String
  private let partialPath: String
  /// Where the results go in the end: a symbolic link stays, its target is replaced.
  private let target: String
  private let descriptor: Int32

  init(path: String) throws {
    self.path = path
    partialPath = path + ".partial"
    target = ScriptFile.canonical(path)
    var information = stat()
    if stat(path, &information) == 0 {
      switch information.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw ShellFault.unreadable(path: path, reason: "cannot write: is a folder")
      // The rename would put a file in the place of a device, for everyone on the machine.
      default: throw ShellFault.unreadable(path: path, reason: "cannot write: not a regular file")
      }
    }
    // A partial file that is there holds results of another session, or is somebody's own.
    descriptor = open(partialPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw ShellFault.unreadable(path: partialPath, reason: "cannot write: \(SystemError.last.reason)")
    }
  }

  func write(_ text: String) throws {
    do { try writeAll(text, to: descriptor) } catch let error as SystemError {
      throw ShellFault.outputFailed(reason: "\(partialPath): \(error.reason)")
    }
  }

  /// Call once.
  func close() throws {
    defer { _ = closeDescriptor(descriptor) }
    guard fsync(descriptor) == 0, rename(partialPath, target) == 0 else {
      throw ShellFault.outputFailed(
        reason: "\(path): \(SystemError.last.reason); the results are in \(partialPath)")
    }
  }
}

/// `close(2)`, which a method of that name hides.
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
