import Tensors

extension Value {
  /// The same value in terms of null, bool, number, string, list, record and tensor: what machine
  /// formats write.
  ///
  /// A range becomes `{lower, upper}` without its upper end, a table `{rows: [{...}]}`, a heat map
  /// `{title, rows, columns, data}`, a pattern plot its words and edges, an object its fields.
  public var data: Value {
    switch self {
    case .null, .bool, .number, .string, .tensor: self
    case .list(let elements): .list(elements.map(\.data))
    case .record(let fields): .record(fields.mapValues(\.data))
    case .range(let range): ["lower": Value(range.lower), "upper": Value(range.upper)]
    case .table(let table): ["rows": .list(table.records.map { .record($0.mapValues(\.data)) })]
    case .figure(.heatmap(let map)): map.data
    case .figure(.patterns(let plot)): plot.data
    case .object(let object): .record(object.fields.mapValues(\.data))
    }
  }
}

extension Table {
  /// One record a row, fields in the order of the columns.
  public var records: [Record] {
    rows.map { Record(uniqueKeysWithValues: zip(columns, $0)) }
  }
}

extension Heatmap {
  var data: Value {
    [
      "title": .string(title), "rows": .strings(rowLabels), "columns": .strings(columnLabels),
      "data": .tensor(values),
    ]
  }
}
