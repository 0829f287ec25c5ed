import ExactText
import Faults
import Results
import Scripting
import Tensors

/// Parts of values that an assignment changes.
extension Interpreter {
  /// Changes a part of a value in place; when it throws, the value is as before.
  func change(_ value: inout Value, _ parts: ArraySlice<Part>, to new: Value) throws {
    guard let part = parts.first else { return value = new }
    let rest = parts.dropFirst()
    if var elements = value.takeList() {
      defer { value = .list(elements) }
      try change(&elements, part, rest, to: new)
    } else if var record = value.takeRecord() {
      defer { value = .record(record) }
      try change(&record, part, rest, to: new)
    } else if var tensor = value.takeTensor() {
      defer { value = .tensor(tensor) }
      try change(&tensor, part, rest, to: new)
    } else if var table = value.takeTable() {
      defer { value = .table(table) }
      try change(&table, part, rest, to: new)
    } else {
      if value.asUnknown != nil { throw ComputationSkipped() }
      throw ValueFault.unchangeable(value.typeName, isTable: value.table != nil).located(part.span)
    }
  }

  private func change(
    _ elements: inout [Value], _ part: Part, _ rest: ArraySlice<Part>, to new: Value
  ) throws {
    let index = try index(part, of: "list")
    if case .range(let range) = index, rest.isEmpty {
      let bounds = try bounds(range, count: elements.count)
      guard case .list(let values) = new.tabular, values.count == bounds.count else {
        throw ValueFault.unlikeSlice(bounds.count, found: new.countedType).located(part.span)
      }
      elements.replaceSubrange(bounds, with: values)
      return
    }
    let place = try position(index, at: part.span, count: elements.count)
    try change(&elements[place], rest, to: new)
  }

  private func change(_ record: inout Record, _ part: Part, _ rest: ArraySlice<Part>, to new: Value) throws {
    let key = try key(part, of: "record")
    if rest.isEmpty { return record.update(new, named: key) }
    guard record[key] != nil else {
      throw NameFault.unknownField(key, of: "record", known: Array(record.keys)).located(part.span)
    }
    var field = record.take(key)
    defer { record.update(field, named: key) }
    try change(&field, rest, to: new)
  }

  private func change(_ tensor: inout Tensor, _ part: Part, _ rest: ArraySlice<Part>, to new: Value) throws {
    guard case .element(let places, let span) = part else {
      throw ValueFault.unchangeableField(of: "tensor").located(part.span)
    }
    let subscripts = try places.map { place in
      guard let subscripted = try tensorSubscript(place) else { throw ComputationSkipped() }
      return subscripted
    }
    var inner = new
    if !rest.isEmpty {
      inner = Value(unwrapping: try tensor.sliced(subscripts))
      try change(&inner, rest, to: new)
    }
    let values = try Function.tensor(of: try known(inner))
    try locating(span) { try tensor.assign(values, to: subscripts) }
  }

  /// The place in a list, or of a row.
  private func index(_ part: Part, of what: String) throws -> Value {
    guard case .element(let places, let span) = part else {
      throw ValueFault.unchangeableField(of: what).located(part.span)
    }
    guard places.count == 1, let index = places[0].value else {
      throw ValueFault.wrongType(expected: "one place", found: "several or `:`", what: "a \(what)").located(
        span)
    }
    return try known(index)
  }

  private func key(_ part: Part, of what: String) throws -> String {
    if case .field(let name) = part { return name.name }
    let index = try index(part, of: what)
    guard case .string(let key) = index else {
      throw ValueFault.wrongType(
        expected: "the name of a field in quotes", found: index.typeName, what: "a \(what)"
      ).located(part.span)
    }
    return key
  }
}

// MARK: Tables
extension Interpreter {
  private func change(_ table: inout Table, _ part: Part, _ rest: ArraySlice<Part>, to new: Value) throws {
    if case .element = part, case .number = try index(part, of: "table") {
      return try changeRow(&table, part, rest, to: new)
    }
    let name = try key(part, of: "table")
    if let index = rest.first, case .element = index, case .number = try self.index(index, of: "column") {
      let column = try self.column(name, of: table, at: part.span)
      let row = try position(try self.index(index, of: "column"), at: index.span, count: table.rows.count)
      return try table.change(row: row, column: column) { try change(&$0, rest.dropFirst(), to: new) }
    }
    var cells = rest.isEmpty ? new : .list(try table.column(name) ?? [])
    if !rest.isEmpty {
      _ = try column(name, of: table, at: part.span)
      try change(&cells, rest, to: new)
    }
    table = try table.withColumn(name, try Function.cells(cells, count: table.rows.count, at: part.span))
  }

  private func changeRow(_ table: inout Table, _ part: Part, _ rest: ArraySlice<Part>, to new: Value) throws {
    let row = try position(try index(part, of: "table"), at: part.span, count: table.rows.count)
    if let field = rest.first {
      let column = try column(try key(field, of: "row"), of: table, at: field.span)
      return try table.change(row: row, column: column) { try change(&$0, rest.dropFirst(), to: new) }
    }
    guard case .record(let record) = new else {
      throw ValueFault.wrongType(expected: "a record", found: new.typeName, what: "a row").located(part.span)
    }
    let cells = table.columns.compactMap { record[$0] }
    guard cells.count == table.columns.count, record.count == cells.count else {
      throw TableFault.unlikeRow(Array(record.keys), columns: table.columns).located(part.span)
    }
    table.replaceRow(row, by: cells)
  }

  private func column(_ name: String, of table: Table, at span: Span) throws -> Int {
    guard let column = table.columns.firstIndex(of: name) else {
      throw NameFault.unknownField(name, of: "table", known: table.columns).located(span)
    }
    return column
  }
}

/// What a value holds, taken out of it, so that it is not copied when it changes; nil, and the value as before, for one of
/// another kind. Each is a function so that nothing keeps the value when it has returned.
extension Value {
  fileprivate mutating func takeList() -> [Value]? {
    guard case .list(let elements) = self else { return nil }
    self = .null
    return elements
  }

  fileprivate mutating func takeRecord() -> Record? {
    guard case .record(let record) = self else { return nil }
    self = .null
    return record
  }

  fileprivate mutating func takeTensor() -> Tensor? {
    guard case .tensor(let tensor) = self else { return nil }
    self = .null
    return tensor
  }

  fileprivate mutating func takeTable() -> Table? {
    guard case .table(let table) = self else { return nil }
    self = .null
    return table
  }
}

extension Record {
  fileprivate mutating func take(_ key: String) -> Value {
    let value = self[key] ?? .null
    update(.null, named: key)
    return value
  }
}

extension Value {
  /// `a list of 3`, `a number`
  fileprivate var countedType: String {
    if case .list(let elements) = tabular { return "a list of \(elements.count)" }
    return withArticle(typeName)
  }
}
