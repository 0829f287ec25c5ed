import ExactText
import Faults
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

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [String] {
    let title = map.title.isEmpty ? [] : [options.bold(map.title.escapingControls)]
    if map.values.count == 0 { return title + ["heat map \(shapeText(map.values.shape))"] }
    return try title + (options.color ? coloredLines(width: width) : matrixLines(width: width))
  }

  // MARK: Without colour

  /// With as many digits as let all columns fit; else with few, and the last columns left out.
  private func matrixLines(width: Int) throws -> [String] {
    let grids = try [options.precision, 3, 2].map { try grid(precision: min($0, options.precision)) }
    return try (grids.first { $0.readableWidth <= width } ?? grids[2]).lines(width: width)
  }

  private func grid(precision: Int) throws -> Grid {
    let texts = try self.texts(precision: precision)
    let numbers = try columnLabels.indices.map { column in
      try Grid.Column(header: columnLabels[column], cells: texts.map { $0[column] }, isNumeric: true)
    }
    return Grid([try Grid.Column(header: axes, cells: rowLabels)] + numbers, options: options)
  }

  private var axes: String { "\(map.rowAxis)/\(map.columnAxis)".escapingControls }

  /// Every value, all of one width, row by row.
  private func texts(precision: Int) throws -> [[String]] {
    let texts = try alignNumbers(map.values.values.map { Double($0) }, precision: precision)
    let count = columnLabels.count
    return rowLabels.indices.map { Array(texts[($0 * count)..<(($0 + 1) * count)]) }
  }

  // MARK: With colour

  private func coloredLines(width: Int) throws -> [String] {
    let layout = try cellLayout(width: width)
    func line(_ label: String, _ cells: String) -> String {
      padRight(truncated(label, layout.labelWidth), to: layout.labelWidth) + " " + cells
    }
    let rows = try rowLabels.indices.interruptibleMap { row in
      let values = map.values[row].values
      let cells = layout.columns.map { cell(Double(values[$0]), layout.texts?[row][$0], layout.cellWidth) }
      return line(layout.rowLabels[row], cells.joined())
    }
    return [trimmingEnd(line(axes, layout.header))] + rows + legend(layout, width: width)
  }

  private func cell(_ value: Double, _ text: String?, _ width: Int) -> String {
    // Colour cannot tell infinities from the ends of the scale.
    let text = text ?? (value.isFinite ? "" : formatNumber(value))
    let cell = padCenter(String(text.prefix(width)), to: width)
    return scale.background(of: cell, value, trueColor: options.trueColor)
  }

  /// Numbers and labels in the cells if they fit; else narrow cells under indices.
  private func cellLayout(width: Int) throws -> HeatmapLayout {
    for (precision, labelLimit) in [(3, 10), (2, 7)] {
      let texts = try self.texts(precision: min(options.precision, precision))
      let labels = columnLabels.map { truncated($0, labelLimit) }
      let layout = HeatmapLayout(
        labelWidth: labelWidth(rowLabels, width), rowLabels: rowLabels, columnLabels: labels, texts: texts)
      if layout.width <= width { return layout }
    }
    let digits = String(columnLabels.count - 1).count
    let labels =
      sharesLabels
      ? rowLabels.enumerated().map { padLeft("\($0)", to: digits) + " " + $1 } : rowLabels
    return HeatmapLayout(
      labelWidth: labelWidth(labels, width), rowLabels: labels, columnCount: columnLabels.count, width: width)
  }

  private func labelWidth(_ labels: [String], _ width: Int) -> Int {
    min((labels + [axes]).map(displayWidth).max() ?? 0, max(8, width / 4))
  }

  /// Whether the rows' labels, with their indices, also tell the columns.
  private var sharesLabels: Bool { rowLabels.elementsEqual(columnLabels) { $0 == $1 } }

  private func legend(_ layout: HeatmapLayout, width: Int) -> [String] {
    var lines: [String] = []
    if layout.columns.count < columnLabels.count {
      let missing = columnLabels.count - layout.columns.count
      lines.append(options.dim("\(options.ellipsis) \(plural(missing, "more column"))"))
    }
    if case nil = layout.texts, !sharesLabels {
      let entries = layout.columns.map { "\($0) \(columnLabels[$0])" }
      lines += wrap(["\(map.columnAxis.escapingControls):"] + entries, width: width)
    }
    return lines + [colorBar]
  }

  private var colorBar: String {
    let steps = 16
    let cells = (0..<steps).map { step in
      scale.background(
        of: " ", at: Double(step) / Double(steps - 1), trueColor: options.trueColor)
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
