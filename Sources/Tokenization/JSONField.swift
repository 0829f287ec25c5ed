/// A value in a file, with the path that faults name.
struct JSONField {
  let file: String
  let path: String
  let value: JSON

  /// The document itself, which has to be an object.
  init(document bytes: [UInt8], file: String) throws {
    self.init(file: file, path: "the document", value: try JSONReader.read(bytes, file: file))
    _ = try members()
  }

  private init(file: String, path: String, value: JSON) {
    self.file = file
    self.path = path
    self.value = value
  }

  /// Nil where the member is absent or null.
  func optional(_ key: String) throws -> JSONField? {
    guard let member = try members().last(where: { $0.key == key })?.field, !member.value.isNull
    else { return nil }
    return member
  }

  func required(_ key: String) throws -> JSONField {
    guard let member = try optional(key) else {
      throw TokenizationFault.fieldMissing(file: file, path: childPath(key))
    }
    return member
  }

  /// Of an object, in the order of the file.
  func members() throws -> [(key: String, field: JSONField)] {
    guard case .object(let members) = value else { throw mismatch("an object") }
    return members.map { ($0.key, JSONField(file: file, path: childPath($0.key), value: $0.value)) }
  }

  func elements() throws -> [JSONField] {
    guard case .array(let elements) = value else { throw mismatch("a list") }
    return elements.enumerated().map {
      JSONField(file: file, path: "\(path)[\($0.offset)]", value: $0.element)
    }
  }

  func bool() throws -> Bool {
    guard case .bool(let bool) = value else { throw mismatch("true or false") }
    return bool
  }

  func string() throws -> String {
    guard case .string(let string) = value else { throw mismatch("a string") }
    return string
  }

  func number() throws -> Double {
    guard case .number(let number) = value else { throw mismatch("a number") }
    return number
  }

  func count() throws -> Int {
    guard case .number(let number) = value, let count = Int(exactly: number), count >= 0 else {
      throw mismatch("a whole number from 0")
    }
    return count
  }

  /// A token is written as a string, or as an object with its `content`.
  func tokenContent() throws -> String {
    switch value {
    case .string(let string): return string
    case .object: return try required("content").string()
    default: throw mismatch("a string or an object with \"content\"")
    }
  }

  func mismatch(_ expected: String) -> TokenizationFault {
    .field(file: file, path: path, expected: expected, found: value.summary)
  }

  private func childPath(_ key: String) -> String {
    path == "the document" ? key : "\(path).\(key)"
  }
}

extension JSON {
  var isNull: Bool { if case .null = self { true } else { false } }

  /// For messages: scalars as they are, containers by kind.
  fileprivate var summary: String {
    switch self {
    case .null: "null"
    case .bool(let bool): "\(bool)"
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .string(let string): "\"\(string)\""
    case .array: "a list"
    case .object: "an object"
    }
  }
}
