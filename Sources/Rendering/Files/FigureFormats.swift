import Results

/// A drawing that any browser or editor opens.
struct SVGFormat: FileFormat {
  let fileExtension = ".svg"

  let holds = "a heat map, a pattern plot or a chart"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard case .figure(let figure) = value else { return nil }
    return Array(try figure.svg.utf8)
  }
}

/// A page with the drawing in it; pointing at a part of it shows its value.
struct HTMLFormat: FileFormat {
  let fileExtension = ".html"

  let holds = "a heat map, a pattern plot or a chart"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard case .figure(let figure) = value else { return nil }
    let page = try """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <title>\(xmlText(figure.title.isEmpty ? name : figure.title))</title>
    <style>\(figure.style)</style>
    </head>
    <body>
    \(figure.svg)\(figure.details)</body>
    </html>

    """
    return Array(page.utf8)
  }
}

extension Figure {
  fileprivate var title: String {
    switch self {
    case .heatmap(let map): map.title
    case .patterns(let plot): plot.title
    case .chart(let chart): chart.title
    }
  }

  /// Ended by a newline.
  var svg: String {
    get throws {
      switch self {
      case .heatmap(let map): try HeatmapSVG(map).text()
      case .patterns(let plot): PatternPlotSVG(plot).text
      case .chart(let chart): try ChartSVG(chart).text()
      }
    }
  }

  /// What a page shows below the drawing, ended by a newline; empty for nothing.
  fileprivate var details: String {
    switch self {
    case .heatmap, .chart: ""
    case .patterns(let plot): PatternPlotTable(plot).html
    }
  }

  fileprivate var style: String {
    let page = "body { margin: 2em; background: #ffffff; }"
    return switch self {
    case .heatmap, .chart: page
    case .patterns: page + " " + PatternPlotTable.style
    }
  }
}
