import ExactText
import Faults
import Tensors

/// The coloured cells of a heat map in few elements: runs of one colour side by side are one piece, pieces of one colour one path.
///
/// Colours are in ``levels`` steps, which the eye does not tell from a smooth scale.
struct HeatmapCells {
  private static let levels = 64

  let scale: ColorScale

  /// - Parameters:
  ///   - values: (rows, columns)
  ///   - origin: the upper left corner
  ///   - cell: width and height of one, in pixels
  /// - Throws: ``Interrupted``.
  func paths(_ values: Tensor, at origin: Point, cell: (width: Double, height: Double)) throws -> [String] {
    let (rows, columns) = (values.shape[0], values.shape[1])
    guard rows > 0, columns > 0 else { return [] }
    let levels = try values.interruptibleValues { level(Double($0)) }
    var counts = [Int](repeating: 0, count: Self.levels + 1)
    for level in levels { counts[level] += 1 }
    // What most cells are is the ground on which the others lie.
    let ground = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    var pieces = [String](repeating: "", count: Self.levels + 1)
    var steps = Steps()
    for row in 0..<rows {
      var column = 0
      while column < columns {
        try steps.next()
        let level = levels[row * columns + column]
        var end = column + 1
        while end < columns, levels[row * columns + end] == level { end += 1 }
        if level != ground { pieces[level] += "M\(column) \(row)h\(end - column)v1h-\(end - column)z" }
        column = end
      }
    }
    let size = [cell.width, cell.height].map { formatNumber($0, precision: 6) }.joined(separator: " ")
    let place = "translate(\(pixels(origin.x)) \(pixels(origin.y))) scale(\(size))"
    return ["<g class=\"cells\" transform=\"\(place)\" shape-rendering=\"crispEdges\">"]
      + ["<rect width=\"\(columns)\" height=\"\(rows)\" fill=\"\(color(ground).hex)\"/>"]
      + pieces.indices.filter { !pieces[$0].isEmpty }.map {
        "<path fill=\"\(color($0).hex)\" d=\"\(pieces[$0])\"/>"
      } + ["</g>"]
  }

  /// 0 of a missing value.
  private func level(_ value: Double) -> Int {
    scale.position(value).map { 1 + Int(($0 * Double(Self.levels - 1)).rounded()) } ?? 0
  }

  private func color(_ level: Int) -> RGB {
    level == 0 ? ColorScale.missing : scale.color(at: Double(level - 1) / Double(Self.levels - 1))
  }
}

extension Tensor {
  /// Whether some element is NaN.
  ///
  /// - Throws: ``Interrupted``.
  func hasMissing() throws -> Bool {
    try withUnsafeBufferPointer { values in
      var isFound = false
      try values.indices.forEachPart { part in
        isFound = isFound || values[part].contains(where: \.isNaN)
      }
      return isFound
    }
  }

  /// Of (rows, columns), blocks of so many rows and columns as their number of the greatest magnitude; NaN where a block has no
  /// other.
  ///
  /// - Throws: ``Interrupted``.
  func pooled(rows blockRows: Int, columns blockColumns: Int) throws -> Tensor {
    guard blockRows > 1 || blockColumns > 1, rank == 2 else { return self }
    let (rows, columns) = (shape[0], shape[1])
    let (height, width) = ((rows - 1) / blockRows + 1, (columns - 1) / blockColumns + 1)
    var greatest = [Float](repeating: .nan, count: height * width)
    var steps = Steps()
    try withUnsafeBufferPointer { values in
      for row in 0..<rows {
        for column in 0..<columns {
          try steps.next()
          let (value, place) = (
            values[row * columns + column], row / blockRows * width + column / blockColumns
          )
          if greatest[place].isNaN || abs(value) > abs(greatest[place]) { greatest[place] = value }
        }
      }
    }
    return Tensor(shape: [height, width], greatest)
  }
}
