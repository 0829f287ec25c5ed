import ExactText

/// How a heat map's cells are laid out on a terminal.
struct HeatmapLayout {
  let labelWidth: Int
  let rowLabels: [String]
  let cellWidth: Int
  /// What stands above the cells.
  let header: String
  /// The columns that are shown.
  let columns: Range<Int>
  /// Texts of the cells; nil when they are too narrow for numbers.
  let texts: [[String]]?

  /// Columns that a cell with a number of one digit takes.
  static let narrowestCell = 2

  /// Cells wide enough for their numbers and column labels.
  init(labelWidth: Int, rowLabels: [String], columnLabels: [String], texts: [[String]]) {
    let widest = (columnLabels + texts.joined()).map(displayWidth).max() ?? 0
    cellWidth = widest + 1
    self.labelWidth = labelWidth
    self.rowLabels = rowLabels
    self.texts = texts
    columns = 0..<columnLabels.count
    header = columnLabels.map { [cellWidth] in padCenter($0, to: cellWidth) }.joined()
  }

  /// Cells of 1 to 4 columns under indices; as many of them as fit `width`.
  init(labelWidth: Int, rowLabels: [String], columnCount: Int, width: Int) {
    let room = max(1, width - labelWidth - 1)
    cellWidth = max(1, min(4, room / columnCount))
    self.labelWidth = labelWidth
    self.rowLabels = rowLabels
    texts = nil
    columns = 0..<max(1, min(columnCount, room / cellWidth))
    header = Self.indices(columns, cellWidth: cellWidth)
  }

  /// Of the whole map.
  var width: Int { labelWidth + 1 + cellWidth * columns.count }

  /// Every index where there is room, else every 2nd, 5th, 10th, ...; each begins at its column.
  private static func indices(_ columns: Range<Int>, cellWidth: Int) -> String {
    let digits = String(columns.count - 1).count
    if cellWidth > digits { return columns.map { padCenter("\($0)", to: cellWidth) }.joined() }
    let step = [2, 5, 10, 20, 50, 100].first { $0 * cellWidth > digits } ?? columns.count
    return stride(from: 0, to: columns.count, by: step).map { index in
      padRight("\(index)", to: step * cellWidth)
    }.joined()
  }
}

func padCenter(_ text: String, to width: Int) -> String {
  let room = max(0, width - displayWidth(text))
  return spaces((room + 1) / 2) + text + spaces(room / 2)
}
