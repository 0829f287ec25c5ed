import Faults
import Results
import Tensors

/// Aligned columns of text: numbers right, everything else left, fitted to a width.
struct Grid {
  struct Column {
    let header: String
    let cells: [String]
    let isNumeric: Bool

    let cellWidth: Int

    init(header: String, cells: [String], isNumeric: Bool = false) throws {
      self.header = header.escapingControls
      self.cells = cells
      self.isNumeric = isNumeric
      cellWidth = try cells.interruptibleMap { displayWidth($0) }.max() ?? 0
    }

    var width: Int { max(displayWidth(header), cellWidth) }

    /// Numbers are never cut, since a cut number is another number; text is, to this.
    var minimum: Int { min(width, isNumeric ? cellWidth : 8) }
  }

  private let columns: [Column]
  private let showsHeader: Bool
  private let options: RenderOptions

  init(_ columns: [Column], showsHeader: Bool = true, options: RenderOptions) {
    self.columns = columns
    self.showsHeader = showsHeader
    self.options = options
  }

  private static let gap = 2

  /// The least width at which no column is left out.
  var minimumWidth: Int { total(columns.map(\.minimum)) }

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [String] {
    let (kept, widths) = fit(width)
    var lines: [String] = []
    if showsHeader {
      lines.append(line(zip(kept, widths).map { cell($0.header, of: $0, width: $1) }, options.bold))
    }
    var steps = Steps()
    for row in 0..<(kept.first?.cells.count ?? 0) {
      try steps.next()
      lines.append(line(zip(kept, widths).map { cell($0.cells[row], of: $0, width: $1) }, { $0 }))
    }
    let dropped = columns[kept.count...].map(\.header)
    if !dropped.isEmpty { lines.append(options.dim(note(dropped, width))) }
    return lines
  }

  private func note(_ dropped: [String], _ width: Int) -> String {
    let text =
      "\(options.ellipsis) \(plural(dropped.count, "more column")): \(dropped.joined(separator: ", "))"
    return truncate(text, to: width, ellipsis: options.ellipsis)
  }

  private func cell(_ text: String, of column: Column, width: Int) -> String {
    let text = truncate(text, to: width, ellipsis: options.ellipsis)
    return column.isNumeric ? padLeft(text, to: width) : padRight(text, to: width)
  }

  private func line(_ cells: [String], _ style: (String) -> String) -> String {
    style(trimmingEnd(cells.joined(separator: spaces(Self.gap))))
  }

  /// The columns that fit, from the left, at least one, with their widths.
  private func fit(_ width: Int) -> (columns: [Column], widths: [Int]) {
    var kept = columns
    while kept.count > 1, total(kept.map(\.minimum)) > width { kept.removeLast() }
    // The widest columns give way first: the greatest common limit under which all fit.
    func widths(limit: Int) -> [Int] { kept.map { max($0.minimum, min($0.width, limit)) } }
    var (lower, upper) = (0, kept.map(\.width).max() ?? 0)
    while lower < upper {
      let middle = (lower + upper + 1) / 2
      if total(widths(limit: middle)) <= width { lower = middle } else { upper = middle - 1 }
    }
    let single = kept.count == 1 && !kept[0].isNumeric
    return (kept, single ? [min(kept[0].width, width)] : widths(limit: lower))
  }

  private func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + Self.gap * max(0, widths.count - 1)
  }
}

func plural(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

func trimmingEnd(_ text: String) -> String {
  guard let last = text.lastIndex(where: { $0 != " " }) else { return "" }
  return String(text[...last])
}
