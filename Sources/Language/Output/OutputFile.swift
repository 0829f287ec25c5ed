import Faults
import Files
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
  private let file: PartialFile
  private let ended = Atomic(false)

  /// Whether it takes no more: it is complete, or a write has failed.
  var isEnded: Bool { ended.load(ordering: .relaxed) }

  /// - Throws: ``FileFault.cannotWrite(path:reason:)`` for what is no regular file; nothing has changed then.
  init(path: String) throws {
    self.path = path
    let target = try ReplacedFile(path)
    let partialPath = target.path + ".partial"
    // A partial file that is there holds results of another session, or is somebody's own.
    do { file = try PartialFile(of: target, at: partialPath) } catch let error as SystemError {
      throw FileFault.cannotWrite(
        path: partialPath,
        reason: error.isAlreadyThere
          ? "it holds results of an output that did not end; rename or remove it" : error.reason)
    }
  }

  /// - Throws: ``InputOutputFault/outputIncomplete(path:partial:reason:)``. `FILE.partial` may end anywhere then: do not
  ///   call ``close()``.
  func write(_ text: String) throws {
    do { try file.write(text.utf8) } catch let error as SystemError {
      ended.store(true, ordering: .relaxed)
      throw incomplete(error)
    }
  }

  /// Puts the file in its place. Call once, and not after a failed ``write(_:)``.
  func close() throws {
    ended.store(true, ordering: .relaxed)
    do { try file.finish() } catch let error as SystemError { throw incomplete(error) }
  }

  /// What to say when the command that opened the file is undone: `FILE.partial` has what was written so far.
  var abandonment: Diagnostic {
    Diagnostic(
      .warning, code: "output-abandoned", "the output to \(path) is undone with the command that began it",
      at: nil,
      notes: ["its results are in \(file.path)"])
  }

  private func incomplete(_ error: SystemError) -> InputOutputFault {
    .outputIncomplete(path: path, partial: file.path, reason: error.reason)
  }
}
