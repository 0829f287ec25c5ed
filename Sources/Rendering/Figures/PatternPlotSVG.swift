import Results

/// A pattern plot as a drawing.
struct PatternPlotSVG {
  let layout: PatternPlotLayout
  private let plot: PatternPlot
  private let tokens: [Int: String]

  init(_ plot: PatternPlot) {
    self.plot = plot
    layout = PatternPlotLayout(plot)
    tokens = Dictionary(uniqueKeysWithValues: plot.words.map { ($0.position, $0.token) })
  }

  static let fonts = "DejaVu Sans, Verdana, Noto Sans, Noto Sans CJK SC, sans-serif"
  static let ink = "#22262e"
  static let soft = "#6b7280"
  private static let faint = "#d5d9e0"

  var drawing: SVGDrawing {
    let parts = [
      titles, targetBand, guides, words, bars, headings, edges, nodes, labels, legend,
    ]
    return SVGDrawing(
      title: plot.title, width: layout.width, height: layout.height, parts: Array(parts.joined()))
  }

  private var titles: [String] {
    layout.title.map {
      svgText($0.text, at: $0.origin, size: PatternPlotFrame.titleSize, "font-weight=\"bold\"")
    }
      + layout.subtitle.map {
        svgText($0.text, at: $0.origin, size: PatternPlotFrame.subtitleSize, "fill=\"\(Self.soft)\"")
      }
  }

  // MARK: Rows

  private var targetBand: [String] {
    layout.rows.filter(\.isTarget).map { row in
      let pitch = layout.sizes.rowPitch
      let box = Box(x: layout.field.x, y: row.y - pitch / 2, width: layout.field.width, height: pitch)
      return rectangle(box, "class=\"target\" rx=\"4\" fill=\"#fff4d6\"")
    }
  }

  /// Lines that lead the eye from a word to its nodes.
  private var guides: [String] {
    layout.rows.map { row in
      let start = Point(x: layout.columns[0], y: row.y)
      let end = Point(x: layout.columns[layout.columns.count - 1], y: row.y)
      return line(start, end, "stroke=\"#eceef2\" stroke-width=\"1\"")
    }
  }

  private var words: [String] {
    if layout.rows.isEmpty {
      let origin = Point(x: PatternPlotFrame.margin, y: layout.field.y)
      return [svgText("no words", at: origin, size: 13, "fill=\"\(Self.soft)\"")]
    }
    let size = layout.sizes.fontSize
    return layout.rows.flatMap { row in
      let fill = row.isHidden && !row.isTarget ? "#8f96a3" : Self.ink
      let weight = row.isTarget ? " font-weight=\"bold\"" : ""
      let y = row.y + size * 0.35
      let position = svgText(
        String(row.word.position), at: Point(x: PatternPlotFrame.margin + 20, y: y), size: size - 3,
        "text-anchor=\"end\" fill=\"#9aa1ad\"")
      let token =
        "<g class=\"word\" data-position=\"\(row.word.position)\"><title>\(xmlText(row.word.token))</title>"
        + svgText(
          row.label, at: Point(x: layout.wordsRight, y: y), size: size,
          "text-anchor=\"end\" fill=\"\(fill)\"\(weight)") + "</g>"
      return [position, token]
    }
  }

  private var bars: [String] {
    let (bars, area) = (layout.bars, layout.bars.area)
    let grid = bars.ticks.map { tick in
      line(
        Point(x: tick.x, y: area.y), Point(x: tick.x, y: area.maxY), "stroke=\"#eceef2\" stroke-width=\"1\"")
    }
    let texts = bars.ticks.map { tick in
      svgText(
        tick.text, at: Point(x: tick.x, y: area.maxY + 15), size: PatternPlotBars.tickFontSize,
        "text-anchor=\"middle\" fill=\"\(Self.soft)\"")
    }
    let hidden = plot.hiddenPositions
    let shapes = bars.bars.map { bar in
      let tip =
        "“\(bar.word.token)” (\(bar.word.position)), \(bar.kind.description): \(formatNumber(bar.value))"
      let opacity = hidden.contains(bar.word.position) ? " fill-opacity=\"0.45\"" : ""
      return rectangle(
        bar.box, "class=\"bar\" fill=\"\(bar.kind.color.hex)\"\(opacity)", title: tip)
    }
    guard !bars.ticks.isEmpty else { return [] }
    let axis = line(
      Point(x: bars.zero, y: area.y), Point(x: bars.zero, y: area.maxY),
      "stroke=\"#8b93a1\" stroke-width=\"1\"")
    return grid + shapes + [axis] + texts
  }

  /// "influence" over the bars, the hidden states over their columns and, where these are long, below them.
  private var headings: [String] {
    if layout.rows.isEmpty { return [] }
    let above = layout.field.y - 14
    let area = layout.bars.area
    let bars =
      layout.bars.ticks.isEmpty
      ? []
      : [
        svgText(
          "influence", at: Point(x: area.x + area.width / 2, y: above), size: 12,
          "text-anchor=\"middle\" fill=\"\(Self.soft)\"")
      ]
    let baselines = layout.rows.count > 20 ? [above, layout.field.maxY + 34] : [above]
    return bars
      + baselines.flatMap { y in layout.columns.enumerated().map { heading($0, at: Point(x: $1, y: y)) } }
  }

  /// h with its number, and below it what computes that hidden state.
  private func heading(_ layer: Int, at point: Point) -> String {
    "<text class=\"column\" x=\"\(pixels(point.x))\" y=\"\(pixels(point.y - 14))\" font-size=\"14\" font-style=\"italic\""
      + " text-anchor=\"middle\">h<tspan dy=\"-5\" font-size=\"10\" font-style=\"normal\">\(layer)</tspan></text>"
      + svgText(
        HiddenState.source(layer), at: point, size: 11,
        "class=\"column\" text-anchor=\"middle\" fill=\"\(Self.soft)\"")
  }

  // MARK: Edges and nodes

  private var edges: [String] {
    let toQuantity =
      if let target = layout.target, let quantity = layout.quantity {
        [line(target, quantity, "stroke=\"\(Self.ink)\" stroke-width=\"2\"")]
      } else { [String]() }
    return toQuantity + layout.edges.map(edge)
  }

  /// The line, and an invisible wide one that makes it easy to point at.
  private func edge(_ placed: PlacedEdge) -> String {
    let edge = placed.edge
    let path = path(placed.curve)
    let color = InfluenceSign(edge.influence).color.hex
    let dash = edge.route == .skip ? " stroke-dasharray=\"\(dashes(placed.width))\"" : ""
    return
      "<g class=\"edge\"\(words(edge))><title>\(xmlText(description(edge)))</title>"
      + "<path d=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-opacity=\"0.85\""
      + " stroke-width=\"\(pixels(placed.width))\"\(dash)/>"
      + "<path d=\"\(path)\" fill=\"none\" stroke=\"#000000\" stroke-opacity=\"0\" stroke-width=\"10\"/></g>"
  }

  /// Whose patterns it belongs to, for a page that shows those of one word.
  private func words(_ edge: PatternPlot.Edge) -> String {
    edge.words.isEmpty ? "" : " data-words=\"\(edge.words.map(String.init).joined(separator: ","))\""
  }

  func dashes(_ width: Double) -> String { "\(pixels(max(4, 1.5 * width))) \(pixels(max(3, width)))" }

  private func description(_ edge: PatternPlot.Edge) -> String {
    let ends = [(edge.layer, edge.from), (edge.layer + 1, edge.to)].map { column, position in
      "\(HiddenState.label(column)) “\(tokens[position] ?? "")” (\(position))"
    }
    let route =
      switch edge.route {
      case .skip: "skip connection"
      case .head(let number): "head \(number)"
      case .block: "block"
      }
    let weight = plot.isAggregate ? ", \(plot.weightText(edge.weight)) of the sentences" : ""
    let words = edge.words.map { "\(tokens[$0] ?? "") (\($0))" }.joined(separator: ", ")
    let branch =
      switch edge.branch {
      case .feedForward: ", then the feed-forward branch"
      case .skip: ", then past the feed-forward branch"
      case nil: ""
      }
    return "\(ends[0]) → \(ends[1]), \(route)\(branch): influence \(formatNumber(edge.influence))\(weight)"
      + (words.isEmpty ? "" : "; of \(words)")
  }

  private var nodes: [String] {
    let (used, radius) = (layout.nodes.filter(\.isUsed), layout.sizes.nodeRadius)
    let circles =
      layout.nodes.filter { !$0.isUsed }.map {
        circle($0.center, 1.8, "class=\"unused\" fill=\"\(Self.faint)\"")
      } + used.map { circle($0.center, radius, "class=\"node\" fill=\"\(Self.ink)\"") }
    guard let target = layout.target, let quantity = layout.quantity else { return circles }
    let size = 13.0
    return circles + [
      circle(target, radius + 3, "fill=\"none\" stroke=\"\(Self.ink)\" stroke-width=\"1.5\""),
      circle(quantity, layout.sizes.quantityRadius, "class=\"quantity\" fill=\"\(Self.ink)\""),
      svgText(
        "Q", at: Point(x: quantity.x, y: quantity.y + size * 0.36), size: size,
        "text-anchor=\"middle\" font-weight=\"bold\" fill=\"#ffffff\""),
    ]
  }

  private var labels: [String] {
    layout.edges.flatMap { placed -> [String] in
      guard let label = placed.label else { return [] }
      return [
        headLabel(
          label.text, box: label.box, sign: InfluenceSign(placed.edge.influence),
          tip: description(placed.edge), attributes: words(placed.edge))
      ]
    }
  }

  func headLabel(
    _ text: String, box: Box, sign: InfluenceSign, tip: String, attributes: String = ""
  ) -> String {
    let size = layout.sizes.labelFontSize
    return
      "<g class=\"label\"\(attributes)><title>\(xmlText(tip))</title>"
      + rectangle(box, "rx=\"3\" fill=\"#ffffff\" fill-opacity=\"0.92\"")
      + svgText(
        text, at: Point(x: box.center.x, y: box.center.y + size * 0.36), size: size,
        "text-anchor=\"middle\" font-weight=\"bold\" fill=\"\(sign.color.mixed(with: RGB(0, 0, 0), 0.2).hex)\""
      )
      + "</g>"
  }
}
