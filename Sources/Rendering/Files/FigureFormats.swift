import Results

/// A drawing that any browser or editor opens.
struct SVGFormat: FileFormat {
  let fileExtension = ".svg"

  let holds = "a heat map, patterns, a chart or coloured words"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard case .figure(let figure) = value else { return nil }
    return Array(try figure.svg.utf8)
  }
}

/// A page with the drawing in it; pointing at a part of it shows its value.
struct HTMLFormat: FileFormat {
  let fileExtension = ".html"

  let holds = "a heat map, patterns, a chart or coloured words"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard case .figure(let figure) = value else { return nil }
    if case .heatmaps(let grid) = figure, let page = AttentionPage(grid) { return try page.bytes(name: name) }
    let page = HTMLPage(
      title: figure.title.isEmpty ? name : figure.title, body: try figure.html,
      scripts: figure.hasPatterns ? [PackageResources.patterns_js] : [])
    return Array(page.text.utf8)
  }
}

extension Figure {
  /// A self-contained drawing, ended by a newline.
  ///
  /// - Throws: ``Interrupted``.
  var svg: String { get throws { try drawing.text() } }

  private var drawing: SVGDrawing {
    get throws {
      switch self {
      case .heatmap(let map): try HeatmapSVG(map).drawing()
      case .heatmaps(let grid): try HeatmapGridSVG(grid).drawing()
      case .patterns(let plot): PatternPlotSVG(plot).drawing
      case .chart(let chart): try ChartSVG(chart).drawing()
      case .words(let words): try ColoredWordsSVG(words).drawing()
      case .several(let figures): .stacked(try figures.map { try $0.drawing })
      }
    }
  }

  /// What a page shows of it, ended by a newline.
  fileprivate var html: String {
    get throws {
      switch self {
      case .heatmap, .heatmaps, .chart, .words: try HTMLPage.drawing(drawing)
      case .patterns(let plot): try PatternSection(plot).html()
      case .several(let figures): try figures.map { try $0.html }.joined()
      }
    }
  }
}
