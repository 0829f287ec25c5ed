import OrderedCollections

/// Names in order, each once.
public struct NameList: Equatable, Sendable {
  @usableFromInline
  var names: OrderedSet<Name>

  @inlinable
  init(_ names: OrderedSet<Name>) { self.names = names }

  @inlinable
  public init() { names = [] }

  @inlinable
  public init(_ names: some Sequence<String>) { self.names = OrderedSet(names.lazy.map { Name($0) }) }

  /// Complexity: O(1), and linear in the length of the name.
  @inlinable
  public func contains(_ name: String) -> Bool { names.contains(Name(name)) }

  /// - Returns: Whether the name is new.
  @inlinable
  @discardableResult
  public mutating func append(_ name: String) -> Bool { names.append(Name(name)).inserted }

  @inlinable
  public mutating func append(contentsOf names: some Sequence<String>) { for name in names { append(name) } }

  @inlinable
  public func union(_ names: some Sequence<String>) -> [String] {
    var union = self
    union.append(contentsOf: names)
    return Array(union)
  }
}

extension NameList: RandomAccessCollection {
  @inlinable
  public var startIndex: Int { 0 }

  @inlinable
  public var endIndex: Int { names.count }

  @inlinable
  public subscript(place: Int) -> String { names[place].text }
}

extension NameList: ExpressibleByArrayLiteral {
  @inlinable
  public init(arrayLiteral names: String...) { self.init(names) }
}
