import ExactText
import Faults
import JSONReading

extension TaskFile {
  /// What a record has in its columns.
  ///
  /// - Throws: ``RowFault``
  func fields(of record: Record) throws -> RowFields {
    switch record.content {
    case .bad(let fault): throw fault
    case .fields(let fields): return header.map { .named($0, fields) } ?? .list(fields)
    case .bytes(let bytes):
      let text = try Self.text(bytes)
      guard layout == .tabs else { return .object(try JSONField(document: Array(text.utf8))) }
      if bytes.contains(0x0D) { throw RowFault.control("a carriage return") }
      let fields = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return header.map { .named($0, fields) } ?? .list(fields)
    }
  }

  /// What the rows are: by the names of the columns, else by how many columns most rows have, else by the extension.
  ///
  /// A `.tsv` or `.csv` is read by the rows that have 6, 5, 4 or 2 columns even where most have neither.
  func kind() throws -> MeasurementTask.Kind {
    if let kind = header.flatMap(TaskColumn.kind(ofColumns:)) { return kind }
    if layout == .objects { return try kindOfObjects() }
    var counts: [Int: Int] = [:]
    for record in records { counts[try columnCount(of: record), default: 0] += 1 }
    let isTable = path.hasExtension("tsv") || path.hasExtension("csv")
    let kinds: [(kind: MeasurementTask.Kind, columns: Int)] =
      isTable
      ? [(.masked, 5), (.masked, 6), (.labels, 2), (.pairs, 4)]
      : [(.masked, 5), (.masked, 6), (.labels, 2)]
    let found = kinds.map { counts[$0.columns] ?? 0 }
    let most = found.max() ?? 0
    if most >= (isTable ? 1 : records.count / 2 + 1), let index = found.firstIndex(of: most) {
      return kinds[index].kind
    }
    if path.hasExtension("txt") { return .text }
    throw TaskFault.unknownFormat(
      path: path, columns: try unlessItFails { try fields(of: records[0]).shown } ?? [])
  }

  /// By the first object that can be read; a `.jsonl` whose objects tell nothing holds pairs, so that messages say what
  /// is missing.
  private func kindOfObjects() throws -> MeasurementTask.Kind {
    var first: RowFields?
    for record in records {
      first = try unlessItFails { try fields(of: record) }
      if first != nil { break }
    }
    if let kind = first.flatMap({ TaskColumn.kind(ofColumns: $0.shown) }) { return kind }
    if path.hasExtension("jsonl") || first == nil { return .pairs }
    throw TaskFault.unknownFormat(path: path, columns: first?.shown ?? [])
  }

  /// Refuses answers that are numbers of entries alone.
  func requireWords() throws {
    let columns =
      try header ?? records.first.flatMap { first in try unlessItFails { try fields(of: first).shown } } ?? []
    guard TaskColumn.correct.index(in: columns) == nil,
      let right = TaskColumn.correctID.index(in: columns), let wrong = TaskColumn.wrongID.index(in: columns)
    else { return }
    throw TaskFault.answersAreIDs(path: path, columns: [columns[right], columns[wrong]])
  }

  private func columnCount(of record: Record) throws -> Int {
    switch record.content {
    case .bytes(let line):
      var (count, steps) = (1, Steps())
      for byte in line {
        try steps.next()
        if byte == UInt8(ascii: "\t") { count += 1 }
      }
      return count
    case .fields(let fields): return fields.count
    case .bad: return 0
    }
  }
}

/// The columns of one row.
enum RowFields {
  case list([String])
  /// With the names of the file's first row.
  case named([String], [String])
  case object(JSONField)

  /// The names of the columns, or what is in them where they have none.
  var shown: [String] {
    switch self {
    case .list(let fields): fields
    case .named(let names, _): names
    case .object(let object): (try? object.members().map(\.key)) ?? []
    }
  }

  /// - Throws: ``RowFault`` for another number of columns than names; `JSONProblem`.
  func text(_ column: TaskColumn) throws -> String? {
    switch self {
    case .list: return nil
    case .named(let names, let fields):
      guard names.count == fields.count else {
        throw RowFault.unlikeHeader(expected: names.count, found: fields.count)
      }
      return column.index(in: names).map { fields[$0] }
    case .object(let object):
      let members = try object.members()
      guard let index = column.index(in: members.map(\.key)) else { return nil }
      if column.isOptional, case .null = members[index].field.value { return nil }
      return try members[index].field.text(isNumber: column.mayBeNumber)
    }
  }

  func required(_ column: TaskColumn) throws -> String {
    if let text = try text(column) { return text }
    if case .object(let object) = self { return try object.required(column.names[0]).string() }
    throw RowFault.noColumn(column.names[0])
  }
}

extension JSONField {
  /// A string, or where it may be one a whole number as written: BLiMP has strings, its derivatives numbers.
  fileprivate func text(isNumber: Bool) throws -> String {
    if isNumber, case .number = value { return String(try count()) }
    return try string()
  }
}
