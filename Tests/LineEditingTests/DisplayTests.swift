import Fuzzing
import PseudoTerminals
import Testing

/// Random edits beside a model of what the text must be; after each few keys the whole screen is compared.
@Suite struct DisplayTests {
  private struct Model {
    var text: [Character] = []
    var cursor = 0

    /// Presses a random key, on both sides.
    mutating func press(_ generator: inout SeededGenerator) -> String {
      switch Int.random(in: 0..<12, using: &generator) {
      case 0 where cursor > 0:
        cursor -= 1
        return Key.left
      case 1 where cursor < text.count:
        cursor += 1
        return Key.right
      case 2 where cursor > 0:
        cursor -= 1
        text.remove(at: cursor)
        return Key.backspace
      case 3 where cursor < text.count:
        text.remove(at: cursor)
        return Key.delete
      case 4:
        cursor = text[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
        return Key.home
      case 5:
        cursor = text[cursor...].firstIndex(of: "\n") ?? text.count
        return Key.end
      case 6:
        insert("\n")
        return Key.paste("\r")
      default:
        let character = "ab cλé漢字0".randomElement(using: &generator) ?? "x"
        insert(character)
        return String(character)
      }
    }

    private mutating func insert(_ character: Character) {
      text.insert(character, at: cursor)
      cursor += 1
    }

    /// What a terminal shows that writes prompts and text from the top, and where the cursor then stands.
    func screen(_ size: PseudoTerminal.Size) -> (lines: [String], row: Int, column: Int) {
      var paper = Paper(columns: Int(size.columns))
      paper.write("probe> ")
      var place = (row: 0, column: 0)
      for (index, character) in text.enumerated() {
        if index == cursor { place = paper.place(of: character) }
        paper.write(String(character))
        if character == "\n" { paper.write("..... ") }
      }
      if cursor == text.count { place = paper.place(of: " ") }
      return (paper.lines, place.row, place.column)
    }
  }

  /// Rows that fill up from left to right; a full one goes on in the next at once.
  private struct Paper {
    let columns: Int
    private var rows = [""]
    private var width = 0

    init(columns: Int) { self.columns = columns }

    /// All rows, also blank ones at the end.
    var lines: [String] { rows.map { String($0.reversed().drop { $0 == " " }.reversed()) } }

    func place(of character: Character) -> (row: Int, column: Int) {
      width + Paper.width(character) > columns ? (rows.count, 0) : (rows.count - 1, width)
    }

    mutating func write(_ text: String) {
      for character in text {
        let added = character == "\n" ? 0 : Paper.width(character)
        if character == "\n" || width + added > columns { startRow() }
        if character == "\n" { continue }
        rows[rows.count - 1].append(character)
        width += added
        if width == columns { startRow() }
      }
    }

    private mutating func startRow() {
      rows.append("")
      width = 0
    }

    private static func width(_ character: Character) -> Int { "漢字".contains(character) ? 2 : 1 }
  }

  /// Waits for a screen that shows all of the text, or a window of it with the cursor inside.
  private func expect(_ model: Model, _ size: PseudoTerminal.Size, on terminal: PseudoTerminal) throws {
    let (lines, row, column) = model.screen(size)
    let height = min(Int(size.rows), lines.count)
    let tops = max(0, row - height + 1)...min(row, lines.count - height)
    let windows = tops.map { top in (trimmed(Array(lines[top..<(top + height)])), row - top) }
    let wanted = "the cursor in column \(column) of one of \(windows)"
    let screen = try terminal.expectScreen(wanted) { screen in
      screen.column == column && windows.contains { $0.0 == screen.lines && $0.1 == screen.row }
    }
    #expect(screen.unknown == [])
  }

  private func trimmed(_ lines: [String]) -> [String] {
    lines.reversed().drop { $0.isEmpty }.reversed()
  }

  @Test(
    arguments: [
      (1, 50, 8), (7, 50, 12), (2, 50, 17), (3, 50, 20), (4, 50, 24), (5, 50, 33), (6, 50, 80),
      (8, 1, 20), (9, 2, 17), (10, 4, 12), (11, 6, 24), (12, 5, 80),
    ] as [(UInt64, UInt16, UInt16)])
  func theScreenShowsTheText(seed: UInt64, rows: UInt16, columns: UInt16) throws {
    var generator = SeededGenerator(seed: seed)
    let size = PseudoTerminal.Size(rows: rows, columns: columns)
    let terminal = try probe(size: size)
    var model = Model()
    var pressed: [String] = []
    for _ in 0..<60 where model.screen(size).lines.count < 45 {
      let keys = (0..<4).map { _ in model.press(&generator) }
      pressed += keys
      terminal.send(keys.joined())
      do {
        try expect(model, size, on: terminal)
      } catch {
        Issue.record("\(error) after \(pressed.suffix(12)), expected \(model.screen(size))")
        return
      }
    }
    terminal.send(Key.enter)
    let escaped = String(model.text).replacing("\n", with: "\\n")
    try terminal.expect("LINE<\(escaped)>")
  }
}
