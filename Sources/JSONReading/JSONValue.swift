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
///
/// Swift's strings are equal when they are canonically equivalent, as the composed and the decomposed form of
/// an accented letter are. Here those are two keys, such as two pieces of a vocabulary.
package struct JSONObject: Sendable {
  package private(set) var members: [(key: String, value: JSONValue)] = []
  private var places: [ExactKey: Int] = [:]

  /// Complexity: O(1).
  package subscript(key: String) -> JSONValue? { places[ExactKey(text: key)].map { members[$0].value } }

  /// Sets a member; one that is there keeps its place and has the new value.
  ///
  /// - Returns: Whether the key is new.
  mutating func set(_ key: String, _ value: JSONValue) -> Bool {
    if let place = places[ExactKey(text: key)] {
      members[place].value = value
      return false
    }
    places[ExactKey(text: key)] = members.count
    members.append((key, value))
    return true
  }

  fileprivate var keyList: String {
    let keys = members.map(\.key).sorted().map(escaped)
    if keys.isEmpty { return "no keys" }
    return (keys.count == 1 ? "key " : "keys ") + keys.prefix(6).joined(separator: ", ")
      + (keys.count > 6 ? ", ..." : "")
  }
}

/// Compares scalar by scalar.
private struct ExactKey: Hashable {
  let text: String

  static func == (left: ExactKey, right: ExactKey) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

func escaped(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }
