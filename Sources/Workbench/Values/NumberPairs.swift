import ExactText
import Faults
import Language
import Results
import Tensors

/// The numbers that two values have in the same place, named by the place.
struct NumberPairs {
  typealias Pair = (name: String, before: Double, after: Double)

  private(set) var pairs: [Pair] = []

  /// - Throws: ``Interrupted``.
  init(_ before: Value, _ after: Value) throws { try add(before.data, after.data, "") }

  /// What tells the records of a list apart, the best first. Ranks change from one result to the other.
  private static let keys = ["token", "label", "node", "task", "case", "name", "sentence", "position", "row"]

  /// Numbers that name something; a difference of them says nothing.
  private static let names: Set<Name> = ["id", "position", "row", "number"]

  private mutating func add(_ before: Value, _ after: Value, _ name: String) throws {
    switch (before, after) {
    case (.number(let x), .number(let y)): pairs.append((name.isEmpty ? "value" : name, x, y))
    case (.record(let a), .record(let b)): try add(a, b, name)
    case (.list(let a), .list(let b)): try add(a, b, name)
    case (.tensor(let a), .tensor(let b)):
      var steps = Steps()
      try a.withUnsafeBufferPointer { a in
        try b.withUnsafeBufferPointer { b in
          for (index, (x, y)) in zip(a, b).enumerated() {
            try steps.next()
            pairs.append(("\(name)[\(index)]", Double(x), Double(y)))
          }
        }
      }
    default: break
    }
  }

  private mutating func add(_ before: Record, _ after: Record, _ name: String) throws {
    for (key, value) in before where !Self.names.contains(key) {
      if let other = after[key] { try add(value, other, name.isEmpty ? key : "\(name).\(key)") }
    }
  }

  private mutating func add(_ before: [Value], _ after: [Value], _ name: String) throws {
    var steps = Steps()
    for key in Self.keys {
      guard let a = try Self.byKey(before, key), let b = try Self.byKey(after, key) else { continue }
      let others = NameTable(
        try b.interruptibleMap { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      for (key, value) in a {
        try steps.next()
        if let other = others[key] { try add(value, other, "\(name)[\(key)]") }
      }
      return
    }
    for (index, (x, y)) in zip(before, after).enumerated() {
      try steps.next()
      try add(x, y, "\(name)[\(index)]")
    }
  }

  /// The elements by their values of `key`; nil unless each is a record with a value of its own.
  private static func byKey(_ elements: [Value], _ key: String) throws -> [(key: String, value: Value)]? {
    var steps = Steps()
    var seen: Set<Name> = []
    var found: [(String, Value)] = []
    for element in elements {
      try steps.next()
      guard case .record(let record) = element, let text = record[key].flatMap(text),
        seen.insert(text).inserted
      else { return nil }
      found.append((text, element))
    }
    return found.isEmpty ? nil : found
  }

  private static func text(_ value: Value) -> String? {
    switch value {
    case .string(let text): text
    case .number(let number): shown(number)
    default: nil
    }
  }
}
