import ExactText
import Results

/// What a check does not compute.
package struct UnknownValue: ObjectValue {
  /// A value of the same type, shape and fields, where they are known; its numbers mean nothing.
  package let standIn: Value?

  /// Whether it has as many rows and elements as its stand-in: not the tables of experiments, whose groups depend on what
  /// was found.
  var knowsLength: Bool {
    switch standIn {
    case .table: false
    case .object(let object): !(object is any RowsByContent)
    default: true
    }
  }

  /// - Parameter value: kept when its form alone can be checked: a number could be anything.
  init(like value: Value? = nil) {
    standIn =
      switch value {
      case .object(let object) where object is UnknownValue: value?.asUnknown?.standIn
      case .tensor(let tensor) where tensor.rank > 0: value
      case .list, .record, .table, .object: value
      default: nil
      }
  }

  package var typeName: String { standIn?.typeName ?? "value that is not known yet" }
  package var summary: String { "not computed" }
  package var fields: Record { [:] }
}

/// An object whose rows depend on what was found, not only on what was asked for.
package protocol RowsByContent: ObjectValue {}

extension Value {
  package static func unknown(like value: Value? = nil) -> Value { .object(UnknownValue(like: value)) }

  package var asUnknown: UnknownValue? {
    if case .object(let object) = self { object as? UnknownValue } else { nil }
  }

  var isObject: Bool { if case .object = self { true } else { false } }

  var isTensor: Bool { if case .tensor = self { true } else { false } }

  /// Whether it is a record, table or tensor, which verbs take by their fields and shapes.
  var hasShape: Bool {
    switch self {
    case .record, .table, .tensor: true
    default: false
    }
  }

  /// Whether it is unknown, or has parts that are.
  package var holdsUnknown: Bool {
    switch self {
    case .list(let elements): elements.contains(where: \.holdsUnknown)
    case .record(let record): record.values.contains(where: \.holdsUnknown)
    default: asUnknown != nil
    }
  }
}
