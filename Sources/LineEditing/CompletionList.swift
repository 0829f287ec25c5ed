import CLineEdit
import ExactText
import Faults

/// The lines that show candidates in columns, none wider than the terminal.
///
/// Candidates run down the columns. With descriptions a cell is `name  description`.
struct CompletionList {
  let lines: [String]

  init(_ candidates: [Completion], columns: Int) {
    // The last column stays free, so that no terminal wraps a full line.
    let available = max(1, columns - 1)
    let cells = CompletionList.cells(candidates, width: available)
    let cellWidth = cells.map(displayWidth).max() ?? 0
    // Wider where the cells themselves have a gap, so that one can see which description is whose.
    let gap = candidates.contains { $0.description != nil } ? 5 : 2
    let across = max(1, (available + gap) / (cellWidth + gap))
    let rows = (cells.count + across - 1) / across
    lines = (0..<rows).map { row in
      let inRow = stride(from: row, to: cells.count, by: rows).map { cells[$0] }
      return inRow.dropLast().map { padded($0, to: cellWidth + gap) }.joined() + (inRow.last ?? "")
    }
  }

  private static func cells(_ candidates: [Completion], width: Int) -> [String] {
    let nameWidth = min(width, candidates.map { displayWidth(cut($0.display, to: width)) }.max() ?? 0)
    return candidates.map { candidate in
      let name = cut(candidate.display, to: width)
      guard let description = candidate.description, !description.isEmpty else { return name }
      let room = width - nameWidth - 2
      guard room >= 4 else { return name }
      return padded(name, to: nameWidth + 2) + cut(description, to: room)
    }
  }
}

/// Columns of a text on the terminal; a character's width is its widest scalar's.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { $0 + displayWidth($1) }
}

private func displayWidth(_ character: Character) -> Int {
  character.unicodeScalars.map { Int(line_edit_columns_of($0.value)) }.max() ?? 0
}

private func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - displayWidth(text)))
}

/// `text` in at most `width` columns, on one line, with control characters as escapes; "..." marks what was cut.
func cut(_ text: String, to width: Int) -> String {
  let flat = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).escapingControls
  guard displayWidth(flat) > width else { return flat }
  let mark = width >= 8 ? "..." : ""
  var used = mark.count
  let kept = flat.prefix { character in
    used += displayWidth(character)
    return used <= width
  }
  return kept + mark
}
