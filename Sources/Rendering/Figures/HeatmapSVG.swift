import ExactText
import Faults
import Results
import Tensors

/// A heat map as a drawing.
struct HeatmapSVG {
  private let map: Heatmap
  private let scale: ColorScale
  private let title: [String]
  /// Those that are written, with their rows and columns.
  private let rowLabels: [(index: Int, text: String)]
  private let columnLabels: [(index: Int, text: String)]
  /// Of the cells; nil where they are too narrow for numbers.
  private let numbers: [String]?

  /// As they are drawn: (rows, columns), with blocks of so many where there are more than pixels.
  private let values: Tensor
  private let block: (rows: Int, columns: Int)

  // Lengths in pixels.
  private let cell: (width: Double, height: Double)
  private let left: Double
  private let top: Double
  /// Of the longest label of a column.
  private let columnLabelLength: Double

  private static let margin = 16.0
  private static let titleSize = 16.0
  private static let fontSize = 12.0
  private static let numberSize = 10.0
  /// The sine of the 45 degrees by which column labels are turned.
  private static let diagonal = 0.7072

  /// - Throws: ``Interrupted``.
  init(_ map: Heatmap) throws {
    self.map = map
    scale = try ColorScale(map.values)
    let (rows, columns) = (map.rowLabels.count, map.columnLabels.count)
    block = (Self.block(rows), Self.block(columns))
    values = try map.values.pooled(rows: block.rows, columns: block.columns)
    cell = (Self.side(columns), Self.side(rows))
    let hasRoom = cell.width >= 40 && cell.height >= 16
    numbers = hasRoom ? try CellNumbers.texts(map.values.interruptibleValues { $0.asWritten }, width: 5) : nil
    rowLabels = try Self.labels(map.rowLabels, side: cell.height)
    columnLabels = try Self.labels(map.columnLabels, side: cell.width)
    func length(_ labels: [(Int, String)]) throws -> Double {
      try labels.interruptibleMap { estimatedWidth($0.1, fontSize: Self.fontSize) }.max() ?? 0
    }
    left = Self.margin + 28 + (try length(rowLabels))
    columnLabelLength = try length(columnLabels)
    let widest = max(480, left + cell.width * Double(columns))
    title = wrapped(map.title.escapingControls, fontSize: Self.titleSize * 1.1, width: widest)
    top = Self.margin + Double(title.count) * 22 + 34 + columnLabelLength * Self.diagonal
  }

  /// How many rows or columns are drawn as one.
  private static func block(_ count: Int) -> Int { max(1, (count + 1199) / 1200) }

  /// Of a cell, so that `count` of them are not much wider than a page.
  private static func side(_ count: Int) -> Double {
    switch count {
    case ...20: 40
    case ...48: 20
    case ...80: 12
    default: max(1, (960 / Double(count)).rounded(.down)) / Double(block(count))
    }
  }

  /// Every label where cells leave room for it, else the numbers of every 2nd, 5th, 10th, ...
  private static func labels(_ labels: [String], side: Double) throws -> [(index: Int, text: String)] {
    let distance = side >= fontSize ? 1 : roundStep(atLeast: 2.5 * fontSize / side)
    return try stride(from: 0, to: labels.count, by: distance).map { $0 }.interruptibleMap { index in
      (index, distance == 1 ? truncate(labels[index].escapingControls, to: 24, ellipsis: "…") : String(index))
    }
  }

  private var gridWidth: Double { cell.width * Double(map.columnLabels.count) }
  private var gridHeight: Double { cell.height * Double(map.rowLabels.count) }
  private var barHeight: Double { max(120, min(gridHeight, 320)) }

  /// - Throws: ``Interrupted``.
  func drawing() throws -> SVGDrawing {
    let hasMissing = try map.values.hasMissing()
    let legend = try ColorLegend(scale: scale, hasMissing: hasMissing).upright(
      at: Point(x: left + gridWidth + 24, y: top), height: barHeight)
    let labelsEnd = left + gridWidth + columnLabelLength * Self.diagonal + Self.margin
    let titleEnd =
      (title.map { estimatedWidth($0, fontSize: Self.titleSize * 1.1) }.max() ?? 0) + 2 * Self.margin
    let width = max(left + gridWidth + 24 + legend.width + Self.margin, labelsEnd, titleEnd)
    let height = top + max(gridHeight, barHeight + (hasMissing ? 26 : 0)) + 24
    return SVGDrawing(
      title: map.title, width: width, height: height,
      parts: titles + axisTitles + labels + (try cells()) + legend.parts)
  }

  private var titles: [String] {
    title.enumerated().map { index, line in
      svgText(
        line, at: Point(x: Self.margin, y: Self.margin + 12 + Double(index) * 22), size: Self.titleSize,
        "class=\"title\" font-weight=\"bold\"")
    }
  }

  private var axisTitles: [String] {
    let middle = top + gridHeight / 2
    let room = max(gridHeight, 120)
    let axis = estimatedWidth(map.rowAxis, fontSize: Self.fontSize) + 20 > room ? "" : map.rowAxis
    return [
      svgText(
        "\(map.columnAxis) →",
        at: Point(x: left, y: Self.margin + Double(title.count) * 22 + 12), size: Self.fontSize,
        "class=\"axis\" \(ChartSVG.soft)"),
      "<text transform=\"translate(\(pixels(Self.margin + 8)) \(pixels(middle))) rotate(-90)\" font-size=\"\(pixels(Self.fontSize))\""
        + " text-anchor=\"middle\" \(ChartSVG.soft)>← \(xmlText(axis))</text>",
    ]
  }

  private var labels: [String] {
    let rows = rowLabels.map { index, text in
      svgText(
        text, at: Point(x: left - 6, y: top + (Double(index) + 0.5) * cell.height + Self.fontSize * 0.36),
        size: Self.fontSize, "class=\"row\" text-anchor=\"end\"")
    }
    let columns = columnLabels.map { index, text in
      let x = left + (Double(index) + 0.5) * cell.width + Self.fontSize * 0.25
      return
        "<text class=\"column\" transform=\"translate(\(pixels(x)) \(pixels(top - 6))) rotate(-45)\""
        + " font-size=\"\(pixels(Self.fontSize))\">\(xmlText(text))</text>"
    }
    return rows + columns
  }

  // MARK: Cells

  /// More cells than this have no element of their own, and tell nothing when they are pointed at: a file of them opens in no
  /// editor.
  private static let mostSquares = 16_384

  private func cells() throws -> [String] {
    if map.values.count > Self.mostSquares {
      return try HeatmapCells(scale: scale).paths(
        values, at: Point(x: left, y: top),
        cell: (cell.width * Double(block.columns), cell.height * Double(block.rows))) + note
    }
    let squares = try map.rowLabels.indices.flatMap { row in
      try map.values[row].values.enumerated().interruptibleMap { column, value in
        square(row, column, value.asWritten)
      }
    }
    // Without seams where two squares meet between pixels.
    return ["<g shape-rendering=\"crispEdges\">"] + squares + ["</g>"]
  }

  /// What the drawing leaves out; nothing where it shows every number.
  private var note: [String] {
    guard block.rows > 1 || block.columns > 1 else { return [] }
    return [
      svgText(
        "each cell is the greatest of \(block.rows) x \(block.columns)",
        at: Point(x: left, y: top + gridHeight + 16), size: Self.fontSize, ChartSVG.soft)
    ]
  }

  /// A square, the number in it where there is room, and a tooltip.
  private func square(_ row: Int, _ column: Int, _ value: Double) -> String {
    let color = scale.color(value)
    let box = Box(
      x: left + Double(column) * cell.width, y: top + Double(row) * cell.height, width: cell.width,
      height: cell.height)
    let tip =
      "\(map.rowLabels[row]) (\(row)), \(map.columnLabels[column]) (\(column)): \(formatNumber(value))"
    let square = rectangle(box, "class=\"cell\" fill=\"\(color.hex)\"", title: tip)
    guard let numbers else { return square }
    return square
      + svgText(
        numbers[row * map.columnLabels.count + column],
        at: Point(x: box.center.x, y: box.center.y + Self.numberSize * 0.36), size: Self.numberSize,
        "class=\"number\" text-anchor=\"middle\" fill=\"\(color.isLight ? "#000000" : "#ffffff")\"")
  }
}

/// `text` as XML character data or inside an attribute; what XML cannot hold appears escaped.
func xmlText(_ text: String) -> String {
  text.escapingControls.unicodeScalars.map { scalar in
    switch scalar {
    case "&": "&amp;"
    case "<": "&lt;"
    case ">": "&gt;"
    case "\"": "&quot;"
    case "\u{FFFE}", "\u{FFFF}": "\u{FFFD}"
    default: String(scalar)
    }
  }.joined()
}
