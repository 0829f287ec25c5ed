import Faults

/// Reads rows as RFC 4180 writes them: a separator between the cells, a cell with a separator, a quote or a line break in quotes,
/// quotes in it doubled. Rows end with `\n` or `\r\n`. Nothing is understood of what is in the cells.
///
/// Behind a row that breaks the rules reading can go on with the next line: which row of a data set is broken has to be told.
package struct SeparatedReader {
  package struct Cell {
    /// Without the quotes around it.
    package let bytes: ArraySlice<UInt8>
    package let isQuoted: Bool
  }

  package struct Row {
    /// The line on which it begins, from 1.
    package let line: Int
    package let cells: [Cell]
    /// Whether nothing but blanks stands there.
    package let isBlank: Bool
    fileprivate let start: Int
  }

  private let bytes: ArraySlice<UInt8>
  private let separator: UInt8
  private let readsQuotes: Bool
  private var offset: Int
  package private(set) var line = 1
  private var steps = Steps()

  /// - Parameter readsQuotes: whether quotes mean anything.
  package init(_ bytes: ArraySlice<UInt8>, separator: UInt8 = UInt8(ascii: ","), readsQuotes: Bool = true) {
    (self.bytes, self.separator, self.readsQuotes) = (bytes, separator, readsQuotes)
    offset = bytes.startIndex
  }

  /// nil at the end of the text.
  ///
  /// - Throws: ``SeparatedProblem``, behind which reading goes on with the next line; ``Interrupted``.
  package mutating func next() throws -> Row? {
    guard offset < bytes.endIndex else { return nil }
    let (start, first) = (line, offset)
    do {
      let cells = try cells()
      let isBlank = try bytes[first..<offset].interruptibleAllSatisfy {
        $0 == 0x20 || $0 == 0x0D || $0 == 0x0A
      }
      return Row(line: start, cells: cells, isBlank: isBlank, start: first)
    } catch let problem as SeparatedProblem {
      try goOn(behind: start, first)
      throw problem
    }
  }

  /// Goes on with the line behind that on which the row begins: quotes may have taken in lines that are sound.
  package mutating func goOn(behind row: Row) throws { try goOn(behind: row.line, row.start) }

  private mutating func goOn(behind line: Int, _ start: Int) throws {
    (self.line, offset) = (line, start)
    try skipLine()
  }

  private func at(_ scalar: Unicode.Scalar) -> Bool {
    offset < bytes.endIndex && bytes[offset] == UInt8(ascii: scalar)
  }

  private var isAtSeparator: Bool { offset < bytes.endIndex && bytes[offset] == separator }

  private var isAtLineEnd: Bool {
    offset == bytes.endIndex || at("\n")
      || at("\r") && (offset + 1 == bytes.endIndex || bytes[offset + 1] == UInt8(ascii: "\n"))
  }

  private mutating func cells() throws -> [Cell] {
    var cells: [Cell] = []
    repeat {
      if !cells.isEmpty { offset += 1 }
      cells.append(try readsQuotes && at("\"") ? quotedCell() : plainCell())
      guard isAtLineEnd || isAtSeparator else { throw SeparatedProblem.textBehindQuotes }
    } while isAtSeparator
    try skipLine()
    return cells
  }

  private mutating func plainCell() throws -> Cell {
    let start = offset
    while !isAtLineEnd, !isAtSeparator {
      try steps.next()
      if readsQuotes, at("\"") { throw SeparatedProblem.quoteInCell }
      if at("\r") { throw SeparatedProblem.carriageReturn }
      offset += 1
    }
    return Cell(bytes: bytes[start..<offset], isQuoted: false)
  }

  private mutating func quotedCell() throws -> Cell {
    var content: [UInt8] = []
    offset += 1
    while offset < bytes.endIndex {
      try steps.next()
      if at("\"") {
        offset += 1
        guard at("\"") else { return Cell(bytes: content[...], isQuoted: true) }
      }
      if at("\n") { line += 1 }
      content.append(bytes[offset])
      offset += 1
    }
    throw SeparatedProblem.openQuotes
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

/// How a row can break the rules.
package enum SeparatedProblem: Error, Equatable, Sendable {
  case textBehindQuotes, quoteInCell, openQuotes, carriageReturn

  package var sentence: String {
    switch self {
    case .textBehindQuotes: "text behind the quotes of a column"
    case .quoteInCell: "a quote in a column that does not begin with one"
    case .openQuotes: "quotes that are not closed"
    case .carriageReturn: "a carriage return within the line"
    }
  }
}

extension [UInt8] {
  /// Without the mark that some programs write before UTF-8.
  package var withoutByteOrderMark: ArraySlice<UInt8> {
    starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
  }
}
