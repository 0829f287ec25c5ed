/// An error a user can act on, stated as facts by the module that found it.
///
/// Modules declare small enums of facts that conform to `Fault`, most of them as a ``StatedFault``; the sentence is written
/// there, nowhere else. The language adds the place in the script.
public protocol Fault: Error, Sendable {
  /// A stable identifier, lower case with hyphens, e.g. `checkpoint-truncated`.
  var code: String { get }

  /// One line: what, where, expected and found. Lower case, no final full stop.
  var message: String { get }

  /// What to do about it, if that is known; one line.
  var remedy: String? { get }
}

extension Fault {
  public var remedy: String? { nil }
}

/// Thrown where a computation notices that the user asked it to stop.
public struct Interrupted: Error, Sendable, Equatable {
  public init() {}
}

/// Called between units of work; throws ``Interrupted`` when the user asked to stop.
public typealias InterruptionCheck = @Sendable () throws -> Void
