import Faults

/// What can be wrong with a file that a script names, or with where its results go.
package enum InputOutputFault: StatedFault {
  case unreadable(path: String, reason: String)
  case malformed(String)
  case notUTF8(path: String, offset: Int)
  case sourceCycle(path: String)
  case outputFailed(reason: String)
  case outputIncomplete(path: String, partial: String, reason: String)
  case onceWithoutResult(path: String)

  package var sentence: FaultSentence {
    switch self {
    case .unreadable(let path, let reason): ("unreadable", "\(path): \(reason)", nil)
    case .malformed(let text): ("malformed", text, nil)
    case .notUTF8(let path, let offset): ("not-utf8", "\(path): not UTF-8 text (byte \(offset))", nil)
    case .sourceCycle(let path): ("source-cycle", "\(path) is already being sourced", nil)
    case .outputFailed(let reason): ("output", "cannot write the result: \(reason)", nil)
    case .outputIncomplete(let path, let partial, let reason):
      (
        "output", "cannot write the results to \(path): \(reason)",
        "`output` has ended and \(path) is as it was; what was written is in \(partial)"
      )
    case .onceWithoutResult(let path):
      (
        "once-without-result", "no result followed, so \(path) is not written",
        "`once` stands before the command whose result goes to the file; `save` takes a value"
      )
    }
  }
}
