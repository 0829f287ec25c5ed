import Faults
import Results
import Tensors

/// A heat map as a self-contained SVG drawing: no script, no reference to anything outside.
struct HeatmapSVG {
  private let map: Heatmap
  private let scale: ColorScale

  // Lengths in pixels.
  private let cell: Double
  private let fontSize: Double
  private let left: Double
  private let top: Double
  /// Of the longest label of a column.
  private let columnLabelLength: Double

  /// - Throws: ``Interrupted``.
  init(_ map: Heatmap) throws {
    self.map = map
    scale = try ColorScale(map.values)
    let longest = max(map.rowLabels.count, map.columnLabels.count)
    cell = longest <= 20 ? 40 : longest <= 48 ? 20 : 12
    fontSize = cell >= 20 ? 13 : 10
    // Width of a column of text in the monospaced fonts asked for.
    let advance = fontSize * 0.61
    func labelLength(_ labels: [String]) throws -> Double {
      advance * Double(try labels.interruptibleMap { displayWidth(Self.shortened($0)) }.max() ?? 0)
    }
    left = 44 + (try labelLength(map.rowLabels))
    columnLabelLength = try labelLength(map.columnLabels)
    top = 72 + columnLabelLength * Self.diagonal
  }

  private var gridWidth: Double { cell * Double(map.columnLabels.count) }
  private var gridHeight: Double { cell * Double(map.rowLabels.count) }
  private var barHeight: Double { max(120, min(gridHeight, 320)) }
  /// The sine of the 45 degrees by which column labels are turned.
  private static let diagonal = 0.7072

  private static func shortened(_ label: String) -> String {
    truncate(label.escapingControls, to: 24, ellipsis: "…")
  }

  /// - Throws: ``Interrupted``.
  func text() throws -> String {
    let labelsEnd = left + gridWidth + columnLabelLength * Self.diagonal + 16
    let titleEnd = 16 + 16 * 0.62 * Double(displayWidth(map.title)) + 16
    let width = max(left + gridWidth + 120, labelsEnd, titleEnd)
    let height = top + max(gridHeight, barHeight) + 24
    let size = "width=\"\(px(width))\" height=\"\(px(height))\" viewBox=\"0 0 \(px(width)) \(px(height))\""
    let parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"\(fonts)\" font-size=\"\(px(fontSize))\">",
      "<title>\(xmlText(map.title))</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
      "<text x=\"16\" y=\"26\" font-size=\"16\" font-weight=\"bold\">\(xmlText(map.title))</text>",
    ]
    return try (parts + axisTitles + labels() + cells() + legend + ["</svg>"])
      .interruptibleJoined(separator: "\n") + "\n"
  }

  private let fonts = "DejaVu Sans Mono, Menlo, Consolas, Noto Sans Mono CJK SC, monospace"

  private var axisTitles: [String] {
    let middle = top + gridHeight / 2
    return [
      "<text x=\"\(px(left))\" y=\"48\" fill=\"#555555\">\(xmlText(map.columnAxis)) →</text>",
      "<text transform=\"translate(20 \(px(middle))) rotate(-90)\" text-anchor=\"middle\" fill=\"#555555\">"
        + "← \(xmlText(map.rowAxis))</text>",
    ]
  }

  private func labels() throws -> [String] {
    let rows = try map.rowLabels.enumerated().interruptibleMap { index, label in
      let y = top + (Double(index) + 0.5) * cell + fontSize * 0.35
      return
        "<text x=\"\(px(left - 6))\" y=\"\(px(y))\" text-anchor=\"end\">\(xmlText(Self.shortened(label)))</text>"
    }
    let columns = try map.columnLabels.enumerated().interruptibleMap { index, label in
      let x = left + (Double(index) + 0.5) * cell + fontSize * 0.25
      let place = "translate(\(px(x)) \(px(top - 6))) rotate(-45)"
      return "<text transform=\"\(place)\">\(xmlText(Self.shortened(label)))</text>"
    }
    return rows + columns
  }

  private func cells() throws -> [String] {
    try map.rowLabels.indices.flatMap { row in
      try map.values[row].values.enumerated().interruptibleMap { column, value in
        cell(row, column, value.asWritten)
      }
    }
  }

  /// A square, the number in it where there is room, and a tooltip.
  private func cell(_ row: Int, _ column: Int, _ value: Double) -> String {
    let color = scale.color(value)
    let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
    let tip =
      "\(map.rowLabels[row]) (\(row)), \(map.columnLabels[column]) (\(column)): \(formatNumber(value))"
    let square =
      "<rect x=\"\(px(x))\" y=\"\(px(y))\" width=\"\(px(cell))\" height=\"\(px(cell))\" fill=\"\(color.hex)\">"
      + "<title>\(xmlText(tip))</title></rect>"
    guard cell >= 40 else { return square }
    let place =
      "x=\"\(px(x + cell / 2))\" y=\"\(px(y + cell / 2 + 4))\" text-anchor=\"middle\" font-size=\"10\""
    let fill = color.isLight ? "#000000" : "#ffffff"
    return square + "<text \(place) fill=\"\(fill)\">\(formatNumber(value, precision: 2))</text>"
  }

  private var legend: [String] {
    let x = left + gridWidth + 24
    let stops = (0...16).map { step in
      let position = Double(step) / 16
      return "<stop offset=\"\(px(position))\" stop-color=\"\(scale.color(at: position).hex)\"/>"
    }
    let ticks = (0...4).map { step in
      let position = Double(step) / 4
      let y = top + barHeight * (1 - position) + 4
      let value = formatNumber(scale.lower + (scale.upper - scale.lower) * position, precision: 3)
      return "<text x=\"\(px(x + 22))\" y=\"\(px(y))\" font-size=\"11\">\(value)</text>"
    }
    return [
      "<defs><linearGradient id=\"scale\" x1=\"0\" y1=\"1\" x2=\"0\" y2=\"0\">\(stops.joined())</linearGradient></defs>",
      "<rect x=\"\(px(x))\" y=\"\(px(top))\" width=\"16\" height=\"\(px(barHeight))\" fill=\"url(#scale)\"/>",
    ] + ticks
  }
}

/// A length with at most four decimals.
private func px(_ length: Double) -> String { formatNumber((length * 10000).rounded() / 10000) }

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
