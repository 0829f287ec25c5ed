import ExactText
import Faults
import Results
import Scripting

/// The order in which values are sorted: numbers by size and NaN last, strings by their Unicode scalars, false before
/// true; null behind everything else.
enum ValueOrder {
  /// `values` with their places, sorted; equal ones keep their order, also when descending.
  static func sorted(
    _ values: [Value], descending: Bool, at argument: Arguments.Bound, check: () throws -> Void
  ) throws -> [Int] {
    try check()
    var steps = Steps()
    var kinds: Set<Int> = []
    for value in values {
      try steps.next()
      guard let rank = rank(value) else { throw unsortable(value, argument) }
      if case .null = value { continue }
      kinds.insert(rank)
    }
    guard kinds.count <= 1 else {
      throw ValueFault.wrongType(
        expected: "values of one type", found: "several types", what: "sorting"
      ).located(argument.span)
    }
    return try values.indices.sorted { a, b in
      try steps.next()
      if isMissing(values[a]) != isMissing(values[b]) { return isMissing(values[b]) }
      if precedes(values[a], values[b]) { return !descending }
      if precedes(values[b], values[a]) { return descending }
      return a < b
    }
  }

  private static func unsortable(_ value: Value, _ argument: Arguments.Bound) -> Diagnostic {
    ValueFault.wrongType(expected: "numbers, strings or booleans", found: value.typeName, what: "sorting")
      .located(argument.span)
  }

  private static func rank(_ value: Value) -> Int? {
    switch value {
    case .number: 0
    case .string: 1
    case .bool: 2
    case .null: 3
    default: nil
    }
  }

  /// Null and NaN come last, also in descending order.
  private static func isMissing(_ value: Value) -> Bool {
    switch value {
    case .null: true
    case .number(let number): number.isNaN
    default: false
    }
  }

  private static func precedes(_ a: Value, _ b: Value) -> Bool {
    switch (a, b) {
    case (.number(let x), .number(let y)): x < y
    case (.string(let x), .string(let y)): x < y
    case (.bool(let x), .bool(let y)): !x && y
    default: false
    }
  }
}
