import Faults
import Results
import Tensors

/// How large a value of the language may be: what runs away ends in an error long before memory does.
enum ValueLimits {
  /// UTF-8 bytes of a string.
  static let textBytes = 1 << 24
  /// Elements of a list.
  static let elements = 1 << 20
  /// Elements of a list or record, theirs included. Parts that are shared count each time: that is how often a walk meets them.
  static let nestedElements = 1 << 22
  /// Lists and records in each other; a walk takes stack for each.
  static let depth = 200
}

extension Value {
  /// The value, unless its text or the list itself is too long; takes no time.
  ///
  /// - Throws: ``LimitFault``.
  func sizeChecked() throws -> Value {
    switch self {
    case .string(let text) where text.utf8.count > ValueLimits.textBytes:
      throw LimitFault.textTooLong(limit: ValueLimits.textBytes)
    case .list(let elements) where elements.count > ValueLimits.elements:
      throw LimitFault.tooManyElements(limit: ValueLimits.elements)
    default: return self
    }
  }

  /// The value, unless with all that is in it it is too large or nests too deep for a walk over it.
  ///
  /// - Throws: ``LimitFault``.
  func nestingChecked() throws -> Value {
    var room = ValueLimits.nestedElements
    try count(downFrom: &room, depth: ValueLimits.depth)
    return try sizeChecked()
  }

  /// About what the value takes itself, its parts aside, in bytes; what it shares with another counts as well.
  var shallowBytes: Int {
    switch self {
    case .null, .bool, .number, .range, .figure: 0
    case .string(let text): text.utf8.count
    case .list(let elements): elements.count * MemoryLayout<Value>.stride
    case .record(let record): record.count * 4 * MemoryLayout<Value>.stride
    case .tensor(let tensor): tensor.count * MemoryLayout<Float>.stride
    case .table(let table): table.rows.count * (table.columns.count + 2) * MemoryLayout<Value>.stride
    // Results of a model: some numbers for each token and layer.
    case .object(let object): object is UserFunction ? 1 << 9 : 1 << 14
    }
  }

  private func count(downFrom room: inout Int, depth: Int) throws {
    switch self {
    case .list(let elements):
      try Self.take(elements.count, from: &room, depth)
      var steps = Steps()
      for element in elements {
        try steps.next()
        try element.count(downFrom: &room, depth: depth - 1)
      }
    case .record(let record):
      try Self.take(record.count, from: &room, depth)
      for field in record.values { try field.count(downFrom: &room, depth: depth - 1) }
    case .table(let table):
      try Self.take(table.rows.count * table.columns.count, from: &room, depth)
      var steps = Steps()
      for row in table.rows {
        try steps.next()
        for cell in row { try cell.count(downFrom: &room, depth: depth - 1) }
      }
    case .object(let object):
      guard let function = object as? UserFunction, !function.captured.isEmpty else { return }
      try Self.take(function.captured.count, from: &room, depth)
      for value in function.captured.values { try value.count(downFrom: &room, depth: depth - 1) }
    default: break
    }
  }

  private static func take(_ count: Int, from room: inout Int, _ depth: Int) throws {
    guard depth > 0 else { throw LimitFault.tooDeeplyNested(limit: ValueLimits.depth) }
    room -= count
    guard room >= 0 else { throw LimitFault.tooManyNested(limit: ValueLimits.nestedElements) }
  }
}

extension Sequence {
  /// The elements' texts one behind the other; ends as soon as they are too long for a string.
  ///
  /// - Throws: ``LimitFault``, ``Interrupted`` and what `text` throws.
  func joinedText(separator: String = "", _ text: (Element) throws -> String) throws -> String {
    var steps = Steps()
    var (whole, isFirst) = ("", true)
    for element in self {
      try steps.next()
      if !isFirst { whole += separator }
      whole += try text(element)
      isFirst = false
      guard whole.utf8.count <= ValueLimits.textBytes else {
        throw LimitFault.textTooLong(limit: ValueLimits.textBytes)
      }
    }
    return whole
  }
}
