import Faults
import JSONReading
import Results
import Tensors

/// Writes values as JSON (RFC 8259), UTF-8.
///
/// Numbers and elements of tensors by ``formatNumber(_:)``, so that they read back exactly. JSON has no notation for NaN
/// and infinities: they become null, or in the dialect of saved files `NaN`, `Infinity` and `-Infinity`, which
/// ``JSONReader`` reads, as do Python's json module, pandas and jq. Fields keep their order.
package struct JSONText {
  private var text = ""
  private let dialect: JSONDialect
  private let isPretty: Bool
  private var indentation = 0

  private init(_ dialect: JSONDialect, isPretty: Bool) { (self.dialect, self.isPretty) = (dialect, isPretty) }

  /// `value` without a final newline; on one line unless `isPretty`.
  ///
  /// - Parameter isPretty: two spaces a level; lists of scalars stay on one line.
  /// - Throws: ``Interrupted``.
  package static func string(
    _ value: Value, _ dialect: JSONDialect = .strict, isPretty: Bool = false
  ) throws -> String {
    var writer = JSONText(dialect, isPretty: isPretty)
    try writer.append(value.data)
    return writer.text
  }

  private mutating func append(_ value: Value) throws {
    switch value {
    case .bool(let flag): text += flag ? "true" : "false"
    case .number(let number): append(number)
    case .string(let string): try append(string)
    case .list(let elements): try append(elements)
    case .record(let record): try append(record)
    case .tensor(let tensor): try append(tensor)
    // `Value.data` leaves none of the others.
    case .null, .range, .table, .figure, .object: text += "null"
    }
  }

  private mutating func append(_ number: Double) {
    text += number.isFinite ? formatNumber(number) : notFinite(number)
  }

  private func notFinite(_ number: Double) -> String {
    guard dialect.namesNumbers else { return "null" }
    return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
  }

  private mutating func append(_ element: Float) {
    text += element.isFinite ? formatNumber(element) : notFinite(Double(element))
  }

  private mutating func append(_ string: String) throws {
    var steps = Steps()
    text += "\""
    for scalar in string.unicodeScalars {
      try steps.next()
      appendJSON(scalar, to: &text)
    }
    text += "\""
  }

  private mutating func append(_ record: Record) throws {
    let isInline = record.isEmpty
    try append(Array(record), "{", "}", isInline: isInline) { writer, field in
      try writer.append(field.key)
      writer.text += ": "
      try writer.append(field.value)
    }
  }

  private mutating func append(_ elements: [Value]) throws {
    let isInline = elements.allSatisfy(\.isJSONScalar)
    try append(elements, "[", "]", isInline: isInline) { try $0.append($1) }
  }

  private mutating func append(_ tensor: Tensor) throws {
    guard let count = tensor.shape.first else { return append(tensor.values[0]) }
    if tensor.rank == 1 {
      try append(tensor.values, "[", "]", isInline: true) { $0.append($1) }
    } else {
      try append(Array(0..<count), "[", "]", isInline: count == 0) { try $0.append(tensor[$1]) }
    }
  }

  private mutating func append<Element>(
    _ elements: [Element], _ open: String, _ close: String, isInline: Bool,
    each: (inout JSONText, Element) throws -> Void
  ) throws {
    var steps = Steps()
    let breaksLines = isPretty && !isInline
    text += open
    indentation += 1
    for (index, element) in elements.enumerated() {
      try steps.next()
      if index > 0 { text += breaksLines ? "," : ", " }
      if breaksLines { newLine() }
      try each(&self, element)
    }
    indentation -= 1
    if breaksLines { newLine() }
    text += close
  }

  private mutating func newLine() { text += "\n" + spaces(2 * indentation) }
}

extension Value {
  fileprivate var isJSONScalar: Bool {
    switch self {
    case .list, .record: false
    case .tensor(let tensor): tensor.rank == 0
    default: true
    }
  }
}
