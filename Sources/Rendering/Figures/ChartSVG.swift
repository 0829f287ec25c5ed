import ExactText
import Faults
import Results

/// A chart as a drawing.
struct ChartSVG {
  let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  static let margin = 24.0
  static let tickSize = 12.0
  static let axisSize = 13.0
  static let legendSize = 12.0
  static let grid = "stroke=\"#eceef2\" stroke-width=\"1\""
  static let axis = "stroke=\"#8b93a1\" stroke-width=\"1\""
  static let soft = "fill=\"\(PatternPlotSVG.soft)\""

  /// What is drawn below the titles, and its extent.
  struct Body {
    var parts: [String]
    var width: Double
    var height: Double
  }

  /// - Throws: ``Interrupted``, as everything here.
  func drawing() throws -> SVGDrawing {
    let points = try chart.shownPoints
    let isEmpty = points.isEmpty
    let top = Self.margin + (chart.title.isEmpty ? 0 : 28) + (chart.subtitle.isEmpty ? 0 : 22)
    var body = try isEmpty ? empty(top: top) : chart.kind == .bar ? bars(top: top) : field(points, top: top)
    if let note = chart.omission(shown: points.count) {
      body.height += 22
      body.parts.append(
        svgText(note, at: Point(x: Self.margin, y: top + body.height - 4), size: Self.tickSize, Self.soft))
      body.width = max(body.width, Self.margin * 2 + estimatedWidth(note, fontSize: Self.tickSize))
    }
    let width = max(body.width, titleWidth, subtitleWidth)
    return SVGDrawing(
      title: chart.title, width: width, height: top + body.height + Self.margin / 2,
      parts: titles + body.parts)
  }

  // MARK: Titles

  private static let titleSize = 17.0
  private static let subtitleSize = 13.0
  private var title: String { truncate(chart.title.escapingControls, to: 100, ellipsis: "…") }
  private var subtitle: String { truncate(chart.subtitle.escapingControls, to: 120, ellipsis: "…") }
  // Bold letters are wider.
  private var titleWidth: Double { 2 * Self.margin + 1.1 * estimatedWidth(title, fontSize: Self.titleSize) }
  private var subtitleWidth: Double {
    2 * Self.margin + estimatedWidth(subtitle, fontSize: Self.subtitleSize)
  }

  private var titles: [String] {
    var (parts, y) = ([String](), Self.margin - 4)
    if !title.isEmpty {
      y += 18
      parts.append(
        svgText(title, at: Point(x: Self.margin, y: y), size: Self.titleSize, "font-weight=\"bold\""))
    }
    if !subtitle.isEmpty {
      y += 20
      parts.append(svgText(subtitle, at: Point(x: Self.margin, y: y), size: Self.subtitleSize, Self.soft))
    }
    return parts
  }

  private func empty(top: Double) -> Body {
    Body(
      parts: [svgText("no points", at: Point(x: Self.margin, y: top + 24), size: Self.axisSize, Self.soft)],
      width: 240, height: 40)
  }

  /// A name in the drawing.
  static func short(_ text: String, to width: Int = 24) -> String {
    truncate(text.escapingControls, to: width, ellipsis: "…")
  }

  // MARK: Legend

  /// Samples of the series down the right side, and the diagonal's; of one series nothing.
  ///
  /// - Returns: the parts, and the room that they take to the right.
  func legend(x: Double, top: Double, _ sample: (Int, Point) -> String) -> (parts: [String], width: Double) {
    let series = chart.series.count > 1 ? Array(chart.series.indices) : []
    var (parts, width) = ([String](), 0.0)
    func add(_ text: String, _ sample: (Point) -> String) {
      let y = top + 10 + 20 * Double(parts.count / 2)
      parts += [
        sample(Point(x: x + 14, y: y)),
        svgText(text, at: Point(x: x + 34, y: y + 4), size: Self.legendSize, "class=\"legend\""),
      ]
      width = max(width, 34 + estimatedWidth(text, fontSize: Self.legendSize))
    }
    for index in series { add(Self.short(chart.series[index].name)) { sample(index, $0) } }
    if chart.showsDiagonal {
      add(Self.short(chart.diagonalNote, to: 48)) {
        line(Point(x: $0.x - 14, y: $0.y), Point(x: $0.x + 14, y: $0.y), Self.diagonal)
      }
    }
    return (parts, width)
  }

  static let diagonal = "\(axis) stroke-dasharray=\"4 4\""
}
