/// A length with at most two decimals.
func pixels(_ length: Double) -> String { formatNumber((length * 100).rounded() / 100 + 0) }

func line(_ start: Point, _ end: Point, _ attributes: String) -> String {
  "<line x1=\"\(pixels(start.x))\" y1=\"\(pixels(start.y))\" x2=\"\(pixels(end.x))\" y2=\"\(pixels(end.y))\" \(attributes)/>"
}

func circle(_ center: Point, _ radius: Double, _ attributes: String) -> String {
  "<circle cx=\"\(pixels(center.x))\" cy=\"\(pixels(center.y))\" r=\"\(pixels(radius))\" \(attributes)/>"
}

/// - Parameter title: a tooltip.
func rectangle(_ box: Box, _ attributes: String, title: String? = nil) -> String {
  let start =
    "<rect x=\"\(pixels(box.x))\" y=\"\(pixels(box.y))\" width=\"\(pixels(box.width))\" height=\"\(pixels(box.height))\" \(attributes)"
  guard let title else { return start + "/>" }
  return start + "><title>\(xmlText(title))</title></rect>"
}

/// - Parameter origin: of the baseline, at the text's anchor.
func svgText(_ text: String, at origin: Point, size: Double, _ attributes: String) -> String {
  "<text x=\"\(pixels(origin.x))\" y=\"\(pixels(origin.y))\" font-size=\"\(pixels(size))\" \(attributes)>\(xmlText(text))</text>"
}

/// The `d` of a path element.
func path(_ curve: Curve) -> String {
  let ends = [curve.start, curve.end].map { "\(pixels($0.x)) \(pixels($0.y))" }
  if curve.bulge == 0 { return "M \(ends[0]) L \(ends[1])" }
  return "M \(ends[0]) Q \(pixels(curve.control.x)) \(pixels(curve.control.y)) \(ends[1])"
}
