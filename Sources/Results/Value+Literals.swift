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
  public init(_ number: Float) { self = .number(Double(number)) }

  public init(_ number: Int) { self = .number(Double(number)) }

  /// A list of numbers.
  public static func numbers(_ numbers: some Sequence<Float>) -> Value {
    .list(numbers.map { Value($0) })
  }

  /// A list of whole numbers.
  public static func numbers<Integer: BinaryInteger>(_ numbers: some Sequence<Integer>) -> Value {
    .list(numbers.map { .number(Double($0)) })
  }

  /// A list of strings.
  public static func strings(_ strings: some Sequence<String>) -> Value {
    .list(strings.map { .string($0) })
  }
}
