import Results

extension Interpreter {
  /// `value` with the activation in the place of each node, also within lists, records and tables.
  ///
  /// - Throws: what reading an activation throws, also for a set of several nodes.
  func withActivations(_ value: Value, verb: String) throws -> Value {
    switch value {
    case .object(let object):
      guard let set = object as? NodeSet else { return value }
      return .tensor(try activation(of: set, verb: verb))
    case .list(let elements): return .list(try elements.map { try withActivations($0, verb: verb) })
    case .record(let record): return .record(try record.mapValues { try withActivations($0, verb: verb) })
    case .table(let table):
      let rows = try table.rows.map { try $0.map { try withActivations($0, verb: verb) } }
      return .table(Table(columns: table.columns, rows: rows))
    case .null, .bool, .number, .string, .range, .tensor, .figure: return value
    }
  }
}
