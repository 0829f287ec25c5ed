import ExactText
import Faults
import Files

/// Why a line could not be read, or the history not be kept as it should.
public enum LineEditingFault: StatedFault, Equatable {
  case inputUnreadable(SystemError)
  case historyUnreadable(path: String, SystemError)
  case historyUnwritable(path: String, SystemError)
  case historyNotAFile(path: String)
  /// Another process has locked it; entries are added when it is free.
  case historyHeld(path: String)
  /// The same at the end of the session.
  case historyIncomplete(path: String, missing: Int)
  /// Others could read it, and no longer can.
  case historyNarrowed(path: String)
  case historyShared(path: String, SystemError)
  /// Lines were dropped; `kept` entries are left.
  case historyCut(path: String, dropped: Int, kept: Int)
  /// More than `limit` bytes; only so many at the end are read.
  case historyLarge(path: String, limit: Int)
  /// `editrc` is there, and nothing that could be read to its end.
  case settingsUnreadable(path: String)

  package var sentence: FaultSentence {
    let otherFile = "set IPSH_HISTORY to a file that can be written"
    switch self {
    case .inputUnreadable(let error):
      return ("input-unreadable", "cannot read the input: \(error.reason)", nil)
    case .historyUnreadable(let path, let error):
      return ("history-unreadable", "cannot read the history \(path): \(error.reason)", otherFile)
    case .historyUnwritable(let path, let error):
      return ("history-unwritable", "cannot write the history \(path): \(error.reason)", otherFile)
    case .historyNotAFile(let path):
      return ("history-not-a-file", "the history \(path) is not a regular file", otherFile)
    case .historyHeld(let path):
      return (
        "history-held",
        "another program has locked the history \(path): commands are added to it when it is free",
        "end that program, or set IPSH_HISTORY to another file"
      )
    case .historyIncomplete(let path, let missing):
      return (
        "history-incomplete",
        "another program has locked the history \(path): \(missing == 1 ? "the last command is" : "the last \(missing) commands are") not in it",
        "end that program, or set IPSH_HISTORY to another file"
      )
    case .historyNarrowed(let path):
      return (
        "history-narrowed", "others could read the history \(path): from now on only its owner can", nil
      )
    case .historyShared(let path, let error):
      return (
        "history-shared", "others can read the history \(path), which cannot be changed: \(error.reason)",
        "set IPSH_HISTORY to a file of your own"
      )
    case .historyCut(let path, let dropped, let kept):
      return (
        "history-cut",
        "the oldest \(dropped) lines of the history \(path) are dropped: it keeps the newest \(kept) commands",
        nil
      )
    case .historyLarge(let path, let limit):
      return (
        "history-large",
        "the history \(path) has more than \(roundedSize(limit)): only those at its end are read",
        "move it away; a new one is begun"
      )
    case .settingsUnreadable(let path):
      return (
        "settings-unreadable",
        "\(path) is not read: not a regular file of at most \(roundedSize(SettingsFile.sizeLimit))",
        "put a file in its place, or set EDITRC to another one or to /dev/null"
      )
    }
  }
}
