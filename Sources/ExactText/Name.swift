/// A text that names something: what tables are keyed by.
///
/// Equal, ordered and hashed by its scalars, unlike a String: the composed and the decomposed form of an accented letter
/// are two names, and a name takes time linear in its length whatever it consists of.
public struct Name: Hashable, Comparable, Sendable {
  public let text: String

  @inlinable
  public init(_ text: String) { self.text = text }

  @inlinable
  public static func == (left: Name, right: Name) -> Bool { areEqual(left.text, right.text) }

  public static func < (left: Name, right: Name) -> Bool { order(left.text, right.text) < 0 }

  public func hash(into hasher: inout Hasher) { text.withBytes { hasher.combine(bytes: $0) } }
}

extension Name: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }
}

extension Name: CustomStringConvertible {
  public var description: String { text }
}

extension Set<Name> {
  package init(names: some Sequence<String>) { self.init(names.lazy.map { Name($0) }) }

  package func contains(_ name: String) -> Bool { contains(Name(name)) }

  @discardableResult
  package mutating func insert(_ name: String) -> (inserted: Bool, memberAfterInsert: Name) {
    insert(Name(name))
  }
}
