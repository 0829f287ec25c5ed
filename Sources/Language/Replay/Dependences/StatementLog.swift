import ExactText
import Scripting

/// What one statement at the top level, with everything in it, has read and done.
///
/// What it has written of the session is kept in the session itself, so that undoing a failed command undoes that
/// as well. Files stay written, and what was read has decided how the statement went on.
///
/// One interpreter uses it, on one thread at a time.
package final class StatementLog: @unchecked Sendable {
  private(set) var reads: Set<StateKey> = []
  private(set) var writtenFiles: Set<Name> = []
  /// Files that `output` and `once` have sent results to from here on.
  private(set) var openedFiles: Set<Name> = []
  /// Files that got results by `output` and `once`.
  private(set) var resultFiles: Set<Name> = []
  /// Whether the statement is a single `reset`.
  let isReset: Bool
  /// Whether the session was made anew.
  var hasReset = false
  /// The folder that the path of a `source` in the statement starts from; nil without one.
  private(set) var sourceFolder: String?
  /// Whether it is about the recording or the screen and does not belong in a record.
  var staysOutOfRecords = false
  /// Whether the statement is a single `undo`.
  let isUndo: Bool
  /// The statement in the journal whose changes it has taken back.
  var takesBack: Int?
  /// Why running the statement again may give something else; nil when it gives the same.
  var unrepeatable: String?
  private var pauses = 0
  /// What the statement says; nil for one that nobody has written.
  private let span: Span?
  /// What a repetition says otherwise, by its place in the source.
  private var changes: [Range<Int>: String] = [:]

  /// Of its source, from 1.
  var line: Int? { span?.start.line }
  /// Where it stands.
  var source: Source? { span?.source }

  init(of span: Span? = nil, isReset: Bool = false, isUndo: Bool = false) {
    (self.span, self.isReset, self.isUndo) = (span, isReset, isUndo)
  }

  func noteRead(_ key: StateKey) {
    if pauses == 0 { reads.insert(key) }
  }

  func noteWritten(file: String) { writtenFiles.insert(AbsolutePath.of(file)) }
  func noteOpened(file: String) { openedFiles.insert(AbsolutePath.of(file)) }
  func noteResults(in file: String) { resultFiles.insert(AbsolutePath.of(file)) }

  /// - Parameter script: the script that holds the statement; nil at the prompt.
  func noteSource(_ path: String, relativeTo script: String?) {
    if !path.hasPrefix("/") { sourceFolder = AbsolutePath.folder(of: script ?? ".") }
  }

  /// What stands at `place` is to be `text` when the statement is repeated. Places in other statements stay as they are.
  func noteChange(at place: Span, to text: String) {
    guard let span, place.source === span.source, place.range.clamped(to: span.range) == place.range else {
      return
    }
    changes[place.range] = text
  }

  /// What repeats the statement.
  func repetition(of text: String) -> String {
    guard let span, !changes.isEmpty else { return text }
    var bytes = Array(text.utf8)
    for (range, replacement) in changes.sorted(by: { $0.key.lowerBound > $1.key.lowerBound }) {
      let start = span.range.lowerBound
      bytes.replaceSubrange(range.lowerBound - start..<range.upperBound - start, with: replacement.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Runs what shows a result or talks to a person: no value depends on what it reads.
  func ignoringReads<R>(_ body: () throws -> R) rethrows -> R {
    pauses += 1
    defer { pauses -= 1 }
    return try body()
  }
}
