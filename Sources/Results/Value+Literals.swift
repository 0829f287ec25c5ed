import Tensors

extension Value: ExpressibleByNilLiteral {
  public init(nilLiteral: ()) { self = .null }
}

extension Value: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
}

extension Value: ExpressibleByFloatLiteral {
  public init(floatLiteral value: Double) { self = .number(value) }
}

extension Value: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension Value: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Value...) { self = .list(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
  /// - Precondition: no key occurs twice.
  public init(dictionaryLiteral elements: (String, Value)...) {
    self = .record(Record(uniqueKeysWithValues: elements))
  }
}

extension Value {
  public static func number(_ value: Float) -> Value { .number(Double(value)) }

  public static func number(_ value: Int) -> Value { .number(Double(value)) }

  public static func list(_ numbers: some Sequence<Float>) -> Value {
    .list(numbers.map { .number(Double($0)) })
  }

  public static func list<Integer: BinaryInteger>(_ numbers: some Sequence<Integer>) -> Value {
    .list(numbers.map { .number(Double($0)) })
  }

  public static func list(_ strings: some Sequence<String>) -> Value {
    .list(strings.map { .string($0) })
  }
}
