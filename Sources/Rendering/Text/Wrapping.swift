import ExactText

/// Lines of a cell; what needs more is cut at the end of the last.
let maxWrappedLines = 12

/// Wider texts are data (a matrix in a cell), not for reading: they are cut on one line.
let longestWrappedText = 240

/// `text` in lines of at most `width` columns, broken at blanks. A word that is wider is cut.
func wrapped(_ text: String, to width: Int, ellipsis: String) -> [String] {
  if fits(text, width) { return [text] }
  if !fits(text, longestWrappedText) { return [truncate(text, to: width, ellipsis: ellipsis)] }
  var lines: [String] = []
  var room = 0
  for word in text.split(separator: " ").map(String.init) {
    let needed = displayWidth(word)
    if lines.isEmpty || needed >= room {
      lines.append(word)
      room = width - needed
    } else {
      lines[lines.count - 1] += " " + word
      room -= needed + 1
    }
  }
  if lines.count > maxWrappedLines {
    lines[maxWrappedLines - 1] = lines[(maxWrappedLines - 1)...].joined(separator: " ")
    lines.removeSubrange(maxWrappedLines...)
  }
  return lines.map { truncate($0, to: width, ellipsis: ellipsis) }
}

/// The widths of the words of a column, measured once for all widths that are tried.
struct WrappedColumn {
  /// Of the header and every cell that wraps.
  private let texts: [[Int]]
  private let column: Grid.Column
  private let longestWord: Int

  init(_ column: Grid.Column) {
    let wrapping = [column.header] + (column.isNumeric ? [] : column.cells)
    texts = wrapping.filter { fits($0, longestWrappedText) }
      .map { $0.split(separator: " ").map { displayWidth(String($0)) } }
    longestWord = texts.joined().max() ?? 0
    self.column = column
  }

  /// The least width at which no text has more than `lines` lines.
  func leastWidth(lines: Int, cutsWords: Bool) -> Int {
    var lower = max(column.minimum, cutsWords ? 0 : min(longestWord, column.width))
    var upper = column.width
    while lower < upper {
      let middle = (lower + upper) / 2
      if texts.allSatisfy({ lineCount($0, middle) <= lines }) { upper = middle } else { lower = middle + 1 }
    }
    return lower
  }

  private func lineCount(_ words: [Int], _ width: Int) -> Int {
    var (count, room) = (0, 0)
    for word in words {
      if count == 0 || word >= room {
        count += 1
        room = width - word
      } else {
        room -= word + 1
      }
    }
    return count
  }
}

extension RenderOptions {
  /// A heading in lines of at most `width` columns; none of an empty one.
  func lines(of text: String, width: Int) -> [String] {
    text.isEmpty ? [] : wrapped(text.escapingControls, to: width, ellipsis: ellipsis)
  }
}
