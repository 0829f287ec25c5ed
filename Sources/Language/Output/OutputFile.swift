import Faults
import Files
import Scripting
import Synchronization
import SystemCalls

/// The file that `output FILE` sends results to.
///
/// Results are written to `FILE.partial` as they come, so nothing is lost when the process dies; closing
/// renames it to FILE, so an existing FILE stays whole until then. FILE keeps its mode; a symbolic link stays,
/// its target is replaced. When a write fails FILE is not made: see ``write(_:)``.
final class OutputFile: Sendable {
  /// As the user named it.
  let path: String
  /// Where results are that an earlier output left in `FILE.partial`; nil when there were none.
  let earlierResults: String?
  private let file: PartialFile
  private let ended = Atomic(false)
  private let isEmpty = Atomic(true)

  /// Whether it takes no more: it is complete, or a write has failed.
  var isEnded: Bool { ended.load(ordering: .relaxed) }

  /// - Throws: ``FileFault.cannotWrite(path:reason:)`` for what is no regular file, or one that another session sends its
  ///   results to; nothing has changed then.
  init(path: String) throws {
    self.path = path
    let target = try ReplacedFile(path)
    let partial = target.path + ".partial"
    do {
      earlierResults = try PartialFile.putAside(partial)
      do { file = try PartialFile(of: target, at: partial) } catch {
        if let earlierResults { rename(earlierResults, partial) }
        throw error
      }
    } catch let error as SystemError {
      throw FileFault.cannotWrite(
        path: partial,
        reason: error.number == EWOULDBLOCK ? "another session sends its results there" : error.reason)
    }
  }

  /// - Throws: ``InputOutputFault/outputIncomplete(path:partial:reason:)``. `FILE.partial` may end anywhere then: do not
  ///   call ``close()``.
  func write(_ text: String) throws {
    isEmpty.store(false, ordering: .relaxed)
    do { try file.write(text.utf8) } catch let error as SystemError {
      ended.store(true, ordering: .relaxed)
      file.release()
      throw incomplete(error)
    }
  }

  /// Puts the file in its place. Call once, and not after a failed ``write(_:)``.
  func close() throws {
    ended.store(true, ordering: .relaxed)
    do { try file.finish() } catch let error as SystemError { throw incomplete(error) }
  }

  /// Ends it without FILE, since what it was for has failed. Results stay in `FILE.partial`.
  ///
  /// - Returns: what to say; nil when there are no results.
  func abandon() -> Diagnostic? {
    ended.store(true, ordering: .relaxed)
    guard !isEmpty.load(ordering: .relaxed) else {
      file.discard()
      return nil
    }
    file.release()
    return Diagnostic(
      .warning, code: "output-abandoned", "the output to \(path) has not ended, so \(path) is as it was",
      at: nil,
      notes: ["the results so far are in \(file.path)"])
  }

  private func incomplete(_ error: SystemError) -> InputOutputFault {
    .outputIncomplete(path: path, partial: file.path, reason: error.reason)
  }
}
