import ExactText
import Faults
import Results
import Tensors

/// Several heat maps side by side on a terminal, small: two rows a line in colour, shades without.
struct HeatmapGridText {
  private let grid: HeatmapGrid
  private let options: RenderOptions
  private let scale: ColorScale

  /// - Throws: ``Interrupted``, as everything here.
  init(_ grid: HeatmapGrid, _ options: RenderOptions) throws {
    self.grid = grid
    self.options = options
    scale = try ColorScale(grid.values)
  }

  /// Between two maps.
  private static let gap = 2
  /// Where there is no edge, as in a file.
  private static let widest = 120
  /// Maps that are too wide for two in a line are drawn coarser, so many in a line.
  private static let coarse = 4

  func lines(width: Int) throws -> [StyledText] {
    let width = min(width, Self.widest)
    let title = grid.title.isEmpty ? [] : [options.bold(grid.title.escapingControls)]
    if grid.values.count == 0 { return title + ["heat maps \(shapeText(grid.values.shape))"] }
    let block = block(width: width)
    let maps = try grid.panelLabels.indices.map { try grid.values[$0].pooled(rows: block, columns: block) }
    let cell = max(maps[0].shape[1], grid.panelLabels.map { displayWidth($0) }.max() ?? 0)
    let perLine = max(1, (width + Self.gap) / (cell + Self.gap))
    var lines = title
    for row in rows(perLine: perLine) {
      lines += try panels(row, maps, width: cell)
      lines.append("")
    }
    return lines + legend(block: block, width: width)
  }

  /// How many rows and columns are drawn as one.
  private func block(width: Int) -> Int {
    let columns = grid.columnLabels.count
    if 2 * columns + Self.gap <= width || columns <= width && grid.panelLabels.count == 1 { return 1 }
    let room = max(1, (width + Self.gap) / Self.coarse - Self.gap)
    return (columns - 1) / room + 1
  }

  /// The maps of each line; those of a layer begin a line.
  private func rows(perLine: Int) -> [[Int]] {
    let heads: [HeatmapGrid.Head?] = grid.attention?.heads ?? grid.panelLabels.map { _ in nil }
    var rows: [[Int]] = []
    for index in grid.panelLabels.indices {
      let isNew = index == 0 || heads[index]?.layer != heads[index - 1]?.layer
      if isNew || rows[rows.count - 1].count == perLine {
        rows.append([index])
      } else {
        rows[rows.count - 1].append(index)
      }
    }
    return rows
  }

  private func panels(_ row: [Int], _ maps: [Tensor], width: Int) throws -> [StyledText] {
    let gap = StyledText(spaces(Self.gap))
    let names = row.map { padRight(grid.panelLabels[$0].escapingControls, to: width) }
    let heading = options.bold(trimmingEnd(names.joined(separator: gap.plain)))
    let parts = try row.map { try panel(maps[$0], width: width) }
    return [heading]
      + parts[0].indices.map { line in parts.map { $0[line] }.joined(separator: gap).trimmingEnd }
  }

  private func panel(_ map: Tensor, width: Int) throws -> [StyledText] {
    let (rows, columns) = (map.shape[0], map.shape[1])
    let isHalved = options.color && options.unicode
    let end = StyledText(spaces(width - columns))
    let values = map.values
    return try stride(from: 0, to: rows, by: isHalved ? 2 : 1).map { $0 }.interruptibleMap { row in
      let cells = (0..<columns).map { column -> StyledText in
        let value = Double(values[row * columns + column])
        guard options.color else { return StyledText(shade(value)) }
        guard isHalved else {
          return scale.background(of: " ", value, trueColor: options.trueColor)
        }
        guard row + 1 < rows else { return scale.upperHalf(value, trueColor: options.trueColor) }
        return scale.halves(
          upper: scale.position(value), lower: scale.position(Double(values[(row + 1) * columns + column])),
          trueColor: options.trueColor)
      }
      return cells.joined() + end
    }
  }

  // MARK: Without colour

  private var shades: [String] {
    (options.unicode ? "·░▒▓█" : ".:-=+*#%@").map(String.init)
  }

  /// By its magnitude; `?` for a missing value.
  private func shade(_ value: Double) -> String {
    let greatest = max(abs(scale.lower), abs(scale.upper))
    if value.isNaN { return "?" }
    guard greatest > 0 else { return shades[0] }
    let share = min(abs(value) / greatest, 1)
    return shades[Int((share * Double(shades.count - 1)).rounded())]
  }

  private func legend(block: Int, width: Int) -> [StyledText] {
    let axes = "\(grid.rowAxis) down, \(grid.columnAxis) across".escapingControls
    let greatest = formatNumber(max(abs(scale.lower), abs(scale.upper)), precision: 3)
    let bar =
      options.color
      ? scale.bar(options)
      : StyledText("0 \(shades.joined()) \(greatest)" + (scale.lower < 0 ? " in magnitude" : ""))
    let coarse = block > 1 ? ["each cell is the greatest of \(block) x \(block)"] : []
    let notes = ([axes] + coarse + [grid.hint].compactMap(\.self)).flatMap {
      wrapped($0.escapingControls, to: width, ellipsis: options.ellipsis)
    }
    return [bar] + notes.map(options.dim)
  }
}
