import ExactText
import Faults
import Results

/// A result as a piece of a page: what ``TableLayout`` lays out in lines, with tables for its tables.
struct HTMLLayout {
  private let layout: TableLayout

  /// Lists that a line of text holds are as short here.
  private static let width = 1 << 40

  init(_ options: RenderOptions) { layout = TableLayout(options) }

  /// nil where plain text says as much: the value has no table, or is a drawing.
  ///
  /// - Throws: ``Interrupted``.
  func fragment(of result: CommandResult) throws -> String? {
    if case .figure = result.value { return nil }
    guard try hasTable(result.value) else { return nil }
    let notes = result.context.map { note("(\($0))") }
    return notes.joined() + (try block(TableRenderer.shown(result)))
  }

  private func hasTable(_ value: Value) throws -> Bool {
    switch value {
    case .table, .figure: return true
    case .record(let record): return !record.isEmpty
    case .object(let object): return try hasTable(object.display)
    case .list(let elements):
      if try value.records != nil || layout.matrix(elements) != nil { return true }
      return try elements.contains { try hasTable($0) }
    case .null, .bool, .number, .string, .range, .tensor: return false
    }
  }

  private func block(_ value: Value) throws -> String {
    switch value {
    case .table(let table): return try html(RecordColumns(table))
    case .figure(let figure): return image(try figure.svg)
    case .record(let record): return try block(record)
    case .object(let object): return try block(object.display)
    case .list(let elements):
      if let records = try value.records { return try html(RecordColumns(records: records)) }
      if let columns = try layout.matrix(elements) { return try grid(columns, count: elements.count) }
      guard try elements.contains(where: { try hasTable($0) }) else { return try text(value) }
      return try elements.interruptibleMap(block).joined()
    case .null, .bool, .number, .string, .range, .tensor: return try text(value)
    }
  }

  private func text(_ value: Value) throws -> String {
    let lines = try layout.lines(value, width: Self.width)
    return "<pre>\(try lines.interruptibleMap { xmlText($0.plain) }.joined(separator: "\n"))</pre>\n"
  }

  private func block(_ record: Record) throws -> String {
    if record.isEmpty { return try text(.record(record)) }
    if let rows = try layout.namedRows(record) { return try html(rows) }
    var (html, pairs) = ("", [(key: String, text: String)]())
    func endPairs() {
      if !pairs.isEmpty { html += self.pairs(pairs) }
      pairs = []
    }
    for part in try layout.parts(of: record, width: Self.width) {
      if case .line(let key, let text) = part {
        pairs.append((key, text))
        continue
      }
      endPairs()
      switch part {
      case .line: break
      case .table(let columns, let count): html += try grid(columns, count: count)
      case .block(let key, let value):
        html +=
          "<div><b>\(xmlText(key))</b></div>\n<div style=\"margin-left: 1em\">\n\(try block(value))</div>\n"
      }
    }
    endPairs()
    return html
  }

  /// Names and values without a head.
  private func pairs(_ pairs: [(key: String, text: String)]) -> String {
    let rows = pairs.map { row([header($0.key), cell($0.text, isNumeric: false)]) }
    return "<table>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n"
  }

  private func html(_ columns: RecordColumns) throws -> String {
    try grid(
      Array(zip(columns.names, columns.columns)), count: columns.rowCount, showsIndex: false,
      alignsPoints: !columns.mixesQuantities)
  }

  private func grid(
    _ columns: [(String, [Value])], count: Int, showsIndex: Bool = true, alignsPoints: Bool = true
  ) throws -> String {
    let (columns, note) = try layout.gridColumns(
      columns, count: count, showsIndex: showsIndex, alignsPoints: alignsPoints)
    let head = columns.map { header($0.header, isNumeric: $0.isNumeric) }
    let rows = try (0..<(columns.first?.cells.count ?? 0)).interruptibleMap { index in
      row(columns.map { cell($0.cells[index], isNumeric: $0.isNumeric) })
    }
    return "<table>\n<thead>\n\(row(head))</thead>\n<tbody>\n\(rows.joined())</tbody>\n</table>\n"
      + (note.map(self.note) ?? "")
  }

  private func row(_ cells: [String]) -> String { "<tr>\(cells.joined())</tr>\n" }

  private func header(_ text: String, isNumeric: Bool = false) -> String {
    "<th style=\"text-align: \(isNumeric ? "right" : "left")\">\(xmlText(text))</th>"
  }

  /// Numbers are filled up with blanks so that their points stand below each other.
  private func cell(_ text: String, isNumeric: Bool) -> String {
    let style = isNumeric ? "text-align: right; font-family: monospace; white-space: pre" : "text-align: left"
    return "<td style=\"\(style)\">\(xmlText(text))</td>"
  }

  private func note(_ text: String) -> String { "<div style=\"opacity: 0.7\">\(xmlText(text))</div>\n" }

  /// As an image: names and styles of one drawing do not meet those of another.
  private func image(_ svg: String) -> String {
    "<img src=\"data:image/svg+xml,\(percentEncoded(svg))\">\n"
  }

  /// https://www.rfc-editor.org/rfc/rfc3986#section-2.1
  private func percentEncoded(_ text: String) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~ =/:;,()".utf8)
    return text.utf8.map { byte in
      if plain.contains(byte) { return String(Unicode.Scalar(byte)) }
      let digits = String(byte, radix: 16, uppercase: true)
      return (digits.count == 1 ? "%0" : "%") + digits
    }.joined()
  }
}
