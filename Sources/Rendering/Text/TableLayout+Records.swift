import ExactText
import Faults
import Results
import Tensors

extension TableLayout {
  /// Scalars as aligned `key  value` lines, lists of one length side by side as a table, the rest
  /// under its key, indented; everything in the order of the fields.
  func lines(_ record: Record, width: Int) throws -> [StyledText] {
    if record.isEmpty { return ["{}"] }
    if let rows = try namedRows(record) { return try lines(rows, width: width) }
    let parts = try parts(of: record, width: width)
    let keyWidth =
      parts.compactMap { if case .line(let key, _) = $0 { displayWidth(key) } else { nil } }.max() ?? 0
    var blocks = Blocks()
    for part in parts {
      switch part {
      case .line(let key, let text): blocks.append(["\(padRight(key, to: keyWidth))  \(text)"])
      case .table(let columns, let count): blocks.append(table: try grid(columns, count: count, width: width))
      case .block(let key, let value):
        let inner = try lines(value, width: max(1, width - 2)).map { $0.isEmpty ? "" : "  " + $0 }
        blocks.append([options.bold(key)] + inner)
      }
    }
    return blocks.lines
  }

  /// How a part of a record is laid out; keys are without control characters.
  enum RecordPart {
    case line(key: String, text: String)
    /// Lists of one length.
    case table([(String, [Value])], count: Int)
    case block(key: String, Value)
  }

  /// The parts in the order of the fields.
  func parts(of record: Record, width: Int) throws -> [RecordPart] {
    let groups = try listGroups(record, width: width)
    let longestKey = record.keys.map { displayWidth($0.escapingControls) }.max() ?? 0
    var parts: [RecordPart] = []
    for (key, value) in record {
      let count = try value.elements?.count ?? 0
      if let group = groups[count], group.keys.contains(key) {
        if group.keys.first == key { parts.append(.table(Array(group), count: count)) }
      } else if try isScalar(value) || isShort(value, width: width - longestKey - 2) {
        parts.append(.line(key: key.escapingControls, text: try inline(value)))
      } else {
        parts.append(.block(key: key.escapingControls, value))
      }
    }
    return parts
  }

  /// The lists that print together, by length: two or more of one length, or a long one.
  private func listGroups(_ record: Record, width: Int) throws -> [Int: NameTable<[Value]>] {
    var groups: [Int: NameTable<[Value]>] = [:]
    for (key, value) in record {
      guard let elements = try value.elements, !elements.isEmpty,
        try elements.interruptibleAllSatisfy(fitsCell)
      else { continue }
      groups[elements.count, default: [:]][key] = elements
    }
    return try groups.filter { _, group in
      guard group.count == 1, let key = group.keys.first, let value = record[key] else { return true }
      return try isLongList(value, width: width)
    }
  }

  /// A list of scalars too long for one line. A lone tensor prints as a tensor instead.
  private func isLongList(_ value: Value, width: Int) throws -> Bool {
    guard case .list(let elements) = value, elements.count > 1 else { return false }
    return try elements.interruptibleAllSatisfy(isScalar) && !isShort(value, width: width)
  }

  /// A record of records with the same scalar fields as rows, their names in the first column.
  func namedRows(_ record: Record) throws -> RecordColumns? {
    guard record.count > 1 else { return nil }
    var rows: [Record] = []
    var keys: NameList?
    for (name, value) in record {
      guard case .record(let fields) = value, !fields.isEmpty, fields.values.allSatisfy(isScalar),
        keys == nil || keys == fields.keys, fields[""] == nil
      else { return nil }
      keys = fields.keys
      var row: Record = ["": .string(name)]
      row.merge(fields) { $1 }
      rows.append(row)
    }
    return try RecordColumns(records: rows)
  }
}

/// Lines of a record's fields, with an empty line on both sides of a table.
private struct Blocks {
  private(set) var lines: [StyledText] = []
  private var endsWithTable = false

  mutating func append(_ block: [StyledText]) {
    if endsWithTable { lines.append("") }
    lines += block
    endsWithTable = false
  }

  mutating func append(table: [StyledText]) {
    if !lines.isEmpty { lines.append("") }
    lines += table
    endsWithTable = true
  }
}
