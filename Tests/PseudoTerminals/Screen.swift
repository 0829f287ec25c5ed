/// What a terminal shows after some output: as much of an xterm as line editors use.
///
/// Lines that scroll off the top are kept in `scrolledOff`. An unknown control sequence is recorded in
/// `unknown`, so that a test cannot pass because something was overlooked.
public struct Screen: Equatable {
  public private(set) var scrolledOff: [String] = []
  public private(set) var row = 0
  public private(set) var column = 0
  public private(set) var bracketedPaste = false
  public private(set) var unknown: [String] = []
  private var cells: [[Character]]
  /// Rows that a long line filled, and went on in the next.
  private var continues: [Bool]
  private var rows: Int
  private var columns: Int
  /// After a character in the last column, the next one wraps first.
  private var wrapsNext = false

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    continues = Array(repeating: false, count: rows)
  }

  /// The lines shown, without blanks at their ends and without blank lines at the end.
  public var lines: [String] {
    var lines = cells.map(Screen.trimmed)
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  public mutating func show(_ output: String) {
    var rest = Substring(output).unicodeScalars
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\u{1B}": escape(&rest)
      case "\r": move(to: row, 0)
      case "\n": lineFeed()
      case "\u{8}": move(to: row, column - 1)
      case "\t": move(to: row, min(columns - 1, (column / 8 + 1) * 8))
      case "\u{7}", "\0": break
      default: put(scalar)
      }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar) {
    let width = Screen.width(scalar)
    guard width > 0 else { return combine(scalar) }
    if wrapsNext || column + width > columns {
      continues[row] = true
      column = 0
      lineFeed()
    }
    cells[row][column] = Character(scalar)
    // The second half of a wide character shows nothing of its own.
    if width == 2 { cells[row][column + 1] = "\0" }
    wrapsNext = column + width >= columns
    column = min(columns - 1, column + width)
  }

  private mutating func combine(_ scalar: Unicode.Scalar) {
    let base = wrapsNext ? column : max(0, column - 1)
    var text = String(cells[row][base])
    text.unicodeScalars.append(scalar)
    cells[row][base] = Character(text)
  }

  private mutating func move(to row: Int, _ column: Int) {
    self.row = min(max(0, row), rows - 1)
    self.column = min(max(0, column), columns - 1)
    wrapsNext = false
  }

  private mutating func lineFeed() {
    wrapsNext = false
    guard row == rows - 1 else { return row += 1 }
    scrolledOff.append(Screen.trimmed(cells.removeFirst()))
    cells.append(blanks(columns))
    continues.append(false)
    continues.removeFirst()
  }

  private mutating func escape(_ rest: inout Substring.UnicodeScalarView) {
    guard rest.first == "[" else {
      unknown.append("ESC \(rest.popFirst().map(String.init) ?? "")")
      return
    }
    rest.removeFirst()
    let parameters = String(rest.prefix { !("\u{40}"..."\u{7E}").contains($0) })
    rest = rest.dropFirst(parameters.unicodeScalars.count)
    if let final = rest.popFirst() { control(parameters, final) }
  }

  private mutating func control(_ parameters: String, _ final: Unicode.Scalar) {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let count = max(1, numbers.first ?? 1)
    switch final {
    case "A": move(to: row - count, column)
    case "B": move(to: row + count, column)
    case "C": move(to: row, column + count)
    case "D": move(to: row, column - count)
    case "G": move(to: row, count - 1)
    case "H": move(to: count - 1, max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
    case "J" where [0, 2].contains(numbers.first ?? 0): eraseBelow(numbers.first ?? 0)
    case "K" where numbers.first ?? 0 == 0: erase(row, from: column)
    case "P": cells[row] = Array((cells[row].filterOut(column, count) + blanks(count)).prefix(columns))
    case "@":
      cells[row].insert(contentsOf: blanks(count), at: column)
      cells[row] = Array(cells[row].prefix(columns))
    case "m": break
    case "h" where parameters == "?2004": bracketedPaste = true
    case "l" where parameters == "?2004": bracketedPaste = false
    default: unknown.append("CSI \(parameters)\(final)")
    }
  }

  private mutating func eraseBelow(_ mode: Int) {
    if mode == 0 { erase(row, from: column) }
    for line in (mode == 0 ? row + 1 : 0)..<rows { erase(line, from: 0) }
  }

  private mutating func erase(_ line: Int, from start: Int) {
    continues[line] = false
    cells[line].replaceSubrange(start..., with: blanks(columns - start))
  }

  private func blanks(_ count: Int) -> [Character] { Array(repeating: " ", count: count) }

  private static func trimmed(_ cells: [Character]) -> String {
    var text = cells.filter { $0 != "\0" }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  /// Lines are wrapped anew, as most terminals do.
  public mutating func resize(rows newRows: Int, columns newColumns: Int) {
    var line: [Character] = []
    var wrapped: [[Character]] = []
    var flags: [Bool] = []
    var cursor = (row: 0, column: 0)
    let lastUsed = max(row, (cells.lastIndex { $0.contains { $0 != " " } }) ?? 0)
    for index in 0...lastUsed {
      if index == row {
        let offset = line.count + column + (wrapsNext ? 1 : 0)
        cursor = (wrapped.count + offset / newColumns, offset % newColumns)
      }
      line += continues[index] ? cells[index] : Array(cells[index].reversed().drop { $0 == " " }.reversed())
      guard !continues[index] || index == lastUsed else { continue }
      repeat {
        let piece = line.prefix(newColumns)
        line.removeFirst(piece.count)
        wrapped.append(piece + Array(repeating: " ", count: newColumns - piece.count))
        flags.append(!line.isEmpty)
      } while !line.isEmpty
    }
    (rows, columns, wrapsNext) = (newRows, newColumns, false)
    while wrapped.count < max(newRows, cursor.row + 1) {
      wrapped.append(blanks(columns))
      flags.append(false)
    }
    let above = max(0, cursor.row - newRows + 1)
    scrolledOff += wrapped.prefix(above).map(Screen.trimmed)
    cells = Array(wrapped.dropFirst(above).prefix(newRows))
    continues = Array(flags.dropFirst(above).prefix(newRows))
    (row, column) = (cursor.row - above, cursor.column)
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    let wide: [ClosedRange<UInt32>] = [
      0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0x1F300...0x1F64F,
    ]
    return wide.contains { $0.contains(scalar.value) } ? 2 : 1
  }
}

extension Array {
  fileprivate func filterOut(_ start: Int, _ count: Int) -> [Element] {
    Array(self[..<start]) + Array(dropFirst(start + count))
  }
}
