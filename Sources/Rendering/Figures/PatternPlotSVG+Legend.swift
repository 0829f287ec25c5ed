extension PatternPlotSVG {
  var legend: [String] {
    layout.legend.entries.flatMap { entry -> [String] in
      let size = PatternPlotLegend.fontSize
      let text = svgText(
        entry.text, at: Point(x: entry.textX, y: entry.origin.y + size * 0.36), size: size,
        "class=\"legend\" fill=\"#4b5563\"")
      return symbol(entry) + [text]
    }
  }

  private func symbol(_ entry: PatternPlotLegend.Entry) -> [String] {
    let (origin, width) = (entry.origin, entry.symbol.width)
    let end = Point(x: origin.x + width, y: origin.y)
    let middle = origin.mixed(with: end, 0.5)
    switch entry.symbol {
    case .none: return []
    case .line(let sign, let isDashed, let label, let thickness):
      let dash = isDashed ? " stroke-dasharray=\"\(dashes(thickness))\"" : ""
      let stroke = "stroke=\"\(sign.color.hex)\" stroke-width=\"\(pixels(thickness))\"\(dash)"
      let size = layout.sizes.labelFontSize
      let text = label.map {
        headLabel(
          $0,
          box: Box(
            center: middle, width: max(size, estimatedWidth($0, fontSize: size)) + 4, height: size + 3),
          sign: sign, tip: entry.text)
      }
      return [line(origin, end, stroke)] + (text.map { [$0] } ?? [])
    case .bar(let kind):
      return [rectangle(Box(center: middle, width: width, height: 8), "fill=\"\(kind.color.hex)\"")]
    case .targetRow:
      return [
        rectangle(
          Box(center: middle, width: width, height: 14), "rx=\"3\" fill=\"#fff4d6\" stroke=\"#ead9a0\"")
      ]
    case .quantity:
      return [
        circle(middle, 8, "fill=\"\(Self.ink)\""),
        svgText(
          "Q", at: Point(x: middle.x, y: middle.y + 3.6), size: 10,
          "text-anchor=\"middle\" font-weight=\"bold\" fill=\"#ffffff\""),
      ]
    case .hiddenWord:
      return [
        svgText("abc", at: Point(x: origin.x, y: origin.y + 4), size: 11, "fill=\"#8f96a3\"")
      ]
    }
  }
}
