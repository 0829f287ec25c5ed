import ExactText
import Faults
import Files
import Results

/// A table in a file of rows: CSV as RFC 4180 has it, or TSV, where tab, line end and backslash are written `\t`, `\n`, `\r` and
/// `\\`.
///
/// The first row names the columns. A cell is null when nothing stands there, a number or true or false when it spells one, else
/// text; in quotes it is text.
struct SeparatedTable {
  enum Notation { case commas, tabs }

  let path: String
  let notation: Notation
  let separator: UInt8
  /// Whether the first row names the columns; nil unless it was said.
  let hasHeader: Bool?
  /// Whether a short row has nulls behind it.
  let allowsUneven: Bool

  /// - Throws: ``TableFileFault``, ``Interrupted``, `HeldMemoryFault`.
  func value(of bytes: [UInt8]) throws -> Value {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw fault(.otherEncoding("UTF-16"), line: 1)
    }
    let text = bytes.withoutByteOrderMark
    var reader = SeparatedReader(text, separator: separator, readsQuotes: notation == .commas)
    guard let first = try row(&reader) else { throw TableFileFault(path: path, line: nil, problem: .empty) }
    if try hasHeader ?? requireNames(first) { return .table(try table(first, &reader)) }
    return .list(try list(first, &reader))
  }

  private func table(_ header: SeparatedReader.Row, _ reader: inout SeparatedReader) throws -> Table {
    let columns = try header.cells.map { try text($0, line: header.line) }
    try requireDifferent(columns, line: header.line)
    var table = Table(columns: columns)
    while let row = try row(&reader, isColumn: columns.count == 1) {
      var cells = try row.cells.map { try value($0, line: row.line, isAlone: columns.count == 1) }
      if allowsUneven, cells.count < columns.count {
        cells += Array(repeating: .null, count: columns.count - cells.count)
      }
      guard cells.count == columns.count else {
        throw fault(.uneven(cells.count, columns: columns.count), line: row.line)
      }
      table.append(cells)
    }
    return table
  }

  /// Rows without names; of one column its cells.
  private func list(_ first: SeparatedReader.Row, _ reader: inout SeparatedReader) throws -> [Value] {
    var rows: [Value] = []
    var next: SeparatedReader.Row? = first
    while let row = next {
      let cells = try row.cells.map { try value($0, line: row.line, isAlone: first.cells.count == 1) }
      guard cells.count == first.cells.count || allowsUneven else {
        throw fault(.unlikeFirst(cells.count, first: first.cells.count), line: row.line)
      }
      rows.append(first.cells.count == 1 && cells.count == 1 ? cells[0] : .list(cells))
      next = try self.row(&reader, isColumn: first.cells.count == 1)
    }
    return rows
  }

  /// - Throws: a fault for a first row of nothing but numbers, which names nothing.
  private func requireNames(_ first: SeparatedReader.Row) throws -> Bool {
    let areNumbers = try first.cells.allSatisfy { cell in
      if case .number = try value(cell, line: first.line, isAlone: false) { true } else { false }
    }
    if areNumbers { throw fault(.numbersForNames, line: first.line) }
    if first.cells.count == 1, notation == .commas,
      let other = ";\t".utf8.first(where: first.cells[0].bytes.contains)
    {
      throw fault(.otherSeparator(other == UInt8(ascii: ";") ? ";" : "\\t"), line: first.line)
    }
    return true
  }

  private func requireDifferent(_ columns: [String], line: Int) throws {
    var seen: Set<Name> = []
    for name in columns where !seen.insert(Name(name)).inserted {
      throw fault(.doubledColumn(name), line: line)
    }
  }

  /// The next row that is not blank.
  private func row(_ reader: inout SeparatedReader, isColumn: Bool = false) throws -> SeparatedReader.Row? {
    while true {
      let line = reader.line
      do {
        guard let row = try reader.next() else { return nil }
        if !row.isBlank { return row }
      } catch let problem as SeparatedProblem { throw fault(.quoting(problem), line: line) }
    }
  }

  private func fault(_ problem: TableFileFault.Problem, line: Int) -> TableFileFault {
    TableFileFault(path: path, line: line, problem: problem)
  }
}

// MARK: Cells
extension SeparatedTable {
  private func text(_ cell: SeparatedReader.Cell, line: Int) throws -> String {
    let bytes = notation == .tabs ? Self.withoutEscapes(cell.bytes) : cell.bytes
    guard let text = String(validating: bytes, as: UTF8.self) else { throw fault(.notUTF8, line: line) }
    try MemoryBudget.current?.note(text.utf8.count)
    return text
  }

  /// - Parameter isAlone: whether the file has one column: there an empty cell stands in quotes, so that its line is not blank.
  private func value(_ cell: SeparatedReader.Cell, line: Int, isAlone: Bool) throws -> Value {
    if cell.bytes.isEmpty { return cell.isQuoted && !isAlone ? .string("") : .null }
    if cell.isQuoted { return .string(try text(cell, line: line)) }
    return try SpelledValue(cell.bytes)?.value ?? .string(text(cell, line: line))
  }

  /// `\t`, `\n`, `\r` and `\\` as what they stand for; another backslash stays.
  private static func withoutEscapes(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard bytes.contains(UInt8(ascii: "\\")) else { return bytes }
    var text: [UInt8] = []
    var isEscaped = false
    for byte in bytes {
      switch (isEscaped, byte) {
      case (false, UInt8(ascii: "\\")):
        isEscaped = true
        continue
      case (true, UInt8(ascii: "t")): text.append(0x09)
      case (true, UInt8(ascii: "n")): text.append(0x0A)
      case (true, UInt8(ascii: "r")): text.append(0x0D)
      case (true, UInt8(ascii: "\\")): text.append(byte)
      case (true, _): text += [UInt8(ascii: "\\"), byte]
      case (false, _): text.append(byte)
      }
      isEscaped = false
    }
    return (isEscaped ? text + [UInt8(ascii: "\\")] : text)[...]
  }
}
