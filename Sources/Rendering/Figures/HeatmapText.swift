import Results
import Tensors

/// A heat map on a terminal: coloured cells, or numbers where there is no colour.
struct HeatmapText {
  private let map: Heatmap
  private let options: RenderOptions
  private let scale: ColorScale
  private let rowLabels: [String]
  private let columnLabels: [String]

  init(_ map: Heatmap, _ options: RenderOptions) {
    self.map = map
    self.options = options
    scale = ColorScale(map.values)
    rowLabels = map.rowLabels.map(\.escapingControls)
    columnLabels = map.columnLabels.map(\.escapingControls)
  }

  func lines(width: Int) -> [String] {
    let title = map.title.isEmpty ? [] : [options.bold(map.title.escapingControls)]
    if map.values.count == 0 { return title + ["heat map \(shapeText(map.values.shape))"] }
    return title + (options.color ? coloredLines(width: width) : matrixLines(width: width))
  }

  // MARK: Without colour

  private func matrixLines(width: Int) -> [String] {
    let texts = self.texts(precision: options.precision)
    let numbers = columnLabels.indices.map { column in
      Grid.Column(header: columnLabels[column], cells: texts.map { $0[column] }, isNumeric: true)
    }
    let labels = Grid.Column(header: axes, cells: rowLabels)
    return Grid([labels] + numbers, options: options).lines(width: width)
  }

  private var axes: String { "\(map.rowAxis)/\(map.columnAxis)".escapingControls }

  /// Every value, all of one width, row by row.
  private func texts(precision: Int) -> [[String]] {
    let texts = alignNumbers(map.values.values.map(Double.init), precision: precision)
    let count = columnLabels.count
    return rowLabels.indices.map { Array(texts[($0 * count)..<(($0 + 1) * count)]) }
  }

  // MARK: With colour

  private func coloredLines(width: Int) -> [String] {
    let layout = layout(width: width)
    let header = layout.columns.map { padCenter(layout.header[$0], to: layout.cellWidth) }.joined()
    var lines = [
      trimmingEnd(padRight(truncated(axes, layout.labelWidth), to: layout.labelWidth) + " " + header)
    ]
    for row in rowLabels.indices {
      let cells = layout.columns.map { column in
        let value = Double(map.values[row][column].values[0])
        let text = padCenter(
          truncated(layout.text(row, column, value), layout.cellWidth), to: layout.cellWidth)
        return scale.color(value).background(of: text, trueColor: options.trueColor)
      }
      let label = truncated(layout.rowLabels[row], layout.labelWidth)
      lines.append(padRight(label, to: layout.labelWidth) + " " + cells.joined())
    }
    return lines + legend(layout, width: width)
  }

  private struct Layout {
    var labelWidth: Int
    var rowLabels: [String]
    var header: [String]
    var cellWidth: Int
    /// Texts of the cells; nil when they are too narrow for numbers.
    var texts: [[String]]?
    /// Columns that fit.
    var columns: Range<Int>
    var isIndexed: Bool

    func text(_ row: Int, _ column: Int, _ value: Double) -> String {
      if let texts { return texts[row][column] }
      return value.isFinite ? "" : formatNumber(value)
    }
  }

  /// Numbers and labels in the cells if they fit; else narrow cells under indices.
  private func layout(width: Int) -> Layout {
    let count = columnLabels.count
    let texts = self.texts(precision: min(options.precision, 3))
    let labels = columnLabels.map { truncated($0, 10) }
    let labelWidth = min((rowLabels + [axes]).map(displayWidth).max() ?? 0, max(8, width / 4))
    let wide = max(texts[0][0].count, labels.map(displayWidth).max() ?? 0) + 2
    if labelWidth + 1 + wide * count <= width {
      return Layout(
        labelWidth: labelWidth, rowLabels: rowLabels, header: labels, cellWidth: wide, texts: texts,
        columns: 0..<count, isIndexed: false)
    }
    let digits = String(count - 1).count
    let indexedLabels =
      sharesLabels ? rowLabels.enumerated().map { padLeft("\($0)", to: digits) + " " + $1 } : rowLabels
    let indexedWidth = min((indexedLabels + [axes]).map(displayWidth).max() ?? 0, max(8, width / 4))
    let room = max(1, width - indexedWidth - 1)
    let narrow = max(digits + 1, min(4, room / count))
    return Layout(
      labelWidth: indexedWidth, rowLabels: indexedLabels, header: (0..<count).map(String.init),
      cellWidth: narrow, texts: nil, columns: 0..<max(1, min(count, room / narrow)), isIndexed: true)
  }

  /// Whether the rows' labels, with their indices, also tell the columns.
  private var sharesLabels: Bool { rowLabels == columnLabels }

  private func legend(_ layout: Layout, width: Int) -> [String] {
    var lines: [String] = []
    if layout.columns.count < columnLabels.count {
      let missing = columnLabels.count - layout.columns.count
      lines.append(options.dim("\(options.ellipsis) \(plural(missing, "more column"))"))
    }
    if layout.isIndexed, !sharesLabels {
      let entries = layout.columns.map { "\($0) \(columnLabels[$0])" }
      lines += wrap(["\(map.columnAxis.escapingControls):"] + entries, width: width)
    }
    return lines + [colorBar]
  }

  private var colorBar: String {
    let steps = 16
    let cells = (0..<steps).map { step in
      scale.color(at: Double(step) / Double(steps - 1)).background(of: " ", trueColor: options.trueColor)
    }
    let half = steps / 2
    let bar =
      scale.isDiverging
      ? cells[..<half].joined() + " 0 " + cells[half...].joined() : cells.joined()
    let ends = [scale.lower, scale.upper].map { formatNumber($0, precision: min(options.precision, 3)) }
    return "\(ends[0]) \(bar) \(ends[1])"
  }

  private func truncated(_ text: String, _ width: Int) -> String {
    truncate(text, to: width, ellipsis: options.ellipsis)
  }
}

private func padCenter(_ text: String, to width: Int) -> String {
  let room = max(0, width - displayWidth(text))
  return spaces((room + 1) / 2) + text + spaces(room / 2)
}

/// Entries two spaces apart on as few lines as possible.
private func wrap(_ entries: [String], width: Int) -> [String] {
  var lines: [String] = []
  for entry in entries {
    if let last = lines.last, displayWidth(last) + 2 + displayWidth(entry) <= width {
      lines[lines.count - 1] = last + "  " + entry
    } else {
      lines.append(entry)
    }
  }
  return lines
}
