import Faults
import ExactText
import Results
import Tensors

/// A list of records, or a record of equally long lists, as columns: what tables and CSV show.
struct RecordColumns {
  private(set) var names: [String] = []
  /// One list a column, all equally long.
  private(set) var columns: [[Value]] = []
  private(set) var mixesQuantities = false

  /// The union of the records' keys, in order of first appearance. Fields of nested records
  /// become columns of their own, `outer.inner`; a missing field is null.
  ///
  /// - Throws: ``Interrupted``.
  init(records: [Record]) throws {
    var steps = Steps()
    var columns = NameTable<[Value]>()
    for (row, record) in records.enumerated() {
      try steps.next()
      for (key, value) in Self.flatten(record) {
        columns[key, default: []].append(contentsOf: Self.nulls(row - columns[key, default: []].count))
        columns[key]?.append(value)
      }
    }
    for (key, cells) in columns {
      names.append(key)
      self.columns.append(cells + Self.nulls(records.count - cells.count))
    }
  }

  init(names: [String], columns: [[Value]]) {
    self.names = names
    self.columns = columns
  }

  init(_ table: Table) throws {
    names = table.columns
    columns = try table.columns.indices.map { index in try table.rows.interruptibleMap { $0[index] } }
    mixesQuantities = table.mixesQuantities
  }

  var rowCount: Int { columns.first?.count ?? 0 }

  private static func nulls(_ count: Int) -> [Value] { Array(repeating: .null, count: max(0, count)) }

  private static func flatten(_ record: Record) -> [(String, Value)] {
    record.flatMap { key, value -> [(String, Value)] in
      guard case .record(let inner) = value, !inner.isEmpty else { return [(key, value)] }
      return flatten(inner).map { ("\(key).\($0)", $1) }
    }
  }
}

extension Value {
  /// The records of a list that has nothing else; nil when it is another value or empty.
  ///
  /// - Throws: ``Interrupted``.
  var records: [Record]? {
    get throws {
      guard case .list(let elements) = self, !elements.isEmpty else { return nil }
      var records: [Record] = []
      var steps = Steps()
      for element in elements {
        try steps.next()
        guard case .record(let record) = element else { return nil }
        records.append(record)
      }
      return records
    }
  }

  /// The elements of a list or of a tensor of rank 1; nil for other values.
  ///
  /// - Throws: ``Interrupted``.
  var elements: [Value]? {
    get throws {
      switch self {
      case .list(let elements): elements
      case .tensor(let tensor) where tensor.rank == 1:
        try tensor.values.interruptibleMap { .number($0.asWritten) }
      default: nil
      }
    }
  }

  /// The number that this is, counting a tensor of rank 0; nil for other values.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .tensor(let tensor) where tensor.rank == 0: tensor.values.first.map { $0.asWritten }
    default: nil
    }
  }

  var isNull: Bool {
    if case .null = self { true } else { false }
  }
}
