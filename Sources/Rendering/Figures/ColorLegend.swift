import ExactText

/// The scale of colours beside a heat map: a strip with ticks in round steps, and what a missing number looks like.
struct ColorLegend {
  let scale: ColorScale
  let hasMissing: Bool

  static let fontSize = 11.0
  static let thickness = 16.0

  private func ticks(atMost count: Int) throws -> [ChartScale.Tick] {
    try ChartScale(from: scale.lower, to: scale.upper).ticks(atMost: count)
  }

  /// One number has one colour.
  private func single(at origin: Point) -> [String] {
    let box = Box(x: origin.x, y: origin.y, width: Self.thickness, height: 12)
    return [
      rectangle(box, "fill=\"\(scale.color(scale.lower).hex)\" \(ChartSVG.axis)"),
      svgText(
        formatNumber(scale.lower, precision: 3), at: Point(x: box.maxX + 7, y: box.y + 10),
        size: Self.fontSize,
        "class=\"tick\""),
    ]
  }

  private func stops(_ direction: String, id: String) -> String {
    let stops = (0...16).map { step in
      let position = Double(step) / 16
      return "<stop offset=\"\(pixels(position))\" stop-color=\"\(scale.color(at: position).hex)\"/>"
    }
    return "<defs><linearGradient id=\"\(id)\" \(direction)>\(stops.joined())</linearGradient></defs>"
  }

  /// From below upwards, its ticks on the right.
  ///
  /// - Returns: the parts, and the room that they take to the right.
  func upright(at origin: Point, height: Double) throws -> (parts: [String], width: Double) {
    guard scale.upper > scale.lower else {
      let missing = hasMissing ? self.missing(at: Point(x: origin.x, y: origin.y + 22)) : []
      let text = formatNumber(scale.lower, precision: 3)
      return (
        single(at: origin) + missing,
        Self.thickness + 7 + max(24, estimatedWidth(text, fontSize: Self.fontSize))
      )
    }
    let ticks = try ticks(atMost: max(2, min(7, Int(height / 28))))
    let strip = Box(x: origin.x, y: origin.y, width: Self.thickness, height: height)
    let texts = ticks.flatMap { tick in
      let y = strip.maxY - height * (scale.position(tick.value) ?? 0)
      return [
        line(Point(x: strip.maxX, y: y), Point(x: strip.maxX + 4, y: y), ChartSVG.axis),
        svgText(
          tick.text, at: Point(x: strip.maxX + 7, y: y + Self.fontSize * 0.36), size: Self.fontSize,
          "class=\"tick\""),
      ]
    }
    let missing = hasMissing ? self.missing(at: Point(x: origin.x, y: strip.maxY + 10)) : []
    let widths = ticks.map { estimatedWidth($0.text, fontSize: Self.fontSize) } + [hasMissing ? 20 : 0]
    return (
      [stops("x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\"", id: "scale"), rectangle(strip, "fill=\"url(#scale)\"")]
        + texts + missing, Self.thickness + 7 + (widths.max() ?? 0)
    )
  }

  /// From left to right, its ticks below.
  func level(at origin: Point, width: Double) throws -> [String] {
    guard scale.upper > scale.lower else {
      return single(at: origin) + (hasMissing ? missing(at: Point(x: origin.x + 90, y: origin.y)) : [])
    }
    let ticks = try ticks(atMost: 6)
    let strip = Box(x: origin.x, y: origin.y, width: width, height: 12)
    let texts = ticks.flatMap { tick in
      let x = strip.x + width * (scale.position(tick.value) ?? 0)
      return [
        line(Point(x: x, y: strip.maxY), Point(x: x, y: strip.maxY + 4), ChartSVG.axis),
        svgText(
          tick.text, at: Point(x: x, y: strip.maxY + 15), size: Self.fontSize,
          "class=\"tick\" text-anchor=\"middle\""),
      ]
    }
    return [
      stops("x1=\"0\" y1=\"0\" x2=\"1\" y2=\"0\"", id: "scale"), rectangle(strip, "fill=\"url(#scale)\""),
    ]
      + texts + (hasMissing ? missing(at: Point(x: strip.maxX + 30, y: strip.y)) : [])
  }

  private func missing(at place: Point) -> [String] {
    let box = Box(x: place.x, y: place.y, width: Self.thickness, height: 12)
    return [
      rectangle(box, "fill=\"\(ColorScale.missing.hex)\""),
      svgText("nan", at: Point(x: box.maxX + 7, y: box.y + 10), size: Self.fontSize, "class=\"tick\""),
    ]
  }
}
