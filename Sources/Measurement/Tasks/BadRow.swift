import Faults

/// A row that cannot be used, with the reason.
public struct BadRow: Sendable {
  /// Of the file, from 1: a line, or what ``unit`` says.
  public let line: Int
  public let unit: RowUnit
  /// Says nothing of the place.
  public let cause: any Fault

  public init(line: Int, unit: RowUnit = .line, cause: any Fault) {
    self.line = line
    self.unit = unit
    self.cause = cause
  }

  /// `line 3: expected 5 columns, found 4`
  public var message: String { "\(unit.rawValue) \(line): \(cause.message)" }
}

/// What the rows of a file are counted by.
public enum RowUnit: String, Sendable {
  case line
  /// Of a JSON list, which may stand on one line.
  case element
}

extension [BadRow] {
  /// For the notes of a warning: the first few, and how many more there are.
  public func summary(showing limit: Int = 3) -> [String] {
    let shown = prefix(limit).map(\.message)
    return count > limit ? shown + ["and \(count - limit) more"] : shown
  }
}
