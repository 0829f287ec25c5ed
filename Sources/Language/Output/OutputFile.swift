#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import Faults
import Rendering
import Scripting
import Synchronization

/// The file that `output FILE` sends results to.
///
/// Results are written to `FILE.partial` as they come, so nothing is lost when the process dies; closing
/// renames it to FILE, so an existing FILE stays whole until then. FILE keeps its mode; a symbolic link stays,
/// its target is replaced. When a write fails FILE is not made: see ``write(_:)``.
final class OutputFile: Sendable {
  /// As the user named it.
  let path: String
  private let target: ReplacedFile
  private let partialPath: String
  private let descriptor: Int32
  private let ended = Atomic(false)

  /// Whether it takes no more: it is complete, or a write has failed.
  var isEnded: Bool { ended.load(ordering: .relaxed) }

  /// - Throws: ``RenderingFault/cannotWrite(path:reason:)`` for what is no regular file; nothing has changed then.
  init(path: String) throws {
    self.path = path
    target = try ReplacedFile(path)
    partialPath = target.path + ".partial"
    // A partial file that is there holds results of another session, or is somebody's own.
    do { descriptor = try target.create(partialPath) } catch let error as SystemError {
      throw RenderingFault.cannotWrite(
        path: partialPath,
        reason: error.number == EEXIST
          ? "it holds results of an output that did not end; rename or remove it" : error.reason)
    }
  }

  deinit { _ = closeDescriptor(descriptor) }

  /// - Throws: ``InputOutputFault/outputIncomplete(path:partial:reason:)``. `FILE.partial` may end anywhere then: do not
  ///   call ``close()``.
  func write(_ text: String) throws {
    do { try writeAll(text, to: descriptor) } catch let error as SystemError {
      ended.store(true, ordering: .relaxed)
      throw incomplete(error)
    }
  }

  /// Puts the file in its place. Call once, and not after a failed ``write(_:)``.
  func close() throws {
    ended.store(true, ordering: .relaxed)
    guard fsync(descriptor) == 0, rename(partialPath, target.path) == 0 else { throw incomplete(.last) }
  }

  /// What to say when the command that opened the file is undone: `FILE.partial` has what was written so far.
  var abandonment: Diagnostic {
    Diagnostic(
      .warning, code: "output-abandoned", "the output to \(path) is undone with the command that began it",
      at: nil,
      notes: ["its results are in \(partialPath)"])
  }

  private func incomplete(_ error: SystemError) -> InputOutputFault {
    .outputIncomplete(path: path, partial: partialPath, reason: error.reason)
  }
}

/// `close(2)`, which a method of that name hides.
private func closeDescriptor(_ descriptor: Int32) -> Int32 { close(descriptor) }
