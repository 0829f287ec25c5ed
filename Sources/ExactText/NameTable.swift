import OrderedCollections

/// Elements by their names, in the order they were added.
public struct NameTable<Value> {
  @usableFromInline
  var table: OrderedDictionary<Name, Value>

  @inlinable
  public init() { table = [:] }

  /// - Precondition: no name occurs twice.
  @inlinable
  public init(uniqueKeysWithValues elements: some Sequence<(String, Value)>) {
    table = OrderedDictionary(uniqueKeysWithValues: elements.lazy.map { (Name($0), $1) })
  }

  /// Assigning nil takes the element away, which is O(n).
  ///
  /// Complexity: else O(1), and linear in the length of the name.
  @inlinable
  public subscript(name: String) -> Value? {
    get { table[Name(name)] }
    _modify { yield &table[Name(name)] }
  }

  /// As assigning through the subscript does, which takes the element out and puts it back, in half the time.
  @inlinable
  public mutating func update(_ value: Value, named name: String) {
    table.updateValue(value, forKey: Name(name))
  }

  @inlinable
  public subscript(name: String, default value: @autoclosure () -> Value) -> Value {
    get { table[Name(name), default: value()] }
    _modify { yield &table[Name(name), default: value()] }
  }

  @inlinable
  public init(
    _ elements: some Sequence<(String, Value)>, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    self.init()
    try merge(elements, uniquingKeysWith: combine)
  }

  /// Adds elements; one whose name is there keeps its place, and `combine` says its value.
  @inlinable
  public mutating func merge(
    _ elements: some Sequence<(String, Value)>, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    for (name, value) in elements { self[name] = try self[name].map { try combine($0, value) } ?? value }
  }

  @inlinable
  public mutating func merge(
    _ others: NameTable, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows {
    try merge(others.lazy.map { ($0, $1) }, uniquingKeysWith: combine)
  }

  @inlinable
  public func merging(
    _ others: NameTable, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows -> NameTable {
    var merged = self
    try merged.merge(others, uniquingKeysWith: combine)
    return merged
  }

  @inlinable
  public var values: OrderedDictionary<Name, Value>.Values { table.values }

  @inlinable
  public var keys: NameList { NameList(table.keys) }

  @inlinable
  public func mapValues<Other>(_ transform: (Value) throws -> Other) rethrows -> NameTable<Other> {
    var others = NameTable<Other>()
    others.table = try table.mapValues(transform)
    return others
  }

  /// The same names with other values, in order; shares the names' storage.
  ///
  /// - Precondition: as many values as names.
  @inlinable
  public func replacingValues(_ values: [Value]) -> NameTable {
    precondition(values.count == table.count, "\(values.count) values of \(table.count) names")
    var other = self
    for (place, value) in values.enumerated() { other.table.values[place] = value }
    return other
  }

  @inlinable
  public func filter(_ isWanted: (Element) throws -> Bool) rethrows -> NameTable {
    var chosen = NameTable()
    chosen.table = try table.filter { try isWanted(($0.text, $1)) }
    return chosen
  }
}

extension NameTable: Sendable where Value: Sendable {}

extension NameTable: RandomAccessCollection {
  public typealias Element = (key: String, value: Value)

  @inlinable
  public var startIndex: Int { 0 }

  @inlinable
  public var endIndex: Int { table.count }

  @inlinable
  public subscript(place: Int) -> Element {
    let element = table.elements[place]
    return (element.key.text, element.value)
  }
}

extension NameTable: ExpressibleByDictionaryLiteral {
  /// - Precondition: no name occurs twice.
  @inlinable
  public init(dictionaryLiteral elements: (String, Value)...) { self.init(uniqueKeysWithValues: elements) }
}

extension NameTable: Decodable where Value: Decodable {
  private struct Member: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }

    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Member.self)
    self.init()
    for key in container.allKeys { self[key.stringValue] = try container.decode(Value.self, forKey: key) }
  }
}

extension NameTable: Equatable where Value: Equatable {}
