import ExactText
import Faults

/// A drawing on white: its extent in pixels and the elements in it; no script, no reference to anything outside.
struct SVGDrawing {
  let title: String
  let width: Double
  let height: Double
  let parts: [String]

  private static let gap = 12.0

  /// A file by itself.
  ///
  /// - Throws: ``Interrupted``.
  func text() throws -> String {
    try element("xmlns=\"http://www.w3.org/2000/svg\"").interruptibleJoined(separator: "\n") + "\n"
  }

  private func element(_ attributes: String) -> [String] {
    let (width, height) = (pixels(width), pixels(height))
    return [
      "<svg \(attributes) width=\"\(width)\" height=\"\(height)\" viewBox=\"0 0 \(width) \(height)\""
        + " font-family=\"\(PatternPlotSVG.fonts)\" fill=\"\(PatternPlotSVG.ink)\">",
      "<title>\(xmlText(title))</title>", "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
    ] + parts + ["</svg>"]
  }

  /// Drawings one below the other.
  static func stacked(_ drawings: [SVGDrawing]) -> SVGDrawing {
    var y = 0.0
    let parts = drawings.flatMap { drawing in
      defer { y += drawing.height + gap }
      return drawing.element("y=\"\(pixels(y))\"")
    }
    return SVGDrawing(
      title: drawings.first?.title ?? "", width: drawings.map(\.width).max() ?? 0, height: max(0, y - gap),
      parts: parts)
  }
}
