import ExactText
import Faults
import Results
import Tensors

/// Aligned columns of text: numbers right, everything else left, fitted to a width. Where it is too narrow, texts and
/// headers wrap at blanks; then words are cut; then columns are left out from the right.
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
      cellWidth = try cells.interruptibleMap { try interruptibleDisplayWidth($0) }.max() ?? 0
    }

    var width: Int { max(displayWidth(header), cellWidth) }

    /// Numbers are never cut, since a cut number is another number; words are, to this.
    var minimum: Int { isNumeric ? cellWidth : min(width, 8, max(4, longestWord)) }

    private var longestWord: Int {
      // Wider texts are cut, wherever their words end.
      cells.lazy.flatMap { $0.prefix(longestWrappedText).split(separator: " ") }.map {
        displayWidth(String($0))
      }
      .max() ?? 0
    }
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

  /// The least width at which no number is left out and texts can be recognised.
  ///
  /// - Throws: ``Interrupted``.
  func readableWidth() throws -> Int {
    total(try columns.interruptibleMap { min($0.width, $0.isNumeric ? $0.cellWidth : 8) })
  }

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [StyledText] {
    let (kept, widths) = try fit(width)
    var lines: [StyledText] = []
    if showsHeader { lines += row(kept.map(\.header), kept, widths, style: options.bold) }
    var steps = Steps()
    for index in 0..<(kept.first?.cells.count ?? 0) {
      try steps.next()
      lines += row(kept.map { $0.cells[index] }, kept, widths, style: { StyledText($0) })
    }
    let dropped = columns[kept.count...].map(\.header)
    if !dropped.isEmpty { lines.append(options.dim(note(dropped, width))) }
    return lines
  }

  private func note(_ dropped: [String], _ width: Int) -> String {
    let text =
      // Each name takes a column: no more of them can be seen.
      "\(options.ellipsis) \(plural(dropped.count, "more column")): "
      + dropped.prefix(width).joined(separator: ", ")
    return truncate(text, to: width, ellipsis: options.ellipsis)
  }

  /// The lines of one row, as many as its highest cell has.
  private func row(
    _ texts: [String], _ columns: [Column], _ widths: [Int], style: (String) -> StyledText
  ) -> [StyledText] {
    let cells = zip(texts, widths).map { wrapped($0, to: $1, ellipsis: options.ellipsis) }
    return (0..<(cells.map(\.count).max() ?? 0)).map { number in
      let parts = columns.indices.map { index in
        let text = number < cells[index].count ? cells[index][number] : ""
        let width = widths[index]
        return columns[index].isNumeric ? padLeft(text, to: width) : padRight(text, to: width)
      }
      return style(trimmingEnd(parts.joined(separator: spaces(Self.gap))))
    }
  }

  /// The columns that fit, from the left, at least one, with their widths.
  private func fit(_ width: Int) throws -> (columns: [Column], widths: [Int]) {
    let whole = try columns.interruptibleMap(\.width)
    if total(whole) <= width { return (columns, whole) }
    var (count, needed) = (0, -Self.gap)
    while count < columns.count {
      needed += Self.gap + columns[count].minimum
      if count > 0, needed > width { break }
      count += 1
    }
    let kept = Array(columns.prefix(count))
    if kept.count == 1, !kept[0].isNumeric { return (kept, [min(kept[0].width, width)]) }
    let least = leastWidths(kept, within: width)
    // What is left over goes to the narrow columns first: the greatest common limit under which all fit.
    func widths(limit: Int) -> [Int] { zip(kept, least).map { max($1, min($0.width, limit)) } }
    var (lower, upper) = (0, kept.map(\.width).max() ?? 0)
    while lower < upper {
      let middle = (lower + upper + 1) / 2
      if total(widths(limit: middle)) <= width { lower = middle } else { upper = middle - 1 }
    }
    return (kept, widths(limit: lower))
  }

  /// The widths at which rows have the fewest lines with all words whole, else with some cut.
  private func leastWidths(_ columns: [Column], within width: Int) -> [Int] {
    let texts = columns.map { WrappedColumn($0) }
    for cutsWords in [false, true] {
      for lines in 1...maxWrappedLines {
        let widths = texts.map { $0.leastWidth(lines: lines, cutsWords: cutsWords) }
        if total(widths) <= width { return widths }
      }
    }
    return columns.map(\.minimum)
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
