import ExactText
import Results

/// A value taken apart into named arrays, for formats that hold several.
///
/// A record's fields under their keys, those of nested records as `outer.inner`; the columns of a
/// table or of a list of records; another value whole, under its name.
struct ArrayFields {
  /// `array` is nil where the value is none.
  private(set) var entries: [(key: String, value: Value, array: ArrayData?)] = []

  /// nil when there is nothing numeric, so that the file would hold only text.
  init?(_ value: Value, name: String) throws {
    switch value.tabular {
    case .record, .figure, .object: try append(value.data, key: "", isOutermost: true)
    case .table(let table): try append(RecordColumns(table))
    default:
      if let records = try value.records {
        try append(RecordColumns(records: records))
      } else {
        entries.append((name, value, try ArrayData(value)))
      }
    }
    guard entries.contains(where: { $0.array?.isNumeric == true }) else { return nil }
  }

  private mutating func append(_ columns: RecordColumns) throws {
    for (key, cells) in zip(columns.names, columns.columns) {
      try append(Value.list(cells).data, key: key)
    }
  }

  private mutating func append(
    _ value: Value, key: String, isOutermost: Bool = false
  ) throws {
    guard case .record(let fields) = value, isOutermost || !fields.isEmpty else {
      return entries.append((key, value, try ArrayData(value)))
    }
    for (inner, field) in fields {
      try append(field, key: isOutermost ? inner : "\(key).\(inner)")
    }
  }
}
