import ExactText
import Faults
import Results

/// The bars of a chart, from top to bottom.
struct ChartBar {
  /// Of the name that it belongs to.
  let category: Int
  /// Whether it is the first of its name.
  let isFirst: Bool
  let series: Int
  let point: Chart.Point
}

extension Chart {
  /// Name by name, of each those of all series; a point without a name has no bar.
  ///
  /// - Throws: ``Interrupted``.
  var bars: [ChartBar] {
    get throws {
      var places = [[(Int, Chart.Point)]](repeating: [], count: categories?.count ?? 0)
      var steps = Steps()
      for (index, series) in series.enumerated() {
        for point in series.points where point.x.isFinite {
          try steps.next()
          places[Int(point.x)].append((index, point))
        }
      }
      return try places.enumerated().interruptibleFlatMap { category, bars in
        bars.enumerated().map { place, bar in
          ChartBar(category: category, isFirst: place == 0, series: bar.0, point: bar.1)
        }
      }
    }
  }
}

extension ChartText {
  /// A line for each bar: the name, the series where there are several, the number, the bar.
  func barLines(width: Int) throws -> [StyledText] {
    let all = try chart.bars
    let bars = all.prefix(max(0, options.maxRows ?? all.count))
    let limit = max(8, min(width / 3, 32))
    func short(_ text: String) -> String {
      truncate(text.escapingControls, to: limit, ellipsis: options.ellipsis)
    }
    let names = try bars.interruptibleMap { $0.isFirst ? short(chart.categories?[$0.category] ?? "") : "" }
    var columns = [try Column(header: short(chart.xAxis), cells: names)]
    if chart.series.count > 1 {
      let series = try bars.interruptibleMap { short(chart.series[$0.series].name) }
      columns.append(try Column(header: "", cells: series))
    }
    let values = try bars.interruptibleMap(\.point.y)
    let numbers = try alignNumbers(values, precision: min(options.precision, 4))
    let used = columns.reduce(0) { $0 + $1.width + 2 } + (numbers.first?.count ?? 0) + 1
    let shapes = TextBars(values, width: min(48, width - used), marks: PatternMarks(options))
    // The heading stands over numbers and bars together.
    let heading =
      columns.map(\.heading).joined()
      + truncate(
        chart.yAxis.escapingControls, to: max(8, width - columns.reduce(0) { $0 + $1.width + 2 }),
        ellipsis: options.ellipsis)
    var steps = Steps()
    let lines = try bars.indices.map { index in
      try steps.next()
      let text = columns.map { $0.cell(index) }.joined() + numbers[index]
      return (StyledText(text) + (shapes.width > 0 ? " " + shapes.bar(values[index]) : "")).trimmingEnd
    }
    let missing = all.count - bars.count
    return [options.bold(trimmingEnd(heading))] + lines
      + (missing > 0 ? [options.dim("\(options.ellipsis) \(plural(missing, "more bar"))")] : [])
  }

  private struct Column {
    let header: String
    let cells: [String]
    let width: Int

    init(header: String, cells: [String]) throws {
      self.header = header
      self.cells = cells
      width = max(displayWidth(header), try cells.interruptibleMap { displayWidth($0) }.max() ?? 0)
    }

    var heading: String { padRight(header, to: width) + "  " }

    func cell(_ index: Int) -> String { padRight(cells[index], to: width) + "  " }
  }
}
