import Results

/// A drawing that any browser or editor opens.
struct SVGFormat: FileFormat {
  let fileExtension = ".svg"

  let holds = "a heat map"

  func encode(_ value: Value, name: String) -> [UInt8]? {
    guard case .figure(.heatmap(let map)) = value else { return nil }
    return Array(HeatmapSVG(map).text.utf8)
  }
}

/// A page with the drawing in it; pointing at a cell shows its value.
struct HTMLFormat: FileFormat {
  let fileExtension = ".html"

  let holds = "a heat map"

  func encode(_ value: Value, name: String) -> [UInt8]? {
    guard case .figure(.heatmap(let map)) = value else { return nil }
    let page = """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>\(xmlText(map.title.isEmpty ? name : map.title))</title>
      <style>body { margin: 2em; background: #ffffff; }</style>
      </head>
      <body>
      \(HeatmapSVG(map).text)</body>
      </html>

      """
    return Array(page.utf8)
  }
}
