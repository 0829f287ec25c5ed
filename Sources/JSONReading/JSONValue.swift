import ExactText
import Faults

/// A JSON text as a tree. Members keep their order, numbers their notation.
package enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// How an error message calls the value, e.g. `"gelu"` or `a list of 3`.
  package var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let text): text
    case .string(let value) where value.count > 40: quoted(String(value.prefix(40)) + "...")
    case .string(let value): quoted(value)
    case .array(let items): "a list of \(items.count)"
    case .object(let object): "an object with \(object.keyList)"
    }
  }

  package var isNull: Bool { if case .null = self { true } else { false } }

  /// A number without fraction and exponent that fits, else nil.
  package var integer: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  /// A number without fractional part in any notation, e.g. `2`, `2.0` or `2e0`, that fits, else nil.
  func wholeNumber<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    guard case .number(let text) = self else { return nil }
    return Number(text) ?? Double(text).flatMap(Number.init(exactly:))
  }
}

/// The members of an object in the order of the text, each key once.
package struct JSONObject: Sendable {
  package private(set) var members: NameTable<JSONValue> = [:]

  /// Complexity: O(1).
  package subscript(key: String) -> JSONValue? { members[key] }

  /// Sets a member; one that is there keeps its place and has the new value.
  ///
  /// - Returns: Whether the key is new.
  mutating func set(_ key: String, _ value: JSONValue) -> Bool {
    let count = members.count
    members[key] = value
    return members.count > count
  }

  fileprivate var keyList: String {
    let keys = members.map(\.key).sorted().map(escaped)
    if keys.isEmpty { return "no keys" }
    return (keys.count == 1 ? "key " : "keys ") + keys.prefix(6).joined(separator: ", ")
      + (keys.count > 6 ? ", ..." : "")
  }
}

func escaped(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }
