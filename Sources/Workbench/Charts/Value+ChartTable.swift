import ExactText
import Faults
import Results
import Tensors

extension Value {
  /// What a chart is drawn of: a table, the table of a result, the rows of records, the lists of a record that are equally long,
  /// or numbers beside their indices; nil for what has no rows.
  ///
  /// - Throws: ``Interrupted``.
  var chartTable: Table? {
    get throws {
      if let table { return table }
      switch self {
      case .list(let elements): return try Self.table(ofElements: elements)
      case .tensor(let tensor) where tensor.rank == 1: return try Self.table(ofElements: elements() ?? [])
      case .record(let record):
        if let rows = record["rows"], case .list = rows { return try rows.chartTable }
        return try Self.table(ofLists: record)
      case .object(let object):
        if let sheet = object.sheet { return sheet }
        return try object.fields["rows"].flatMap { if case .list = $0 { try $0.chartTable } else { nil } }
      default: return nil
      }
    }
  }

  private func elements() throws -> [Value]? {
    switch self {
    case .list(let elements): elements
    case .tensor(let tensor) where tensor.rank == 1:
      try (0..<tensor.count).interruptibleMap { Value(tensor.values[$0]) }
    default: nil
    }
  }

  /// Records with the fields of all of them, null where one has none; or numbers.
  private static func table(ofElements elements: [Value]) throws -> Table? {
    if let numbers = try numbers(elements) {
      let rows = try numbers.enumerated().interruptibleMap { [Value($0), .number($1 ?? .nan)] }
      return Table(columns: ["index", "value"], rows: rows)
    }
    var names = NameList([])
    let records = try elements.interruptibleMap { element -> Record? in
      guard case .record(let record) = element else { return nil }
      names.append(contentsOf: record.keys)
      return record
    }.compactMap(\.self)
    guard records.count == elements.count else { return nil }
    let columns = Array(names)
    return Table(
      columns: columns, rows: try records.interruptibleMap { row in columns.map { row[$0] ?? .null } })
  }

  /// nil where something else than numbers and null is among them, or nothing.
  private static func numbers(_ elements: [Value]) throws -> [Double?]? {
    guard !elements.isEmpty else { return nil }
    let isNumeric = try elements.interruptibleAllSatisfy { $0.chartNumber != nil || $0.isMissing }
    return isNumeric ? elements.map(\.chartNumber) : nil
  }

  /// The lists of the length that most of them have, of several such lengths the first.
  private static func table(ofLists record: Record) throws -> Table? {
    let lists = try record.compactMap { name, value in try value.elements().map { (name, $0) } }
    let counts = Dictionary(lists.map { ($0.1.count, 1) }, uniquingKeysWith: +)
    let most = counts.values.max()
    guard let length = lists.first(where: { counts[$0.1.count] == most })?.1.count else { return nil }
    let chosen = lists.filter { $0.1.count == length }
    return Table(
      columns: chosen.map(\.0), rows: try (0..<length).interruptibleMap { row in chosen.map { $0.1[row] } })
  }

  var chartNumber: Double? {
    switch self {
    case .number(let number): number
    case .tensor(let tensor) where tensor.rank == 0: tensor.values.first.map(Double.init)
    default: nil
    }
  }

  var isMissing: Bool { if case .null = self { true } else { false } }

  /// A cell as a name on an axis or of a series; nil for what is more than a word.
  var chartName: String? {
    switch self {
    case .null: "null"
    case .string(let text): text
    case .bool(let flag): flag ? "true" : "false"
    default: chartNumber.map { shown($0) }
    }
  }
}
