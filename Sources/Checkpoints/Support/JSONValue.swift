/// A JSON text as a tree, read strictly (RFC 8259), with the byte offset of every number.
///
/// It exists beside Foundation's decoder because that reports neither the place of a syntax error,
/// nor keys given twice, nor which number did not fit.
indirect enum JSONValue: Equatable {
  case null
  case bool(Bool)
  case number(text: String, offset: Int)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The value at `path`, or nil when the path leads nowhere.
  subscript(path: [JSONStep]) -> JSONValue? {
    guard let step = path.first else { return self }
    let rest = Array(path.dropFirst())
    switch (self, step) {
    case (.object(let members), .key(let key)): return members[key]?[rest]
    case (.array(let items), .index(let index)) where items.indices.contains(index):
      return items[index][rest]
    default: return nil
    }
  }

  /// How an error message calls the value, e.g. `the string "gelu"` or `a list of 3`.
  var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let text, _): text
    case .string(let value) where value.count > 40: "the string \(quoted(String(value.prefix(40)) + "..."))"
    case .string(let value): "the string \(quoted(value))"
    case .array(let items): "a list of \(items.count)"
    case .object(let members): "an object with \(keyList(members))"
    }
  }

  private func keyList(_ members: [String: JSONValue]) -> String {
    let keys = members.keys.sorted().map(escaped)
    if keys.isEmpty { return "no keys" }
    return (keys.count == 1 ? "key " : "keys ") + keys.prefix(6).joined(separator: ", ")
      + (keys.count > 6 ? ", ..." : "")
  }

  /// A number without fraction and exponent that fits, else nil.
  var integer: Int? {
    if case .number(let text, _) = self { Int(text) } else { nil }
  }

  /// Every number in the tree that is not an integer of 64 bits, with its place.
  func unrepresentableIntegers(under path: [JSONStep] = []) -> [(path: [JSONStep], text: String, offset: Int)]
  {
    switch self {
    case .number(let text, let offset): Int(text) == nil ? [(path, text, offset)] : []
    case .array(let items):
      items.enumerated().flatMap { $1.unrepresentableIntegers(under: path + [.index($0)]) }
    case .object(let members):
      members.sorted { $0.key < $1.key }
        .flatMap { $1.unrepresentableIntegers(under: path + [.key($0)]) }
    default: []
    }
  }
}

/// One step into a JSON text.
enum JSONStep: Equatable, Sendable {
  case key(String)
  case index(Int)
}

/// `id2label.0`, `shape[2]`; the whole text is the empty string.
func jsonPath(_ steps: [JSONStep]) -> String {
  var text = ""
  for step in steps {
    switch step {
    case .key(let key): text += (text.isEmpty ? "" : ".") + escaped(key)
    case .index(let index): text += "[\(index)]"
    }
  }
  return text
}

/// The text in double quotes, on one line: names in a file may hold any character.
func quoted(_ text: String) -> String { text.debugDescription }

private func escaped(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }
