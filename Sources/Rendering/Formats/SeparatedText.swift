import ExactText
import Faults
import Results
import Tensors

/// Values as rows of cells, for CSV and TSV.
///
/// - A table, a list of records: header and rows; a nested record becomes columns `outer.inner`.
/// - A record of equally long lists: header and rows; with two lists or more scalar fields repeat on every row.
/// - A record with one list of records beside scalars and lists: the rows of that list, the other fields repeat on each.
/// - Another record: `key,value` rows, nested keys as `outer.inner`, list elements as `key.0`.
/// - A tensor or list: rank 1 one column, rank 2 rows, higher ranks `d0,d1,d2,value` rows.
/// - A heat map: rows and columns with their labels; several: a row for each cell.
/// - A pattern plot: its edges. A chart: its points. An object that has a table: that table, or what it calls its sheet.
///
/// A cell that is itself a list holds JSON. Null is an empty cell.
struct SeparatedText {
  let separator: String
  let newline: String
  let encode: @Sendable (String) -> String

  /// RFC 4180: a cell with a comma, quote or line break is quoted, quotes inside are doubled. So are the empty string, which
  /// differs from null, and a text that spells a number or a truth value, which differs from that.
  static let csv = SeparatedText(separator: ",", newline: "\r\n") { text in
    let needsQuotes = text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    guard
      needsQuotes || text.isEmpty || text.first == " " || text.last == " " || SpelledValue(text.utf8) != nil
    else { return text }
    let doubled = text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }

  /// Tab, line break and backslash as `\t`, `\n`, `\r`, `\\`, as PostgreSQL's COPY writes them.
  static let tsv = SeparatedText(separator: "\t", newline: "\n") { text in
    text.unicodeScalars.map { scalar in
      switch scalar {
      case "\t": #"\t"#
      case "\n": #"\n"#
      case "\r": #"\r"#
      case "\\": #"\\"#
      default: String(scalar)
      }
    }.joined()
  }

  /// The same, with `transform` applied to the text of each cell first.
  func mapping(_ transform: @escaping @Sendable (String) -> String) -> SeparatedText {
    SeparatedText(separator: separator, newline: newline) { [encode] in encode(transform($0)) }
  }

  /// - Parameter partial: how much of the whole the rows are, a column of its own; nil for the whole.
  /// - Throws: ``Interrupted``.
  func string(_ value: Value, partial: String? = nil) throws -> String {
    var text = ""
    var steps = Steps()
    for row in try partial.map({ Self.adding("partial", $0, to: try rows(value)) }) ?? rows(value) {
      try steps.next()
      let line = try row.interruptibleMap(cell).joined(separator: separator)
      // A single null must not look like an empty line, which readers skip.
      text += row.count == 1 && line.isEmpty ? encode("") : line
      text += newline
    }
    return text
  }

  private func cell(_ value: Value) throws -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? "true" : "false"
    case .string(let text): encode(text)
    default: try value.number.map(formatNumber) ?? encode(JSONText.string(value))
    }
  }

  private func rows(_ value: Value) throws -> [[Value]] {
    switch value {
    case .null: []
    case .bool, .number, .string, .range: [[value]]
    case .table(let table): try rows(RecordColumns(table))
    case .figure(let figure): try rows(figure)
    case .object(let object):
      try object.sheet.map { stating(object.fields["interventions"], try rows(.table($0))) }
        ?? rows(value.data)
    case .tensor(let tensor): try rows(tensor)
    case .record(let record):
      try stating(
        record["interventions"], rows(record.filter { !Self.statesInterventions($0.key, $0.value) }))
    case .list(let elements):
      try value.records.map { try rows(RecordColumns(records: $0)) }
        ?? elements.interruptibleMap { try $0.records == nil ? $0.elements ?? [$0] : [$0] }
    }
  }

  private func rows(_ figure: Figure) throws -> [[Value]] {
    switch figure {
    case .heatmap(let map): try rows(map)
    case .heatmaps(let grid): try rows(grid)
    case .patterns(let plot): try rows(.table(plot.edgeTable))
    case .chart(let chart): try rows(.table(chart.pointTable))
    case .words(let words):
      [["word", .string(words.axis)]] + words.words.map { [.string($0.text), .number($0.value)] }
    case .several(let figures): try rows(of: figures)
    }
  }

  /// Those with the same columns one below the other, each row behind the number of its drawing; else those of the last, to which
  /// the others are an overview.
  private func rows(of figures: [Figure]) throws -> [[Value]] {
    let parts = try figures.map(rows)
    guard let last = parts.last, let header = last.first else { return [] }
    let names = header.map { "\($0)" }
    guard parts.count > 1, parts.allSatisfy({ $0.first.map { $0.map { "\($0)" } == names } ?? false }) else {
      return last
    }
    return [["figure"] + header]
      + parts.enumerated().flatMap { index, rows in rows.dropFirst().map { [Value(index)] + $0 } }
  }

  /// A row for each cell.
  private func rows(_ grid: HeatmapGrid) throws -> [[Value]] {
    let (rows, columns) = (grid.rowLabels.count, grid.columnLabels.count)
    let header: [Value] = ["panel", .string(grid.rowAxis), .string(grid.columnAxis), "value"]
    return try [header]
      + grid.values.values.enumerated().interruptibleMap { offset, value in
        let (row, column) = (offset / columns % rows, offset % columns)
        return [
          .string(grid.panelLabels[offset / columns / rows]), .string(grid.rowLabels[row]),
          .string(grid.columnLabels[column]), .number(value.asWritten),
        ]
      }
  }

  /// Adds a column that tells what the rows were computed under, so that they differ from those of the intact network.
  private func stating(_ interventions: Value?, _ rows: [[Value]]) -> [[Value]] {
    guard let interventions, Self.statesInterventions("interventions", interventions), rows.count > 1,
      case .list(let names) = interventions
    else { return rows }
    let texts = names.compactMap { if case .string(let text) = $0 { text } else { nil } }
    return Self.adding("interventions", texts.joined(separator: "; "), to: rows)
  }

  /// Adds a column with one text on every row below the header.
  private static func adding(_ column: String, _ text: String, to rows: [[Value]]) -> [[Value]] {
    rows.indices.map { rows[$0] + [.string($0 == 0 ? column : text)] }
  }

  private static func statesInterventions(_ key: String, _ value: Value) -> Bool {
    guard key == "interventions", case .list(let names) = value, !names.isEmpty else { return false }
    return names.allSatisfy { if case .string = $0 { true } else { false } }
  }

  private func rows(_ columns: RecordColumns) throws -> [[Value]] {
    try [columns.names.map { .string($0) }]
      + (0..<columns.rowCount).interruptibleMap { row in columns.columns.map { $0[row] } }
  }

  private func rows(_ map: Heatmap) throws -> [[Value]] {
    let corner = Value.string("\(map.rowAxis)/\(map.columnAxis)")
    var rows = [[corner] + map.columnLabels.map(Value.string)]
    for (index, label) in map.rowLabels.enumerated() {
      rows.append([Value.string(label)] + (try Value.tensor(map.values[index]).elements ?? []))
    }
    return rows
  }

  private func rows(_ tensor: Tensor) throws -> [[Value]] {
    switch tensor.rank {
    case 0, 1: return try tensor.interruptibleValues { [.number($0.asWritten)] }
    case 2: return try (0..<tensor.shape[0]).map { try Value.tensor(tensor[$0]).elements ?? [] }
    default:
      let names = tensor.shape.indices.map { "d\($0)" } + ["value"]
      return try [names.map { .string($0) }]
        + tensor.values.enumerated().interruptibleMap { offset, value in
          tensor.position(of: offset).map { Value($0) } + [.number(value.asWritten)]
        }
    }
  }

  private func rows(_ record: Record) throws -> [[Value]] {
    if let columns = try parallelColumns(record) ?? listedRecords(record) { return try rows(columns) }
    return try [["key", "value"]] + record.interruptibleFlatMap { try keyed($0, $1) }
  }

  /// A record of lists of one length above 0; scalars beside them only where there are two lists or more, so that a
  /// record that happens to have a list is not repeated for each element.
  private func parallelColumns(_ record: Record) throws -> RecordColumns? {
    let lengths = Set(try record.values.compactMap { try $0.elements?.count })
    guard lengths.count == 1, let length = lengths.first, length > 0 else { return nil }
    let lists = try record.values.filter { try $0.elements != nil && $0.records == nil }
    guard lists.count == record.count || lists.count > 1 else { return nil }
    guard try record.values.allSatisfy({ try $0.elements != nil && $0.records == nil || isScalar($0) }) else {
      return nil
    }
    return RecordColumns(
      names: Array(record.keys),
      columns: try record.values.map { try $0.elements ?? Array(repeating: $0, count: length) })
  }

  /// Predictions beside the position that they are for.
  private func listedRecords(_ record: Record) throws -> RecordColumns? {
    let lists = try record.filter { try $0.value.records != nil }
    guard lists.count == 1, let (key, list) = lists.first else { return nil }
    let others = record.filter { $0.key != key }
    guard
      try others.values.allSatisfy({ try isScalar($0) || $0.elements?.allSatisfy(isScalar) == true })
    else { return nil }
    let inner = try RecordColumns(records: list.records ?? [])
    let isAmbiguous = inner.names.contains { others[$0] != nil }
    return RecordColumns(
      names: inner.names.map { isAmbiguous ? "\(key).\($0)" : $0 } + others.keys,
      columns: inner.columns + others.values.map { Array(repeating: $0, count: inner.rowCount) })
  }

  private func isScalar(_ value: Value) -> Bool {
    switch value {
    case .null, .bool, .number, .string, .range: true
    case .tensor(let tensor): tensor.rank == 0
    default: false
    }
  }

  private func keyed(_ key: String, _ value: Value) throws -> [[Value]] {
    switch value {
    case .record(let record) where !record.isEmpty:
      return try record.interruptibleFlatMap { try keyed("\(key).\($0)", $1) }
    case .table, .figure, .object: return try keyed(key, value.data)
    default:
      if let elements = try value.elements, !elements.isEmpty {
        return try elements.enumerated().interruptibleFlatMap { try keyed("\(key).\($0)", $1) }
      } else if case .tensor(let tensor) = value, let count = tensor.shape.first, tensor.count > 0 {
        return try (0..<count).interruptibleFlatMap { try keyed("\(key).\($0)", .tensor(tensor[$0])) }
      } else {
        return [[.string(key), value]]
      }
    }
  }
}

extension Tensor {
  /// The index along every axis of the element at `offset` in row-major order.
  fileprivate func position(of offset: Int) -> [Int] {
    var rest = offset
    var position: [Int] = []
    for size in shape.reversed() {
      position.append(rest % size)
      rest /= size
    }
    return position.reversed()
  }
}
