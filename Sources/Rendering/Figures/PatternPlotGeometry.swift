import ExactText

/// A place on the drawing, in pixels from its upper left corner.
struct Point: Equatable {
  var x: Double
  var y: Double

  func mixed(with other: Point, _ share: Double) -> Point {
    Point(x: x + (other.x - x) * share, y: y + (other.y - y) * share)
  }
}

/// A rectangle along the axes.
struct Box: Equatable {
  var x: Double
  var y: Double
  var width: Double
  var height: Double

  init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  init(center: Point, width: Double, height: Double) {
    self.init(x: center.x - width / 2, y: center.y - height / 2, width: width, height: height)
  }

  var maxX: Double { x + width }
  var maxY: Double { y + height }
  var center: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// With a margin on every side.
  func widened(by margin: Double) -> Box {
    Box(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
  }

  /// Touching is not intersecting.
  func intersects(_ other: Box) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }

  func contains(_ other: Box) -> Bool {
    x <= other.x && other.maxX <= maxX && y <= other.y && other.maxY <= maxY
  }

  /// Whether some point of the segment lies inside.
  func intersects(segment start: Point, _ end: Point) -> Bool {
    if max(start.x, end.x) <= x || min(start.x, end.x) >= maxX { return false }
    if max(start.y, end.y) <= y || min(start.y, end.y) >= maxY { return false }
    // Their bounds overlap, so only a line with all corners on one side passes by.
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    func side(_ cornerX: Double, _ cornerY: Double) -> Double {
      dx * (cornerY - start.y) - dy * (cornerX - start.x)
    }
    let (a, b, c, d) = (side(x, y), side(maxX, y), side(x, maxY), side(maxX, maxY))
    return min(min(a, b), min(c, d)) < 0 && max(max(a, b), max(c, d)) > 0
  }
}

/// A quadratic Bézier curve; a straight line when its bulge is 0.
struct Curve: Equatable {
  let start: Point
  let end: Point
  /// Distance of its middle from the chord's, to the left of the way from start to end.
  let bulge: Double

  var control: Point {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let length = (dx * dx + dy * dy).squareRoot()
    let middle = start.mixed(with: end, 0.5)
    guard length > 0 else { return middle }
    // The curve's middle lies half way between the chord's and the control point.
    return Point(x: middle.x + 2 * bulge * dy / length, y: middle.y - 2 * bulge * dx / length)
  }

  /// - Parameter share: 0 at the start, 1 at the end.
  func point(at share: Double) -> Point {
    let control = control
    return start.mixed(with: control, share).mixed(with: control.mixed(with: end, share), share)
  }

  /// The corners of a polygonal line so close that the eye sees no difference.
  var corners: [Point] {
    if bulge == 0 { return [start, end] }
    let count = 16
    return (0...count).map { point(at: Double($0) / Double(count)) }
  }
}

/// An estimate, rather too wide than too narrow, of a text's width in the sans-serif fonts in use.
func estimatedWidth(_ text: String, fontSize: Double) -> Double {
  text.reduce(0) { $0 + emWidth($1) } * fontSize
}

private func emWidth(_ character: Character) -> Double {
  switch displayWidth(character) {
  case 0: return 0
  case 2: return 1.05
  default: break
  }
  if "iljftIr.,:;'|!()[]·- ".contains(character) { return 0.42 }
  if "mwMW@%—…→".contains(character) { return 1 }
  if character.isUppercase { return 0.74 }
  return 0.64
}
