import Faults

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

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
    case .inputUnreadable(let reason): "cannot read the input: \(reason.text)"
    case .historyUnreadable(let path, let reason): "cannot read the history \(path): \(reason.text)"
    case .historyUnwritable(let path, let reason): "cannot write the history \(path): \(reason.text)"
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

/// An `errno` value.
public struct SystemError: Sendable, Equatable {
  public let number: Int32

  public init(number: Int32) { self.number = number }

  static var last: SystemError { SystemError(number: errno) }

  /// The C library's words for it, e.g. `No such file or directory`.
  public var text: String { String(cString: strerror(number)) }
}
