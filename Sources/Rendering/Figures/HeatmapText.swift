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

  /// - Throws: ``Interrupted``, as everything here.
  init(_ map: Heatmap, _ options: RenderOptions) throws {
    self.map = map
    self.options = options
    scale = try ColorScale(map.values)
    rowLabels = try map.rowLabels.interruptibleMap(\.escapingControls)
    columnLabels = try map.columnLabels.interruptibleMap(\.escapingControls)
  }

  func lines(width: Int) throws -> [StyledText] {
    let title = map.title.isEmpty ? [] : [options.bold(map.title.escapingControls)]
    if map.values.count == 0 { return title + ["heat map \(shapeText(map.values.shape))"] }
    return try title + (options.color ? coloredLines(width: width) : matrixLines(width: width))
  }

  // MARK: Without colour

  /// With as many digits as let all columns fit; else with few, and the last columns left out.
  private func matrixLines(width: Int) throws -> [StyledText] {
    for precision in [options.precision, 3] {
      let grid = try grid(precision: min(precision, options.precision))
      if try grid.readableWidth() <= width { return try grid.lines(width: width) }
    }
    return try grid(precision: min(2, options.precision)).lines(width: width)
  }

  private func grid(precision: Int) throws -> Grid {
    let texts = try self.texts(precision: precision)
    let numbers = try columnLabels.indices.interruptibleMap { column in
      let cells = try texts.interruptibleMap { $0[column] }
      return try Grid.Column(header: columnLabels[column], cells: cells, isNumeric: true)
    }
    return Grid([try Grid.Column(header: axes, cells: rowLabels)] + numbers, options: options)
  }

  private var axes: String { "\(map.rowAxis)/\(map.columnAxis)".escapingControls }

  /// Every value, all of one width, row by row.
  private func texts(precision: Int) throws -> [[String]] {
    let texts = try alignNumbers(map.values.interruptibleValues { Double($0) }, precision: precision)
    let count = columnLabels.count
    return try rowLabels.indices.interruptibleMap { Array(texts[($0 * count)..<(($0 + 1) * count)]) }
  }

  // MARK: With colour

  /// Every value with the same decimals, all of one width, row by row; nil where they do not fit.
  private func cellTexts(width: Int) throws -> [[String]]? {
    guard let texts = try CellNumbers.texts(map.values.interruptibleValues { $0.asWritten }, width: width)
    else { return nil }
    let (widest, count) = (texts.map(\.utf8.count).max() ?? 0, columnLabels.count)
    return try rowLabels.indices.interruptibleMap { row in
      texts[(row * count)..<((row + 1) * count)].map { padLeft($0, to: widest) }
    }
  }

  private func coloredLines(width: Int) throws -> [StyledText] {
    let layout = try cellLayout(width: width)
    func line(_ label: String, _ cells: StyledText) -> StyledText {
      "\(padRight(truncated(label, layout.labelWidth), to: layout.labelWidth)) \(cells)"
    }
    let rows = try rowLabels.indices.interruptibleMap { row in
      let values = map.values[row].values
      let cells = layout.columns.map { cell(Double(values[$0]), layout.texts?[row][$0], layout.cellWidth) }
      return line(layout.rowLabels[row], cells.joined())
    }
    return [line(axes, StyledText(layout.header)).trimmingEnd] + rows + legend(layout, width: width)
  }

  private func cell(_ value: Double, _ text: String?, _ width: Int) -> StyledText {
    // Colour cannot tell infinities from the ends of the scale.
    let text = text ?? (value.isFinite ? "" : formatNumber(value))
    let cell = padCenter(String(text.prefix(width)), to: width)
    return scale.background(of: cell, value, trueColor: options.trueColor)
  }

  /// Numbers and labels in the cells if they fit; else narrow cells under indices.
  private func cellLayout(width: Int) throws -> HeatmapLayout {
    // Cells of one digit are the narrowest: what these do not leave room for needs no numbers.
    let mayFit = HeatmapLayout.narrowestCell * columnLabels.count <= width
    for (numberLimit, labelLimit) in [(6, 10), (5, 7), (4, 5)] where mayFit {
      guard let texts = try cellTexts(width: numberLimit) else { continue }
      let labels = columnLabels.map { truncated($0, labelLimit) }
      let layout = HeatmapLayout(
        labelWidth: try labelWidth(rowLabels, width), rowLabels: rowLabels, columnLabels: labels, texts: texts
      )
      if layout.width <= width { return layout }
    }
    let digits = String(columnLabels.count - 1).count
    let labels =
      sharesLabels
      ? try rowLabels.enumerated().interruptibleMap { padLeft("\($0)", to: digits) + " " + $1 } : rowLabels
    return HeatmapLayout(
      labelWidth: try labelWidth(labels, width), rowLabels: labels, columnCount: columnLabels.count,
      width: width)
  }

  private func labelWidth(_ labels: [String], _ width: Int) throws -> Int {
    min(
      max(try labels.interruptibleMap { displayWidth($0) }.max() ?? 0, displayWidth(axes)), max(8, width / 4))
  }

  /// Whether the rows' labels, with their indices, also tell the columns.
  private var sharesLabels: Bool { rowLabels.elementsEqual(columnLabels) { $0 == $1 } }

  private func legend(_ layout: HeatmapLayout, width: Int) -> [StyledText] {
    var lines: [StyledText] = []
    if layout.columns.count < columnLabels.count {
      let missing = columnLabels.count - layout.columns.count
      lines.append(options.dim("\(options.ellipsis) \(plural(missing, "more column"))"))
    }
    if case nil = layout.texts, !sharesLabels {
      let entries = layout.columns.map { "\($0) \(columnLabels[$0])" }
      lines += wrap(["\(map.columnAxis.escapingControls):"] + entries, width: width).map { StyledText($0) }
    }
    return lines + [scale.bar(options)]
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
