import SystemCalls

/// Why a system call failed: an `errno` value.
public struct SystemError: Error, Sendable, Equatable {
  public let number: Int32

  public init(number: Int32) { self.number = number }

  /// Of the call that has just failed.
  package static var last: SystemError { SystemError(number: errno) }

  /// The C library's words for it, e.g. `No such file or directory`.
  public var reason: String { String(cString: strerror(number)) }

  /// Whether something has the name that was to be made.
  package var isAlreadyThere: Bool { number == EEXIST }
}
