import ExactText

/// A page without anything from outside: its style, what is on it, its scripts.
struct HTMLPage {
  let title: String
  /// Ended by a newline.
  let body: String
  var styles: [[UInt8]] = []
  var scripts: [[UInt8]] = []

  var text: String {
    let style = ([PackageResources.page_css] + styles).map { String(decoding: $0, as: UTF8.self) }.joined()
    let script = scripts.map { "<script>\n\(String(decoding: $0, as: UTF8.self))</script>\n" }.joined()
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>\(xmlText(title))</title>
      <meta name="viewport" content="width=device-width">
      <style>
      \(style)</style>
      </head>
      <body>
      \(body)\(script)</body>
      </html>

      """
  }

  /// A drawing that shrinks and scrolls with the window.
  static func drawing(_ drawing: SVGDrawing) throws -> String {
    "<div class=\"drawing\" style=\"--width: \(pixels(drawing.width))px\">\n\(try drawing.text())</div>\n"
  }
}
