import Faults

/// What can be wrong with a task's file.
public enum TaskFault: Fault, Equatable {
  public struct Place: Sendable, Equatable {
    public let path: String
    /// From 1.
    public let line: Int
  }

  case fieldCount(Place, found: Int)
  case maskCount(Place, found: Int)
  case empty(path: String)

  public var code: String {
    switch self {
    case .fieldCount: "task-fields"
    case .maskCount: "task-masks"
    case .empty: "task-empty"
    }
  }

  public var message: String {
    switch self {
    case .fieldCount(let place, let found):
      "\(place.path):\(place.line): expected 5 fields between tabs, found \(found)"
    case .maskCount(let place, let found):
      "\(place.path):\(place.line): expected one [MASK] in the sentence, found \(found)"
    case .empty(let path): "\(path): no rows"
    }
  }

  public var remedy: String? {
    switch self {
    case .fieldCount: "a row is task, case, sentence with [MASK], correct word, wrong word"
    default: nil
    }
  }
}
