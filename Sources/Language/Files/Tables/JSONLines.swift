import ExactText
import Faults
import Files
import JSONReading
import Results

/// A file with a JSON value on each line: a table of objects, else a list.
struct JSONLines {
  let path: String
  /// Whether fields that are missing are null.
  let allowsUneven: Bool

  /// - Throws: ``TableFileFault``, ``Interrupted``, `HeldMemoryFault`.
  func value(of bytes: [UInt8]) throws -> Value {
    let text = bytes.withoutByteOrderMark
    var (lines, values): ([Int], [Value]) = ([], [])
    var (start, number) = (text.startIndex, 0)
    while start < text.endIndex {
      let end = try Self.endOfLine(in: text, from: start)
      let line = text[start..<end]
      (start, number) = (end + 1, number + 1)
      if try line.interruptibleAllSatisfy(Self.isBlank) { continue }
      lines.append(number)
      values.append(try value(of: line, number: number))
    }
    let records = values.compactMap { if case .record(let record) = $0 { record } else { nil } }
    guard !records.isEmpty, records.count == values.count else {
      if let record = records.first, let odd = values.firstIndex(where: { !$0.isRecord }) {
        throw TableFileFault(
          path: path, line: lines[odd],
          problem: .notAnObject(values[odd].typeName, columns: Array(record.keys)))
      }
      return .list(values)
    }
    return .table(try table(records, lines))
  }

  private func value(of line: ArraySlice<UInt8>, number: Int) throws -> Value {
    do { return try Value(JSONReader.read(Array(line), .saved)) } catch JSONProblem.syntax(
      _, _, let column, let expected, let found)
    {
      throw TableFileFault(
        path: path, line: number, problem: .json(column: column, expected: expected, found: found))
    }
  }

  private func table(_ records: [Record], _ lines: [Int]) throws -> Table {
    var columns = NameList(records[0].keys)
    if allowsUneven {
      var seen = Set(names: records[0].keys)
      for record in records {
        for key in record.keys where seen.insert(Name(key)).inserted { columns.append(key) }
      }
    }
    let names = Array(columns)
    var table = Table(columns: names)
    var steps = Steps()
    for (record, line) in zip(records, lines) {
      try steps.next()
      if !allowsUneven { try requireSame(record, names, line) }
      table.append(names.map { record[$0] ?? .null })
    }
    return table
  }

  private func requireSame(_ record: Record, _ columns: [String], _ line: Int) throws {
    if let missing = columns.first(where: { record[$0] == nil }) {
      throw TableFileFault(path: path, line: line, problem: .missingField(missing))
    }
    if record.count > columns.count, let other = record.keys.first(where: { !columns.contains($0) }) {
      throw TableFileFault(path: path, line: line, problem: .furtherField(other))
    }
  }

  /// Where the line's end stands, or the end of the text, which may be far.
  private static func endOfLine(in text: ArraySlice<UInt8>, from start: Int) throws -> Int {
    var part = start
    while part < text.endIndex {
      try Interruption.check()
      let next = min(part + (1 << 16), text.endIndex)
      if let end = text[part..<next].firstIndex(of: 0x0A) { return end }
      part = next
    }
    return text.endIndex
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}

extension Value {
  fileprivate var isRecord: Bool { if case .record = self { true } else { false } }
}
