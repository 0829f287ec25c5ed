import Faults
import Results
import Scripting
import Tensors

extension Interpreter {
  /// `value[...]`: tensors take one subscript a dimension, lists, strings and tables an index or a range,
  /// records and tables a name.
  func element(of whole: Value, at subscripts: [Subscript]) throws -> Value {
    try element(of: whole, at: try subscripts.map(place))
  }

  /// A subscript that was evaluated; without a value it is `:`.
  struct Place {
    let value: Value?
    let span: Span
  }

  func place(_ subscripted: Subscript) throws -> Place {
    switch subscripted {
    case .all(let span): Place(value: nil, span: span)
    case .index(let expression): Place(value: try evaluate(expression), span: expression.span)
    }
  }

  func element(of whole: Value, at subscripts: [Place]) throws -> Value {
    let value = try known(whole)
    if whole.asUnknown?.knowsLength == false { throw ComputationSkipped() }
    if case .tensor(let tensor) = value {
      let places = try subscripts.map(tensorSubscript)
      let element = try tensor.sliced(places.map { $0 ?? .all })
      if places.contains(where: { $0 == nil }) { throw ComputationSkipped() }
      return Value(unwrapping: element)
    }
    guard subscripts.count == 1, let index = subscripts[0].value else {
      throw ValueFault.wrongType(
        expected: "a tensor", found: value.typeName, what: "a subscript with several places or `:`")
    }
    return try part(of: value, at: try known(index), subscripts[0].span)
  }

  private func part(of value: Value, at index: Value, _ span: Span) throws -> Value {
    switch (value, index) {
    case (.list(let elements), .number):
      return elements[try position(index, at: span, count: elements.count)]
    case (.list(let elements), .range(let range)):
      let bounds = try bounds(range, count: elements.count)
      return .list(try elements[bounds].interruptibleMap { $0 })
    case (.range(let whole), .number):
      return .number(Double(whole.lower + (try position(index, at: span, count: whole.count))))
    case (.record, .string(let name)), (.table, .string(let name)), (.object, .string(let name)):
      let fields = try fields(of: value)
      if let found = fields[name] { return found }
      throw NameFault.unknownField(name, of: value.typeName, known: Array(fields.keys))
    case (.string(let text), .number):
      let place = try position(index, at: span, count: try text.interruptibleCount)
      return .string(String(text[try text.interruptibleIndex(place)]))
    case (.string(let text), .range(let range)):
      let bounds = try bounds(range, count: try text.interruptibleCount)
      let (start, end) = try (
        text.interruptibleIndex(bounds.lowerBound), text.interruptibleIndex(bounds.upperBound)
      )
      return .string(String(text[start..<end]))
    case (.object(let object), _):
      guard let elements = object.elements else { return try rows(of: value, at: index, span) }
      return try part(of: .list(elements), at: index, span)
    default: return try rows(of: value, at: index, span)
    }
  }

  /// One row of a table as a record, or some as a table.
  private func rows(of value: Value, at index: Value, _ span: Span) throws -> Value {
    switch (value.tabular, index) {
    case (.table(let table), .number):
      let row = table.rows[try position(index, at: span, count: table.rows.count)]
      return .record(Record(uniqueKeysWithValues: zip(table.columns, row)))
    case (.table(let table), .range(let range)):
      return .table(
        Table(columns: table.columns, rows: Array(table.rows[try bounds(range, count: table.rows.count)])))
    default: throw ValueFault.badOperands("[ ]", value.typeName, index.typeName)
    }
  }

  /// nil for one that a check does not know.
  func tensorSubscript(_ place: Place) throws -> TensorSubscript? {
    guard let value = place.value else { return .all }
    if let unknown = value.asUnknown, unknown.standIn == nil { return nil }
    if case .range(let range) = value { return .range(range.lower..<range.upper) }
    return .index(try wholeNumber(value, at: place.span))
  }

  /// Negative positions count from the end.
  func position(_ value: Value, at span: Span, count: Int) throws -> Int {
    let index = try wholeNumber(value, at: span)
    let position = index < 0 ? index + count : index
    guard (0..<count).contains(position) else {
      throw ValueFault.indexOutOfRange(index, count: count).located(span)
    }
    return position
  }

  func bounds(_ range: IntegerRange, count: Int) throws -> Range<Int> {
    guard range.lower >= 0, range.upper <= count else {
      throw ValueFault.indexOutOfRange(range.lower < 0 ? range.lower : range.upper - 1, count: count)
    }
    return range.lower..<range.upper
  }
}
