import ExactText
import Faults
import Results

/// A chart on a terminal: points and lines in a frame with ticks, or bars beside their names and numbers.
struct ChartText {
  let chart: Chart
  let options: RenderOptions

  init(_ chart: Chart, _ options: RenderOptions) {
    self.chart = chart
    self.options = options
  }

  /// More columns do not make a chart easier to read.
  private static let widest = 100

  /// - Throws: ``Interrupted``, as everything here.
  func lines(width: Int) throws -> [StyledText] {
    let width = min(width, Self.widest)
    let points = try chart.shownPoints
    let heading =
      options.lines(of: chart.title, width: width).map(options.bold)
      + options.lines(of: chart.subtitle, width: width).map(options.dim)
    let omission =
      chart.omission(shown: points.count).map { options.lines(of: $0, width: width).map(options.dim) } ?? []
    if points.isEmpty, chart.kind != .bar || chart.pointCount == 0 {
      return heading + options.lines(of: "(no points)", width: width).map(options.dim) + omission
    }
    let drawing =
      try chart.kind == .bar ? barLines(width: width) : legend(width) + field(points, width: width)
    return heading + drawing + omission
  }

  // MARK: Legend

  private func legend(_ width: Int) -> [StyledText] {
    let series = chart.series.count > 1 ? Array(chart.series.indices) : []
    var entries = series.map { entry(mark($0), chart.series[$0].name, width) }
    if chart.showsDiagonal {
      entries.append(entry(StyledText(options.unicode ? "⠂⠂" : ".."), chart.diagonalNote, width))
    }
    var lines: [StyledText] = []
    var used = 0
    for entry in entries {
      let needed = displayWidth(entry.plain)
      if let last = lines.indices.last, used + 3 + needed <= width {
        lines[last] += "   " + entry
        used += 3 + needed
      } else {
        lines.append(entry)
        used = needed
      }
    }
    return lines
  }

  private func entry(_ sample: StyledText, _ name: String, _ width: Int) -> StyledText {
    let room = max(0, min(48, width - displayWidth(sample.plain) - 1))
    let text = truncate(name.escapingControls, to: room, ellipsis: options.ellipsis)
    return (sample + StyledText(" " + text)).trimmingEnd
  }

  private func mark(_ index: Int) -> StyledText {
    let style = ChartStyle(index: index)
    return options.styled(style.mark(isUnicode: options.unicode), style.terminal)
  }

  // MARK: Field

  private func field(_ points: [(series: Int, point: Chart.Point)], width: Int) throws -> [StyledText] {
    let (x, y) = (try chart.xScale, try chart.yScale)
    let height = min(max(width / 4, 6), 18)
    let yTicks = try y.ticks(atMost: height / 3 + 1)
    let widest = yTicks.map { displayWidth($0.text) }.max() ?? 0
    // A frame that leaves no room for what is in it has no numbers beside it.
    let margin = width - widest - 2 >= 8 ? widest + 1 : 0
    var canvas = ChartCanvas(
      width: max(1, width - margin - 1), height: height, isUnicode: options.unicode)
    try draw(points, x, y, on: &canvas)
    let marks = yTicks.map { (canvas.cell(0, y.position($0.value)).row, $0.text) }
    let rows = canvas.lines.enumerated().map { row, line in
      let text = marks.first { $0.0 == row }?.1
      let label = margin > 0 ? padLeft(text ?? "", to: margin - 1) + " " : ""
      return (StyledText(label + (text == nil ? frame.side : frame.tick)) + line).trimmingEnd
    }
    let above = options.lines(of: try chart.title(of: .y), width: width).map { StyledText($0) }
    return above + rows + (try xAxis(x, margin: margin, canvas))
  }

  private var frame: (side: String, tick: String, corner: String, bottom: String, mark: String) {
    options.unicode ? ("│", "┤", "└", "─", "┬") : ("|", "+", "+", "-", "+")
  }

  /// The frame's lower side, the numbers or names below it, and what they are.
  private func xAxis(_ x: ChartScale, margin: Int, _ canvas: ChartCanvas) throws -> [StyledText] {
    let width = margin + 1 + canvas.width
    /// Where a tick's text begins: centred below it, but within the line.
    func start(_ tick: ChartScale.Tick) -> Int {
      let middle = margin + 1 + canvas.cell(x.position(tick.value), 0).column
      let length = displayWidth(tick.text)
      return max(0, min(middle - length / 2, width - length))
    }
    func fits(_ ticks: [ChartScale.Tick]) -> Bool {
      zip(ticks, ticks.dropFirst()).allSatisfy { start($0) + displayWidth($0.text) + 2 <= start($1) }
    }
    let ticks: [ChartScale.Tick]
    if let categories = chart.categories {
      let names = try categories.interruptibleMap {
        truncate($0.escapingControls, to: min(16, width), ellipsis: options.ellipsis)
      }
      ticks = x.ticks(names: names, where: fits)
    } else {
      ticks = try x.ticks(atMost: max(2, canvas.width / 6), where: fits)
    }
    let marked = Set(ticks.map { canvas.cell(x.position($0.value), 0).column })
    let side = (0..<canvas.width).map { marked.contains($0) ? frame.mark : frame.bottom }.joined()
    var numbers = ""
    for tick in ticks { numbers = padRight(numbers, to: start(tick)) + tick.text }
    let title = options.lines(of: try chart.title(of: .x), width: width).map {
      StyledText(
        spaces(max(0, min(margin + 1 + (canvas.width - displayWidth($0)) / 2, width - displayWidth($0)))) + $0
      )
    }
    return [StyledText(spaces(margin) + frame.corner + side), StyledText(numbers)] + title
  }

  /// Lines lie below points, labels beside them.
  private func draw(
    _ points: [(series: Int, point: Chart.Point)], _ x: ChartScale, _ y: ChartScale,
    on canvas: inout ChartCanvas
  ) throws {
    if let ends = chart.diagonal(x, y) {
      canvas.line(
        from: (x.position(ends.from), y.position(ends.from)), to: (x.position(ends.to), y.position(ends.to)),
        gap: options.unicode ? 3 : 2)
    }
    var steps = Steps()
    for series in chart.series where chart.kind == .line {
      for (from, to) in zip(series.points, series.points.dropFirst())
      where chart.draws(from) && chart.draws(to) {
        try steps.next()
        canvas.line(
          from: (x.position(from.x), y.position(from.y)), to: (x.position(to.x), y.position(to.y)))
      }
    }
    var room = LabelRoom(width: canvas.width, height: canvas.height)
    for (index, point) in points {
      try steps.next()
      let cell = canvas.cell(x.position(point.x), y.position(point.y))
      let style = ChartStyle(index: index)
      canvas.write(
        style.mark(isUnicode: options.unicode), column: cell.column, row: cell.row,
        style: options.color ? style.terminal : nil)
      room.take(.init(columns: cell.column..<(cell.column + 1), rows: cell.row..<(cell.row + 1)))
    }
    var written = 0
    for (point, label) in chart.labelled(points) where written < LabelRoom.mostLabels {
      try steps.next()
      let cell = canvas.cell(x.position(point.x), y.position(point.y))
      let places = places(of: displayWidth(label), beside: cell)
      guard let area = room.takeFirst(of: places, margin: 1) else { continue }
      canvas.write(label, column: area.columns.lowerBound, row: area.rows.lowerBound)
      written += 1
    }
  }

  /// To the right of a point, to the left, above and below.
  private func places(of width: Int, beside cell: (column: Int, row: Int)) -> [LabelRoom.Area] {
    func area(_ column: Int, _ row: Int) -> LabelRoom.Area {
      .init(columns: column..<(column + width), rows: row..<(row + 1))
    }
    let middle = cell.column - width / 2
    return [
      area(cell.column + 1, cell.row), area(cell.column - width, cell.row), area(middle, cell.row - 1),
      area(middle, cell.row + 1),
    ]
  }
}
