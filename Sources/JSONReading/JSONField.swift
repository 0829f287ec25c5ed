import Faults

/// A value in a JSON text, with the path that errors name.
package struct JSONField: Sendable {
  package let value: JSONValue
  // Apart, so that the thousands of members of a vocabulary share one array.
  private let parent: [JSONStep]
  private let step: JSONStep?

  var path: [JSONStep] { step.map { parent + [$0] } ?? [] }

  /// The whole text.
  ///
  /// - Throws: ``JSONProblem``, as everything here.
  package init(document bytes: [UInt8], _ dialect: JSONDialect = .strict) throws {
    self.init(value: try JSONReader.read(bytes, dialect), parent: [], step: nil)
  }

  private init(value: JSONValue, parent: [JSONStep], step: JSONStep?) {
    (self.value, self.parent, self.step) = (value, parent, step)
  }

  /// Nil where the member is absent or null.
  package func optional(_ key: String) throws -> JSONField? {
    try object()[key].flatMap { $0.isNull ? nil : JSONField(value: $0, parent: path, step: .key(key)) }
  }

  package func required(_ key: String) throws -> JSONField {
    guard let member = try object()[key] else { throw mismatch("the key \(quoted(key))") }
    return JSONField(value: member, parent: path, step: .key(key))
  }

  /// In the order of the text.
  package func members() throws -> [(key: String, field: JSONField)] {
    let path = path
    return try object().members.map {
      ($0.key, JSONField(value: $0.value, parent: path, step: .key($0.key)))
    }
  }

  package func elements() throws -> [JSONField] {
    guard case .array(let elements) = value else { throw mismatch("a list") }
    let path = path
    return elements.enumerated().map {
      JSONField(value: $0.element, parent: path, step: .index($0.offset))
    }
  }

  func object() throws -> JSONObject {
    guard case .object(let object) = value else { throw mismatch("an object") }
    return object
  }

  package func bool() throws -> Bool {
    guard case .bool(let bool) = value else { throw mismatch("true or false") }
    return bool
  }

  package func string() throws -> String {
    guard case .string(let string) = value else { throw mismatch("a string") }
    return string
  }

  /// Rounded to nearest.
  package func number<Number: BinaryFloatingPoint & LosslessStringConvertible>(
    _ type: Number.Type = Double.self
  ) throws -> Number {
    guard case .number(let text) = value, let number = Number(text), number.isFinite else {
      throw mismatch("a number")
    }
    return number
  }

  package func count() throws -> Int {
    guard let count = value.wholeNumber(Int.self), count >= 0 else { throw mismatch("a whole number from 0") }
    return count
  }

  /// - Parameter found: by default the value itself.
  package func mismatch(_ expected: String, found: String? = nil) -> JSONProblem {
    .value(
      path: path.reduce("") { $1.appended(to: $0) }, expected: expected, found: found ?? value.description)
  }
}

/// One step into a JSON text. A path reads `id2label.0`, `shape[2]`.
enum JSONStep: Sendable {
  case key(String)
  case index(Int)

  fileprivate func appended(to path: String) -> String {
    switch self {
    case .key(let key): (path.isEmpty ? "" : path + ".") + escaped(key)
    case .index(let index): "\(path)[\(index)]"
    }
  }
}
