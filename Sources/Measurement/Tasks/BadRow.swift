import Faults

/// A row that cannot be used, with the reason.
public struct BadRow: Sendable {
  /// In the file, from 1.
  public let line: Int
  /// Says nothing of the place.
  public let cause: any Fault

  public init(line: Int, cause: any Fault) {
    self.line = line
    self.cause = cause
  }

  /// `line 3: expected 5 fields between tabs, found 4`
  public var message: String { "line \(line): \(cause.message)" }
}

extension [BadRow] {
  /// For the notes of a warning: the first few, and how many more there are.
  public func summary(showing limit: Int = 3) -> [String] {
    let shown = prefix(limit).map(\.message)
    return count > limit ? shown + ["and \(count - limit) more"] : shown
  }
}
