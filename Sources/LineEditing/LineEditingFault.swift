import ExactText
import Faults
import Files

/// Why a line could not be read, or the history not be kept.
public enum LineEditingFault: Fault, Equatable {
  case inputUnreadable(SystemError)
  case historyUnreadable(path: String, SystemError)
  case historyUnwritable(path: String, SystemError)
  case historyNotAFile(path: String)

  public var code: String {
    switch self {
    case .inputUnreadable: "input-unreadable"
    case .historyUnreadable: "history-unreadable"
    case .historyUnwritable: "history-unwritable"
    case .historyNotAFile: "history-not-a-file"
    }
  }

  public var message: String {
    switch self {
    case .inputUnreadable(let error): "cannot read the input: \(error.reason)"
    case .historyUnreadable(let path, let error): "cannot read the history \(path): \(error.reason)"
    case .historyUnwritable(let path, let error): "cannot write the history \(path): \(error.reason)"
    case .historyNotAFile(let path): "the history \(path) is not a regular file"
    }
  }

  public var remedy: String? {
    switch self {
    case .inputUnreadable: nil
    case .historyUnreadable, .historyUnwritable, .historyNotAFile:
      "set IPSH_HISTORY to a file that can be written"
    }
  }
}
