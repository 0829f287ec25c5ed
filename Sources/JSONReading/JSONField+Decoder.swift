/// Reads types that are `Decodable`. It exists beside Foundation's decoder because that tells neither the place
/// of a syntax error, nor keys given twice, nor which number did not fit.
///
/// What the text lacks is a ``JSONProblem``; errors that a type itself throws pass unchanged.
extension JSONField: Decoder, SingleValueDecodingContainer {
  package var codingPath: [any CodingKey] { path }

  package var userInfo: [CodingUserInfoKey: Any] { [:] }

  package func container<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    KeyedDecodingContainer(Members(field: self, object: try object()))
  }

  package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    Elements(field: self, elements: try elements())
  }

  package func singleValueContainer() -> any SingleValueDecodingContainer { self }

  package func decodeNil() -> Bool { value.isNull }

  package func decode<T: Decodable>(_ type: T.Type) throws -> T {
    do {
      if let scalar = try scalar(type), let value = scalar as? T { return value }
      return try T(from: self)
    } catch is DecodingError {
      throw mismatch("a known value")
    }
  }

  /// Nil for types that read themselves from a container.
  private func scalar(_ type: any Any.Type) throws -> Any? {
    switch type {
    case is Bool.Type: try bool()
    case is String.Type: try string()
    case is Double.Type: try number()
    case is Float.Type: try number(Float.self)
    case let type as any FixedWidthInteger.Type: try integer(type)
    default: nil
    }
  }

  private func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
    guard let number = value.wholeNumber(type) else { throw mismatch("a whole number") }
    return number
  }
}

private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let field: JSONField
  let object: JSONObject

  var codingPath: [any CodingKey] { field.path }

  var allKeys: [Key] { object.members.compactMap { Key(stringValue: $0.key) } }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool { try member(key).decodeNil() }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try member(key).decode(type) }

  func nestedContainer<Nested>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try member(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try member(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try field.required("super") }

  func superDecoder(forKey key: Key) throws -> any Decoder { try member(key) }

  private func member(_ key: Key) throws -> JSONField { try field.required(key.stringValue) }
}

private struct Elements: UnkeyedDecodingContainer {
  let field: JSONField
  let elements: [JSONField]
  private(set) var currentIndex = 0

  init(field: JSONField, elements: [JSONField]) {
    (self.field, self.elements) = (field, elements)
  }

  var codingPath: [any CodingKey] { field.path }

  var count: Int? { elements.count }

  var isAtEnd: Bool { currentIndex == elements.count }

  mutating func decodeNil() throws -> Bool {
    let isNull = try peek().decodeNil()
    if isNull { currentIndex += 1 }
    return isNull
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next { try $0.decode(type) } }

  mutating func nestedContainer<Key>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    try next { try $0.container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next { try $0.unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { try next { $0 } }

  /// Moves on only if `read` succeeds, as the protocol demands.
  private mutating func next<T>(_ read: (JSONField) throws -> T) throws -> T {
    let result = try read(peek())
    currentIndex += 1
    return result
  }

  private func peek() throws -> JSONField {
    guard !isAtEnd else { throw field.mismatch("a list of at least \(elements.count + 1)") }
    return elements[currentIndex]
  }
}

extension JSONStep: CodingKey {
  init?(stringValue: String) { self = .key(stringValue) }

  init?(intValue: Int) { self = .index(intValue) }

  var stringValue: String {
    switch self {
    case .key(let key): key
    case .index(let index): "\(index)"
    }
  }

  var intValue: Int? { if case .index(let index) = self { index } else { nil } }
}
