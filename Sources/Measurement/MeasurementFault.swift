import Faults

/// What can keep a measurement from being made.
public enum MeasurementFault: Fault, Equatable {
  case memory(needed: Int, budget: Int)

  public var code: String {
    switch self {
    case .memory: "memory"
    }
  }

  public var message: String {
    switch self {
    case .memory(let needed, let budget):
      "this needs \(needed >> 20) MB of working memory, more than the budget of \(budget >> 20) MB"
    }
  }

  public var remedy: String? {
    switch self {
    case .memory: "raise it with `set max-memory` or --max-memory"
    }
  }
}
