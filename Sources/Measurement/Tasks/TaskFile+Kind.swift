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
      guard layout == .tabs else { return try RowFields(JSONField(document: Array(text.utf8))) }
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
    if layout == .objects, let kind = try kindOfObjects() { return kind }
    var counts: [Int: Int] = [:]
    for record in records { counts[try columnCount(of: record), default: 0] += 1 }
    let isTable = path.hasExtension("tsv") || path.hasExtension("csv") || layout == .objects
    var kinds: [(kind: MeasurementTask.Kind, columns: Int)] = [(.masked, 5), (.masked, 6), (.labels, 2)]
    if hasMasks { kinds.append((.masked, 3)) }
    if isTable { kinds.append((.pairs, 4)) }
    if layout == .objects { kinds.append((.text, 1)) }
    let found = kinds.map { counts[$0.columns] ?? 0 }
    let most = found.max() ?? 0
    if most >= (isTable ? 1 : records.count / 2 + 1), let index = found.firstIndex(of: most) {
      return try kinds[index].kind == .labels && holdAlikeTexts() ? .pairs : kinds[index].kind
    }
    if path.hasExtension("txt") { return .text }
    throw unknownFormat(try unlessItFails { try fields(of: records[0]) })
  }

  private func unknownFormat(_ firstRow: RowFields?) -> TaskFault {
    .unknownFormat(path: path, firstRow: firstRow?.shown ?? "")
  }

  /// By the first row that can be read; nil for rows that are lists. Where there is none the file is taken for pairs, so
  /// that messages say what is missing, and so is a file whose objects have one sentence of them.
  private func kindOfObjects() throws -> MeasurementTask.Kind? {
    var first: RowFields?
    for record in records {
      first = try unlessItFails { try fields(of: record) }
      if first != nil { break }
    }
    guard let first else { return .pairs }
    guard case .object = first else { return nil }
    if let kind = TaskColumn.kind(ofColumns: first.names) { return kind }
    let isHalfAPair = [TaskColumn.good, .bad].contains { $0.index(in: first.names) != nil }
    if isHalfAPair { return .pairs }
    throw unknownFormat(first)
  }

  /// Whether most rows of two columns are two texts with half of their words in common, as minimal pairs are; a label is
  /// nothing like its sentence. The first thousand tell.
  private func holdAlikeTexts() throws -> Bool {
    var (alike, others) = (0, 0)
    for record in records.prefix(1000) {
      guard case .list(let fields)? = try unlessItFails({ try self.fields(of: record) }), fields.count == 2
      else { continue }
      let (first, second) = (Self.words(fields[0]), Self.words(fields[1]))
      var rest = second
      let common = first.count { word in
        guard let index = rest.firstIndex(of: word) else { return false }
        rest.remove(at: index)
        return true
      }
      let isAlike = min(first.count, second.count) > 1 && 2 * common >= max(first.count, second.count)
      if isAlike { alike += 1 } else { others += 1 }
    }
    return alike > others
  }

  /// Those that a sentence begins with are enough.
  private static func words(_ text: String) -> [Name] {
    text.split(whereSeparator: \.isWhitespace).prefix(100).map { Name(String($0)) }
  }

  /// Refuses answers that are numbers of entries alone.
  func requireWords() throws {
    let columns =
      try header ?? records.first.flatMap { first in try unlessItFails { try fields(of: first).names } } ?? []
    guard TaskColumn.correct.index(in: columns) == nil,
      let right = TaskColumn.correctID.index(in: columns), let wrong = TaskColumn.wrongID.index(in: columns)
    else { return }
    throw TaskFault.answersAreIDs(path: path, columns: [columns[right], columns[wrong]])
  }

  private func columnCount(of record: Record) throws -> Int {
    if layout == .objects {
      guard case .list(let fields)? = try unlessItFails({ try self.fields(of: record) }) else { return 0 }
      return fields.count
    }
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

  /// A row of JSON: an object, a list of texts or a text.
  ///
  /// - Throws: `JSONProblem`.
  init(_ row: JSONField) throws {
    switch row.value {
    case .array: self = .list(try row.elements().map { try $0.text(isNumber: true) })
    case .string(let text): self = .list([text])
    default:
      _ = try row.members()
      self = .object(row)
    }
  }

  /// Of the columns; empty where they have none.
  var names: [String] {
    switch self {
    case .list: []
    case .named(let names, _): names
    case .object(let object): (try? object.members().map(\.key)) ?? []
    }
  }

  /// The first few columns, each cut.
  var shown: String {
    let most = 8
    let parts: [String] =
      switch self {
      case .list(let fields), .named(_, let fields): fields.map(Self.cut)
      case .object(let object):
        ((try? object.members()) ?? []).map { key, field in
          if case .string(let text) = field.value { return "\(Self.cut(key)): \(Self.cut(text))" }
          return "\(Self.cut(key)): \(field.value.description)"
        }
      }
    let more = parts.count > most ? " and \(parts.count - most) more" : ""
    return parts.prefix(most).joined(separator: ", ") + more
  }

  private static func cut(_ text: String) -> String {
    let longest = 24
    return quoted(text.count > longest ? text.prefix(longest) + "..." : text)
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
