import Foundation

@testable import Rendering

/// The texts of a drawing that stand upright, with their places.
struct SVGTexts {
  struct Placed {
    let text: String
    let box: Box
  }

  let width: Double
  let height: Double
  let placed: [Placed]

  /// Slanted texts are left out.
  init(_ svg: String) {
    let size = svg.firstMatch(of: /width="([0-9.]+)" height="([0-9.]+)" viewBox/)
    width = size.flatMap { Double($0.1) } ?? 0
    height = size.flatMap { Double($0.2) } ?? 0
    let texts = svg.matches(of: /<text ([^>]*)>([^<]*)(?:<tspan[^>]*>([^<]*)<\/tspan>)?<\/text>/)
    placed = texts.compactMap { match in
      let attributes = String(match.1)
      let text = ["&lt;": "<", "&gt;": ">", "&quot;": "\"", "&amp;": "&"].reduce(String(match.2)) {
        $0.replacingOccurrences(of: $1.key, with: $1.value)
      }
      guard let place = attributes.firstMatch(of: /x="([-0-9.]+)" y="([-0-9.]+)" font-size="([0-9.]+)"/),
        let x = Double(place.1), let y = Double(place.2), let size = Double(place.3), !text.isEmpty
      else { return nil }
      // The estimate of a text's width is generous.
      let width = 0.85 * estimatedWidth(text, fontSize: size)
      let start =
        attributes.contains("text-anchor=\"end\"")
        ? x - width : attributes.contains("text-anchor=\"middle\"") ? x - width / 2 : x
      return Placed(text: text, box: Box(x: start, y: y - 0.72 * size, width: width, height: 0.72 * size))
    }
  }

  /// Pairs that lie upon each other.
  var overlaps: [(String, String)] {
    placed.indices.flatMap { index in
      placed[..<index].filter { $0.box.intersects(placed[index].box) }.map { ($0.text, placed[index].text) }
    }
  }

  /// Those that are not wholly within the drawing.
  var outside: [String] {
    let canvas = Box(x: 0, y: 0, width: width, height: height)
    return placed.filter { !canvas.contains($0.box) }.map(\.text)
  }
}
