import ExactText

/// One line of a source as a terminal shows it, and the part of it that is meant.
struct Excerpt {
  /// What is shown for one scalar of the line.
  private struct Cell {
    let text: String
    let width: Int
  }

  private static let tabWidth = 8
  /// Bytes on both sides of the beginning of the mark that are looked at: a line may have millions, also of
  /// characters without width.
  private static let reach = 1000
  private static let ellipsis = Cell(text: "…", width: 1)

  private var cells: [Cell] = []
  /// Whether the line goes on before the first and behind the last cell.
  private let (goesOnBefore, goesOnBehind): (Bool, Bool)
  /// Cells; empty where the place is between two characters or at the end of the line.
  private var marked: Range<Int>

  /// The line on which `span` begins; of a longer span the part on that line.
  init(_ span: Span) {
    let source = span.source
    let line = source.lineRange(source.lineIndex(of: span.range.lowerBound))
    let start = min(max(span.range.lowerBound, line.lowerBound), line.upperBound)
    let end = min(max(span.range.upperBound, start), line.upperBound)
    let lower = source.scalarStart(max(line.lowerBound, start - Self.reach))
    let upper = source.scalarStart(min(line.upperBound, start + Self.reach))
    (goesOnBefore, goesOnBehind) = (lower > line.lowerBound, upper < line.upperBound)
    let scalars = source.text(lower..<upper).unicodeScalars
    let before = source.text(lower..<start).unicodeScalars.count
    let length = source.text(start..<min(end, upper)).unicodeScalars.count
    let blanks = scalars.prefix(before).prefix { $0 == " " || $0 == "\t" }.count
    let indentation = goesOnBefore ? 0 : blanks
    marked = before - indentation..<before - indentation + length
    var column = 0
    for scalar in scalars.dropFirst(indentation) {
      cells.append(Self.cell(scalar, column))
      column += cells[cells.count - 1].width
    }
    dropTrailingBlanks()
  }

  private static func cell(_ scalar: Unicode.Scalar, _ column: Int) -> Cell {
    guard scalar == "\t" else { return Cell(text: scalar.escaped, width: scalar.escapedWidth) }
    let width = tabWidth - column % tabWidth
    return Cell(text: String(repeating: " ", count: width), width: width)
  }

  private mutating func dropTrailingBlanks() {
    while let last = cells.last, last.text.allSatisfy({ $0 == " " }), cells.count > marked.lowerBound {
      cells.removeLast()
    }
    marked = marked.lowerBound..<max(marked.lowerBound, min(marked.upperBound, cells.count))
  }

  /// The line and the caret line, at most `width` columns each.
  func lines(width: Int) -> (text: String, carets: String) {
    let shown = window(width: width)
    let isCutBefore = goesOnBefore || shown.lowerBound > 0
    let isCutAfter = goesOnBehind || shown.upperBound < cells.count
    let visible = (isCutBefore ? [Self.ellipsis] : []) + cells[shown] + (isCutAfter ? [Self.ellipsis] : [])
    let indent = columns(shown.lowerBound..<marked.lowerBound) + (isCutBefore ? 1 : 0)
    let length = max(1, columns(marked.clamped(to: shown)))
    return (
      visible.map(\.text).joined(),
      String(repeating: " ", count: indent) + "^" + String(repeating: "~", count: length - 1)
    )
  }

  private func columns(_ range: Range<Int>) -> Int { cells[range].reduce(0) { $0 + $1.width } }

  /// The cells to show: all if they fit; otherwise as many as fit around the beginning of the mark,
  /// a third of the width before it.
  private func window(width: Int) -> Range<Int> {
    let room = width - 2
    let isWhole = !goesOnBefore && !goesOnBehind
    guard columns(0..<cells.count) > (isWhole ? width : room) else { return 0..<cells.count }
    var first = marked.lowerBound
    var before = 0
    let lead =
      columns(marked.lowerBound..<cells.count) < room * 2 / 3
      ? room - columns(marked.lowerBound..<cells.count) - 1 : room / 3
    while first > 0, before + cells[first - 1].width <= lead {
      first -= 1
      before += cells[first].width
    }
    var last = first
    var used = 0
    while last < cells.count, used + cells[last].width <= room {
      used += cells[last].width
      last += 1
    }
    return first..<max(last, marked.lowerBound)
  }
}
