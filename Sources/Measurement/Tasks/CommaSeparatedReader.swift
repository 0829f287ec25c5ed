import Faults

/// Reads rows as RFC 4180 writes them: commas (or semicolons) between the columns, a column with a comma, a quote or a line break in quotes,
/// quotes in it doubled. Rows end with `\n` or `\r\n`.
///
/// A row that breaks the rules is a bad row, and reading goes on with the next line: which row of a data set is broken
/// has to be told.
struct CommaSeparatedReader {
  private let bytes: ArraySlice<UInt8>
  private let separator: UInt8
  private var offset: Int
  private var line = 1
  private var steps = Steps()

  /// - Throws: what `check` throws.
  static func records(
    of bytes: ArraySlice<UInt8>, separator: UInt8, check: InterruptionCheck
  ) throws -> [TaskFile.Record] {
    var reader = CommaSeparatedReader(bytes, separator)
    var records: [TaskFile.Record] = []
    while reader.offset < bytes.endIndex {
      try check()
      let (start, first) = (reader.line, reader.offset)
      do {
        let fields = try reader.row()
        let isBlank = try bytes[first..<reader.offset].interruptibleAllSatisfy {
          $0 == 0x20 || $0 == 0x0D || $0 == 0x0A
        }
        if !isBlank { records.append(.init(line: start, content: .fields(fields))) }
      } catch let fault as RowFault {
        records.append(.init(line: start, content: .bad(fault)))
        // Quotes may have taken in lines behind this one, which may be sound.
        (reader.line, reader.offset) = (start, first)
        try reader.skipLine()
      }
    }
    return records
  }

  private init(_ bytes: ArraySlice<UInt8>, _ separator: UInt8) {
    (self.bytes, self.separator) = (bytes, separator)
    offset = bytes.startIndex
  }

  private func at(_ scalar: Unicode.Scalar) -> Bool {
    offset < bytes.endIndex && bytes[offset] == UInt8(ascii: scalar)
  }

  private var isAtSeparator: Bool { offset < bytes.endIndex && bytes[offset] == separator }

  private var isAtLineEnd: Bool {
    offset == bytes.endIndex || at("\n")
      || at("\r") && (offset + 1 == bytes.endIndex || bytes[offset + 1] == UInt8(ascii: "\n"))
  }

  private mutating func row() throws -> [String] {
    var fields: [String] = []
    repeat {
      if !fields.isEmpty { offset += 1 }
      fields.append(try at("\"") ? quotedField() : plainField())
      guard isAtLineEnd || isAtSeparator else {
        throw RowFault.quoting("text behind the quotes of a column")
      }
    } while isAtSeparator
    try skipLine()
    return fields
  }

  private mutating func plainField() throws -> String {
    let start = offset
    while !isAtLineEnd, !isAtSeparator {
      try steps.next()
      if at("\"") { throw RowFault.quoting("a quote in a column that does not begin with one") }
      if at("\r") { throw RowFault.control("a carriage return") }
      offset += 1
    }
    return try TaskFile.text(bytes[start..<offset])
  }

  private mutating func quotedField() throws -> String {
    var content: [UInt8] = []
    offset += 1
    while offset < bytes.endIndex {
      try steps.next()
      if at("\"") {
        offset += 1
        guard at("\"") else { return try TaskFile.text(content) }
      }
      if at("\n") { line += 1 }
      content.append(bytes[offset])
      offset += 1
    }
    throw RowFault.quoting("quotes that are not closed")
  }

  /// Goes to the beginning of the next line.
  private mutating func skipLine() throws {
    while offset < bytes.endIndex, !at("\n") {
      try steps.next()
      offset += 1
    }
    if at("\n") {
      line += 1
      offset += 1
    }
  }
}
