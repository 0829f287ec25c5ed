import ExactText
import Faults
import Results
import Tensors

/// Several small heat maps side by side on one scale, as a drawing.
struct HeatmapGridSVG {
  private let grid: HeatmapGrid
  private let scale: ColorScale
  private let columns: Int
  /// How many rows and columns of a map are drawn as one.
  private let block: Int
  /// The side of a cell, before it is part of a block.
  private let cell: Double
  /// Of the maps: their first column and row have the labels.
  private let rowLabelWidth: Double
  private let columnLabelHeight: Double
  private let title: [String]
  private let subtitle: [String]

  private static let margin = 20.0
  private static let titleSize = 16.0
  private static let subtitleSize = 12.0
  private static let panelSize = 12.0
  private static let gap = 14.0
  private static let pageWidth = 1120.0
  private static let diagonal = 0.7072

  /// - Throws: ``Interrupted``.
  init(_ grid: HeatmapGrid) throws {
    self.grid = grid
    scale = try ColorScale(grid.values)
    columns = Self.columns(grid)
    let count = max(1, grid.rowLabels.count, grid.columnLabels.count)
    let room = (Self.pageWidth - 2 * Self.margin - 80) / Double(columns) - Self.gap
    let side = min(max(room, 40), 220)
    block = max(1, Int((Double(count) / side).rounded(.up)))
    let wanted = side / Double(count)
    cell = min(wanted >= 1 ? wanted.rounded(.down) : wanted, 24)
    let showsLabels = cell >= 9
    let size = min(cell, 11)
    func length(_ labels: [String]) throws -> Double {
      guard showsLabels else { return 0 }
      return try labels.interruptibleMap { estimatedWidth(Self.shortened($0), fontSize: size) }.max() ?? 0
    }
    rowLabelWidth = try length(grid.rowLabels)
    columnLabelHeight = try length(grid.columnLabels) * Self.diagonal
    let width = Self.pageWidth - 2 * Self.margin
    title = wrapped(grid.title.escapingControls, fontSize: Self.titleSize * 1.1, width: width)
    var notes = "\(grid.rowAxis) ↓  \(grid.columnAxis) →"
    if block > 1 { notes += ", each cell is the greatest of \(block) x \(block)" }
    if !showsLabels, count <= 48 { notes += ": " + grid.columnLabels.joined(separator: " ") }
    subtitle = wrapped(notes.escapingControls, fontSize: Self.subtitleSize, width: width)
  }

  /// Heads of several layers have a row for each layer.
  private static func columns(_ grid: HeatmapGrid) -> Int {
    if let heads = grid.attention?.heads, let first = heads.first,
      heads.contains(where: { $0.layer != first.layer })
    {
      let counts = Dictionary(grouping: heads, by: \.layer).values.map(\.count)
      return min(counts.max() ?? 1, 16)
    }
    let count = grid.panelLabels.count
    return max(1, count <= 4 ? count : count <= 12 ? (count + 1) / 2 > 4 ? 4 : (count + 1) / 2 : 6)
  }

  private static func shortened(_ label: String) -> String {
    truncate(label.escapingControls, to: 12, ellipsis: "…")
  }

  private var width: Double { cell * Double(grid.columnLabels.count) }
  private var height: Double { cell * Double(grid.rowLabels.count) }

  private var heads: [HeatmapGrid.Head?] { grid.attention?.heads ?? grid.panelLabels.map { _ in nil } }

  /// The column and row of each map.
  private var places: [(column: Int, row: Int)] {
    var places: [(column: Int, row: Int)] = []
    for index in grid.panelLabels.indices {
      guard let last = places.last else {
        places.append((0, 0))
        continue
      }
      let isNewLayer = heads[index]?.layer != heads[index - 1]?.layer
      places.append(
        isNewLayer || last.column + 1 == columns ? (0, last.row + 1) : (last.column + 1, last.row))
    }
    return places
  }

  /// - Throws: ``Interrupted``.
  func drawing() throws -> SVGDrawing {
    let top =
      Self.margin + Double(title.count) * 22 + Double(subtitle.count) * 17 + 14 + columnLabelHeight
    let left = Self.margin + rowLabelWidth + (rowLabelWidth > 0 ? 6 : 0)
    let places = places
    let pitch = (x: max(width, 44) + Self.gap, y: height + Self.gap + 20)
    let panels = try grid.panelLabels.indices.flatMap { index in
      let origin = Point(
        x: left + Double(places[index].column) * pitch.x, y: top + 20 + Double(places[index].row) * pitch.y)
      return try panel(index, at: origin, place: places[index])
    }
    let used = (columns: (places.map(\.column).max() ?? 0) + 1, rows: (places.map(\.row).max() ?? 0) + 1)
    let right = left + Double(used.columns) * pitch.x
    let bottom = top + Double(used.rows) * pitch.y
    let hasMissing = try grid.values.hasMissing()
    let legend = try ColorLegend(scale: scale, hasMissing: hasMissing).upright(
      at: Point(x: right + 10, y: top + 20), height: max(100, min(bottom - top - 40, 260)))
    let titleEnd =
      (title.map { estimatedWidth($0, fontSize: Self.titleSize * 1.1) }.max() ?? 0) + 2 * Self.margin
    let noteEnd =
      (subtitle.map { estimatedWidth($0, fontSize: Self.subtitleSize) }.max() ?? 0) + 2 * Self.margin
    let labelsEnd = right + columnLabelHeight
    return SVGDrawing(
      title: grid.title, width: max(right + 10 + legend.width + Self.margin, titleEnd, noteEnd, labelsEnd),
      height: max(bottom, top + 160) + Self.margin, parts: titles + panels + legend.parts)
  }

  private var titles: [String] {
    let start = Self.margin + 14
    let below = start + Double(title.count) * 22
    return title.enumerated().map { index, line in
      svgText(
        line, at: Point(x: Self.margin, y: start + Double(index) * 22), size: Self.titleSize,
        "class=\"title\" font-weight=\"bold\"")
    }
      + subtitle.enumerated().map { index, line in
        svgText(
          line, at: Point(x: Self.margin, y: below + Double(index) * 17), size: Self.subtitleSize,
          "class=\"axis\" \(ChartSVG.soft)")
      }
  }

  private func panel(_ index: Int, at origin: Point, place: (column: Int, row: Int)) throws -> [String] {
    let map = try grid.values[index].pooled(rows: block, columns: block)
    let cells = try HeatmapCells(scale: scale).paths(
      map, at: origin, cell: (cell * Double(block), cell * Double(block)))
    let frame = Box(x: origin.x, y: origin.y, width: width, height: height)
    // Above the slanted labels, where there are some.
    let rise = place.row == 0 ? columnLabelHeight : 0
    let name = svgText(
      Self.shortened(grid.panelLabels[index]), at: Point(x: origin.x, y: origin.y - 5 - rise),
      size: Self.panelSize,
      "class=\"panel\" font-weight=\"bold\"")
    return ["<g>", "<title>\(xmlText(grid.panelLabels[index]))</title>"] + cells
      + [rectangle(frame, "fill=\"none\" stroke=\"#c3c8d1\" stroke-width=\"0.75\""), name] + ["</g>"]
      + (place.column == 0 ? rowLabels(at: origin) : []) + (place.row == 0 ? columnLabels(at: origin) : [])
  }

  private func rowLabels(at origin: Point) -> [String] {
    guard rowLabelWidth > 0 else { return [] }
    let size = min(cell, 11)
    return grid.rowLabels.enumerated().map { index, label in
      svgText(
        Self.shortened(label),
        at: Point(x: origin.x - 5, y: origin.y + (Double(index) + 0.5) * cell + size * 0.36), size: size,
        "class=\"row\" text-anchor=\"end\"")
    }
  }

  private func columnLabels(at origin: Point) -> [String] {
    guard columnLabelHeight > 0 else { return [] }
    let size = min(cell, 11)
    return grid.columnLabels.enumerated().map { index, label in
      let x = origin.x + (Double(index) + 0.5) * cell + size * 0.25
      return
        "<text class=\"column\" transform=\"translate(\(pixels(x)) \(pixels(origin.y - 4))) rotate(-45)\" font-size=\"\(pixels(size))\">"
        + "\(xmlText(Self.shortened(label)))</text>"
    }
  }
}
