import Results

/// How the series of a chart are told apart: on paper by colour, shape and stroke, on a terminal by characters.
struct ChartStyle {
  /// Of the series.
  let index: Int

  enum Shape: CaseIterable {
    case circle
    case square
    case triangle
    case diamond
    case wedge
  }

  var shape: Shape { Shape.allCases[index % Shape.allCases.count] }
  /// The second five are hollow.
  var isFilled: Bool { index < Shape.allCases.count }

  var color: RGB { Self.colors[index % Self.colors.count] }

  /// Of a line; empty for a solid one.
  var dashes: String { Self.strokes[index % Self.strokes.count] }

  func mark(isUnicode: Bool) -> String {
    let marks = isUnicode ? Self.unicode : Self.ascii
    return marks[index % marks.count]
  }

  /// In xterm's palette of 256, to be read on black and on white.
  var terminal: TextStyle { TextStyle("38;5;\(Self.palette[index % Self.palette.count])") }

  /// After Okabe and Ito, Color Universal Design (2008), without its yellow, and three dark ones.
  private static let colors = [
    RGB(0, 114, 178), RGB(213, 94, 0), RGB(0, 158, 115), RGB(204, 121, 167), RGB(34, 38, 46),
    RGB(86, 180, 233), RGB(230, 159, 0), RGB(106, 61, 154), RGB(140, 86, 75), RGB(127, 127, 127),
  ]
  private static let strokes = ["", "7 4", "2 3", "9 3 2 3", "12 4"]
  private static let palette = [74, 173, 72, 175, 245, 117, 179, 140, 137, 109]
  private static let unicode = ["●", "■", "▲", "◆", "▼", "○", "□", "△", "◇", "▽"]
  private static let ascii = ["*", "#", "^", "+", "v", "o", "x", "%", "@", "="]
}

extension Chart {
  /// The points that are drawn, with the number of their series.
  ///
  /// - Throws: ``Interrupted``, as everything here.
  var shownPoints: [(series: Int, point: Chart.Point)] {
    get throws {
      try series.indices.flatMap { index in
        try series[index].points.interruptibleFlatMap { draws($0) ? [(index, $0)] : [] }
      }
    }
  }

  var xScale: ChartScale {
    get throws {
      if let categories { return ChartScale(names: categories.count) }
      return try scale(.x, shownPoints.interruptibleMap(\.point.x))
    }
  }

  var yScale: ChartScale {
    get throws { try scale(.y, shownPoints.interruptibleMap(\.point.y)) }
  }

  private func scale(_ axis: Axis, _ values: [Double]) throws -> ChartScale {
    try logarithms.contains(axis)
      ? ChartScale(logarithmsOf: values) : ChartScale(values, includesZero: axis == .y && kind == .bar)
  }

  /// The name of an axis, and how it is drawn.
  func title(of axis: Axis) throws -> String {
    let name = axis == .x ? xAxis : yAxis
    guard logarithms.contains(axis) else { return name }
    let scale = try axis == .x ? xScale : yScale
    return name + (scale.setsZeroApart ? " (logarithmic, 0 set apart)" : " (logarithmic)")
  }

  /// The part of the line x = y within the axes; nil where it does not meet them.
  func diagonal(_ x: ChartScale, _ y: ChartScale) -> (from: Double, to: Double)? {
    let (from, to) = (max(x.lower, y.lower), min(x.upper, y.upper))
    return showsDiagonal && from < to ? (from, to) : nil
  }

  /// The points whose labels are written where there is room, with the numbers of their series.
  func labelled(_ points: [(series: Int, point: Chart.Point)]) -> [(point: Chart.Point, label: String)] {
    points.lazy.compactMap { _, point in point.showsLabel ? point.label.map { (point, $0) } : nil }
      .prefix(LabelRoom.mostTried).map { ($0, truncate($1.escapingControls, to: 24, ellipsis: "…")) }
  }

  /// What is not drawn; nil when everything is.
  func omission(shown: Int) -> String? {
    let missing = pointCount - shown
    guard missing > 0 else { return nil }
    return "\(plural(missing, kind == .bar ? "bar" : "point")) not drawn: no finite number"
      + (!logarithms.isEmpty ? ", or below 0, which has no logarithm" : "")
  }

  var diagonalNote: String { "\(yAxis) = \(xAxis)" }
}
