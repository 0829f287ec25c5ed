import ExactText
import Faults
import Results

// Lines and points in a frame with ticks.
extension ChartSVG {
  private static let fieldWidth = 600.0
  private static let fieldHeight = 360.0
  /// Between the frame and the first point, so that none is cut.
  private static let inset = 14.0
  private static let diagonalSine = 0.7072

  /// Where numbers lie in the frame.
  private struct Field {
    let box: Box
    let x: ChartScale
    let y: ChartScale
    let isNamed: Bool

    func x(_ value: Double) -> Double {
      let inset = isNamed ? 0 : ChartSVG.inset
      return box.x + inset + x.position(value) * (box.width - 2 * inset)
    }

    func y(_ value: Double) -> Double {
      box.maxY - ChartSVG.inset - y.position(value) * (box.height - 2 * ChartSVG.inset)
    }

    func point(_ x: Double, _ y: Double) -> Point { Point(x: self.x(x), y: self.y(y)) }

    func point(_ point: Chart.Point) -> Point { self.point(point.x, point.y) }
  }

  func field(_ points: [(series: Int, point: Chart.Point)], top: Double) throws -> Body {
    let (xScale, yScale) = (try chart.xScale, try chart.yScale)
    let yTicks = try yScale.ticks(atMost: 8)
    let yWidth = yTicks.map { estimatedWidth($0.text, fontSize: Self.tickSize) }.max() ?? 0
    let left = Self.margin + 24 + yWidth + 8
    let box = Box(x: left, y: top + 10, width: Self.fieldWidth, height: Self.fieldHeight)
    let field = Field(box: box, x: xScale, y: yScale, isNamed: chart.hasNames)
    let names = try xTicks(field)
    let legend = legend(x: box.maxX + 20, top: box.y, sample)
    let parts =
      grid(field, names.ticks, yTicks) + names.texts + (try axisTitles(box, below: names.height))
      + diagonal(field) + (try lines(field)) + (try marks(points, field)) + (try labels(points, field))
      + legend.parts
    let right = legend.width > 0 ? 20 + legend.width : 0
    return Body(
      parts: parts, width: max(box.maxX + right + Self.margin, names.right + Self.margin / 2),
      height: box.maxY - top + names.height + 26)
  }

  // MARK: Axes

  private func grid(_ field: Field, _ xTicks: [ChartScale.Tick], _ yTicks: [ChartScale.Tick]) -> [String] {
    let box = field.box
    let vertical = xTicks.map { tick in
      let x = field.x(tick.value)
      return line(Point(x: x, y: box.y), Point(x: x, y: box.maxY), Self.grid)
    }
    let horizontal = yTicks.flatMap { tick in
      let y = field.y(tick.value)
      return [
        line(Point(x: box.x, y: y), Point(x: box.maxX, y: y), Self.grid),
        svgText(
          tick.text, at: Point(x: box.x - 8, y: y + 4), size: Self.tickSize,
          "text-anchor=\"end\" \(Self.soft)"
        ),
      ]
    }
    return vertical + horizontal + [rectangle(box, "fill=\"none\" \(Self.axis)")]
  }

  /// Numbers below the frame, names level where all have room, else slanted, and some of them left out.
  private func xTicks(
    _ field: Field
  ) throws -> (ticks: [ChartScale.Tick], texts: [String], height: Double, right: Double) {
    let size = Self.tickSize
    func width(_ tick: ChartScale.Tick) -> Double { estimatedWidth(tick.text, fontSize: size) }
    func fits(_ ticks: [ChartScale.Tick]) -> Bool {
      zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
        field.x(a.value) + width(a) / 2 + 10 <= field.x(b.value) - width(b) / 2
      }
    }
    func level(_ ticks: [ChartScale.Tick]) -> (
      ticks: [ChartScale.Tick], texts: [String], height: Double, right: Double
    ) {
      let texts = ticks.map {
        svgText(
          $0.text, at: Point(x: field.x($0.value), y: field.box.maxY + 18), size: size,
          "text-anchor=\"middle\" \(Self.soft)")
      }
      return (ticks, texts, 22, ticks.map { field.x($0.value) + width($0) / 2 }.max() ?? 0)
    }
    guard let categories = chart.categories else {
      return level(try field.x.ticks(atMost: 12, where: fits))
    }
    let names = try categories.interruptibleMap { Self.short($0, to: 16) }
    let all = names.enumerated().map { ChartScale.Tick(value: Double($0), text: $1) }
    if fits(all) { return level(all) }
    let ticks = field.x.ticks(names: names) { ticks in
      zip(ticks, ticks.dropFirst()).allSatisfy { field.x($1.value) - field.x($0.value) >= 18 }
    }
    let texts = ticks.map { tick in
      let place = "translate(\(pixels(field.x(tick.value) - 4)) \(pixels(field.box.maxY + 10))) rotate(45)"
      return
        "<text transform=\"\(place)\" font-size=\"\(pixels(size))\" dominant-baseline=\"middle\" \(Self.soft)>"
        + "\(xmlText(tick.text))</text>"
    }
    let reach = { (tick: ChartScale.Tick) in (width(tick) + size) * Self.diagonalSine }
    return (
      ticks, texts, 16 + (ticks.map(reach).max() ?? 0), ticks.map { field.x($0.value) + reach($0) }.max() ?? 0
    )
  }

  private func axisTitles(_ box: Box, below height: Double) throws -> [String] {
    let (x, y) = (Self.short(try chart.title(of: .x), to: 80), Self.short(try chart.title(of: .y), to: 48))
    let place = "translate(\(pixels(Self.margin + 8)) \(pixels(box.center.y))) rotate(-90)"
    return [
      svgText(
        x, at: Point(x: box.center.x, y: box.maxY + height + 16), size: Self.axisSize,
        "text-anchor=\"middle\""),
      "<text transform=\"\(place)\" font-size=\"\(pixels(Self.axisSize))\" text-anchor=\"middle\">\(xmlText(y))</text>",
    ]
  }

  private func diagonal(_ field: Field) -> [String] {
    guard let ends = chart.diagonal(field.x, field.y) else { return [] }
    return [line(field.point(ends.from, ends.from), field.point(ends.to, ends.to), Self.diagonal)]
  }

  // MARK: Series

  /// Joined points; a missing one ends a line.
  private func lines(_ field: Field) throws -> [String] {
    guard chart.kind == .line else { return [] }
    return try chart.series.enumerated().flatMap { index, series in
      try series.points.split(whereSeparator: { !chart.draws($0) }).filter { $0.count > 1 }.map { run in
        let places = try run.interruptibleMap { point in
          let place = field.point(point)
          return "\(pixels(place.x)),\(pixels(place.y))"
        }
        return "<polyline points=\"\(try places.interruptibleJoined(separator: " "))\" \(stroke(index))/>"
      }
    }
  }

  private func stroke(_ index: Int) -> String {
    let style = ChartStyle(index: index)
    let dashes = style.dashes.isEmpty ? "" : " stroke-dasharray=\"\(style.dashes)\""
    return "fill=\"none\" stroke=\"\(style.color.hex)\" stroke-width=\"2\"\(dashes)"
  }

  private func marks(_ points: [(series: Int, point: Chart.Point)], _ field: Field) throws -> [String] {
    let radius = points.count > 1000 ? 2.5 : 4
    return try points.interruptibleMap { index, point in
      "<g class=\"point\"><title>\(xmlText(tip(index, point)))</title>"
        + mark(index, at: field.point(point), radius: radius) + "</g>"
    }
  }

  /// What pointing at a point tells.
  func tip(_ index: Int, _ point: Chart.Point) -> String {
    let name = chart.series[index].name
    let x = chart.categories.map { $0[Int(point.x)] } ?? formatNumber(point.x)
    return [point.label ?? "", name].filter { !$0.isEmpty }.map { $0 + ": " }.joined()
      + "\(chart.xAxis) \(x), \(chart.yAxis) \(formatNumber(point.y))"
  }

  private func mark(_ index: Int, at place: Point, radius: Double) -> String {
    let style = ChartStyle(index: index)
    let color = style.color.hex
    let look =
      style.isFilled
      ? "fill=\"\(color)\" fill-opacity=\"0.8\"" : "fill=\"#ffffff\" stroke=\"\(color)\" stroke-width=\"1.6\""
    func polygon(_ corners: [(Double, Double)]) -> String {
      let points = corners.map { "\(pixels(place.x + $0 * radius)),\(pixels(place.y + $1 * radius))" }
      return "<polygon points=\"\(points.joined(separator: " "))\" \(look)/>"
    }
    return switch style.shape {
    case .circle: circle(place, radius, look)
    case .square: polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case .triangle: polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)])
    case .diamond: polygon([(0, -1.3), (1.1, 0), (0, 1.3), (-1.1, 0)])
    case .wedge: polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)])
    }
  }

  private func sample(_ index: Int, _ place: Point) -> String {
    let stroke =
      chart.kind == .line
      ? line(Point(x: place.x - 14, y: place.y), Point(x: place.x + 14, y: place.y), stroke(index)) : ""
    return stroke + mark(index, at: place, radius: 4)
  }

  // MARK: Labels

  /// The side of a cell of ``LabelRoom``, in pixels.
  private static let cell = 2.0
  private static let labelSize = 11.0

  private func labels(_ points: [(series: Int, point: Chart.Point)], _ field: Field) throws -> [String] {
    let box = field.box
    var room = LabelRoom(width: Int(box.width / Self.cell), height: Int(box.height / Self.cell))
    func area(_ part: Box) -> LabelRoom.Area {
      func cells(_ start: Double, _ end: Double) -> Range<Int> {
        let first = Int((start / Self.cell).rounded(.down))
        return first..<max(first + 1, Int((end / Self.cell).rounded(.up)))
      }
      return .init(
        columns: cells(part.x - box.x, part.maxX - box.x), rows: cells(part.y - box.y, part.maxY - box.y))
    }
    for (_, point) in points { room.take(area(Box(center: field.point(point), width: 8, height: 8))) }
    var texts: [String] = []
    var steps = Steps()
    for (point, label) in chart.labelled(points) where texts.count < LabelRoom.mostLabels {
      try steps.next()
      let width = estimatedWidth(label, fontSize: Self.labelSize) + 2
      let boxes = places(of: width, beside: field.point(point))
      guard let found = room.takeFirst(of: boxes.map(area), margin: 1),
        let box = boxes.first(where: { area($0) == found })
      else { continue }
      texts.append(
        svgText(
          label, at: Point(x: box.center.x, y: box.maxY - 3), size: Self.labelSize,
          "class=\"label\" text-anchor=\"middle\""))
    }
    return texts
  }

  /// To the right of a point, to the left, above and below.
  private func places(of width: Double, beside point: Point) -> [Box] {
    let height = Self.labelSize + 2
    return [(1, 0), (-1, 0), (0, -1), (0, 1)].map { right, down in
      let center = Point(
        x: point.x + right * (width / 2 + 6), y: point.y + down * (height / 2 + 6))
      return Box(center: center, width: width, height: height)
    }
  }
}
