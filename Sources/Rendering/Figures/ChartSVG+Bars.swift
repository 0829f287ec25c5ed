import ExactText
import Faults
import Results

// Bars from top to bottom, their names on the left and their numbers on the right.
extension ChartSVG {
  private static let barsWidth = 460.0

  /// Lengths in pixels that depend on the number of bars.
  private struct Sizes {
    /// From a bar to the next.
    let pitch: Double
    /// More, between names.
    let gap: Double

    init(bars: Int, names: Int) {
      pitch = bars <= 60 ? 18 : bars <= 200 ? 14 : bars <= 1000 ? 6 : 3
      gap = bars > names ? pitch / 2 : bars <= 60 ? 4 : 0
    }

    var showsTexts: Bool { pitch >= 12 }
    var thickness: Double { max(2, pitch - 3) }
  }

  func bars(top: Double) throws -> Body {
    let bars = try chart.bars
    let sizes = Sizes(bars: bars.count, names: chart.categories?.count ?? 0)
    let size = Self.tickSize
    let names = try (chart.categories ?? []).interruptibleMap { Self.short($0) }
    let nameWidth = try names.interruptibleMap { estimatedWidth($0, fontSize: size) }.max() ?? 0
    let head = top + 30
    let ys = self.ys(of: bars, sizes, from: head)
    let area = Box(
      x: Self.margin + max(nameWidth, estimatedWidth(Self.short(chart.xAxis), fontSize: Self.axisSize)) + 10,
      y: head, width: Self.barsWidth, height: max(sizes.pitch, (ys.last ?? head) + sizes.pitch - head))
    let scale = try chart.yScale
    func x(_ value: Double) -> Double { area.x + scale.position(value) * area.width }
    let numbers = sizes.showsTexts ? try numbers(bars) : (texts: [], width: 0)
    let shapes = try bars.indices.interruptibleFlatMap { index -> [String] in
      let (bar, y) = (bars[index], ys[index])
      let middle = y + sizes.pitch / 2 + size * 0.36
      return name(bar, names, y: middle, right: area.x - 8, sizes)
        + shape(bar, from: x(0), to: x(bar.point.y), y: y + (sizes.pitch - sizes.thickness) / 2, sizes)
        + (sizes.showsTexts
          ? [
            svgText(
              numbers.texts[index], at: Point(x: area.maxX + 12 + numbers.width, y: middle), size: size,
              "text-anchor=\"end\" \(Self.soft)")
          ] : [])
    }
    let right = area.maxX + (numbers.width > 0 ? 12 + numbers.width : 0)
    let legend = legend(x: right + 24, top: area.y) { index, place in
      rectangle(Box(center: place, width: 20, height: 10), "fill=\"\(ChartStyle(index: index).color.hex)\"")
    }
    let axis = line(Point(x: x(0), y: area.y), Point(x: x(0), y: area.maxY), Self.axis)
    let end = right + (legend.width > 0 ? 24 + legend.width : 0)
    return Body(
      parts: try barAxis(scale, area, x) + shapes + [axis] + legend.parts, width: end + Self.margin,
      height: max(area.maxY - top + 24, Double(legend.parts.count) * 10 + 40))
  }

  /// The upper sides of the bars.
  private func ys(of bars: [ChartBar], _ sizes: Sizes, from top: Double) -> [Double] {
    var y = top + 4
    return bars.enumerated().map { index, bar in
      if index > 0 { y += sizes.pitch + (bar.isFirst ? sizes.gap : 0) }
      return y
    }
  }

  private func numbers(_ bars: [ChartBar]) throws -> (texts: [String], width: Double) {
    let texts = try alignNumbers(bars.map(\.point.y), precision: 4).map { text in
      String(text.drop { $0 == " " }.prefix { $0 != " " })
    }
    return (texts, texts.map { estimatedWidth($0, fontSize: Self.tickSize) }.max() ?? 0)
  }

  /// Of every bar that is the first of its name; of thin bars of some, that do not touch.
  private func name(_ bar: ChartBar, _ names: [String], y: Double, right: Double, _ sizes: Sizes) -> [String]
  {
    let distance = Int((15 / sizes.pitch).rounded(.up))
    guard bar.isFirst, sizes.showsTexts || bar.category % distance == 0 else { return [] }
    return [
      svgText(
        names[bar.category], at: Point(x: right, y: y), size: Self.tickSize, "text-anchor=\"end\"")
    ]
  }

  private func shape(_ bar: ChartBar, from zero: Double, to end: Double, y: Double, _ sizes: Sizes)
    -> [String]
  {
    guard bar.point.isFinite else { return [] }
    let box = Box(x: min(zero, end), y: y, width: abs(end - zero), height: sizes.thickness)
    let color = ChartStyle(index: bar.series).color.hex
    return [rectangle(box, "class=\"bar\" fill=\"\(color)\"", title: tip(bar.series, bar.point))]
  }

  private func barAxis(_ scale: ChartScale, _ area: Box, _ x: (Double) -> Double) throws -> [String] {
    let size = Self.tickSize
    let ticks = try scale.ticks(atMost: 8) { ticks in
      zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
        let widths = [a, b].map { estimatedWidth($0.text, fontSize: size) / 2 }
        return x(a.value) + widths[0] + 10 <= x(b.value) - widths[1]
      }
    }
    let lines = ticks.flatMap { tick in
      [
        line(Point(x: x(tick.value), y: area.y), Point(x: x(tick.value), y: area.maxY), Self.grid),
        svgText(
          tick.text, at: Point(x: x(tick.value), y: area.maxY + 18), size: size,
          "text-anchor=\"middle\" \(Self.soft)"),
      ]
    }
    return lines + [
      svgText(
        Self.short(chart.xAxis), at: Point(x: area.x - 8, y: area.y - 10), size: Self.axisSize,
        "text-anchor=\"end\" \(Self.soft)"),
      svgText(
        Self.short(chart.yAxis, to: 60), at: Point(x: area.x, y: area.y - 10), size: Self.axisSize, Self.soft),
    ]
  }
}
