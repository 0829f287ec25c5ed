import Results

extension Interpreter {
  /// `value` with the numbers in the place of each object that stands for some, as nodes do, also within lists, records and tables.
  ///
  /// - Throws: what reading an activation throws, also for a set of several nodes.
  func withTensors(_ value: Value, verb: String) throws -> Value {
    switch value {
    case .object(let object):
      return try domain.tensor(of: object, for: verb, in: self).map(Value.tensor) ?? value
    case .list(let elements): return .list(try elements.map { try withTensors($0, verb: verb) })
    case .record(let record): return .record(try record.mapValues { try withTensors($0, verb: verb) })
    case .table(let table):
      let rows = try table.rows.map { try $0.map { try withTensors($0, verb: verb) } }
      return .table(Table(columns: table.columns, rows: rows))
    case .null, .bool, .number, .string, .range, .tensor, .figure: return value
    }
  }
}
