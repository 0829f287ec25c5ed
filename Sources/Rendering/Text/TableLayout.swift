import Results
import Tensors

/// The rules by which any value becomes lines of text. They look at types and lengths only, never
/// at names, so a new command needs nothing here.
struct TableLayout {
  let options: RenderOptions

  init(_ options: RenderOptions) { self.options = options }

  /// `value` as it stands by itself; no lines for null.
  func lines(_ value: Value) -> [String] {
    // Few digits are for columns; a number by itself has all.
    if case .number(let number) = value { return [formatNumber(number == 0 ? 0 : number)] }
    // The bound keeps arithmetic on `.max` from overflowing.
    return lines(value, width: min(max(options.width, 1), 1 << 40))
  }

  /// Rows of numbers wrap here even where there is no edge, as in NumPy.
  private static let tensorWidth = 100

  func lines(_ value: Value, width: Int) -> [String] {
    switch value {
    case .null: []
    case .string(let text): splitLines(text)
    case .bool, .number, .range: [inline(value)]
    case .object(let object): lines(object.display, width: width)
    case .tensor(let tensor): TensorText(tensor, options).lines(width: min(width, Self.tensorWidth))
    case .table(let table): lines(RecordColumns(table), width: width)
    case .figure(.heatmap(let map)): HeatmapText(map, options).lines(width: width)
    case .figure(.patterns(let plot)): PatternPlotText(plot, options).lines(width: width)
    case .record(let record): lines(record, width: width)
    case .list(let elements): lines(elements, width: width)
    }
  }

  private func lines(_ elements: [Value], width: Int) -> [String] {
    let list = Value.list(elements)
    if let records = list.records { return lines(RecordColumns(records: records), width: width) }
    if isShort(list, width: width) { return [inline(list)] }
    if let columns = matrix(elements) { return grid(columns, count: elements.count, width: width) }
    if elements.allSatisfy(fitsCell) {
      return grid([("", elements)], count: elements.count, showsHeader: false, width: width)
    }
    return elements.flatMap { lines($0, width: width) }
  }

  /// Lists of numbers of one length, as columns named 0, 1, ...
  private func matrix(_ elements: [Value]) -> [(String, [Value])]? {
    let rows = elements.compactMap(\.elements).filter { $0.allSatisfy { $0.number != nil } }
    guard let first = rows.first, rows.count > 1, !first.isEmpty else { return nil }
    // Something else may stand beside the lists.
    guard rows.count == elements.count else { return nil }
    guard rows.allSatisfy({ $0.count == first.count }) else { return nil }
    return first.indices.map { column in (String(column), rows.map { $0[column] }) }
  }

  func lines(_ columns: RecordColumns, width: Int) -> [String] {
    let named = Array(zip(columns.names, columns.columns))
    return grid(
      named, count: columns.rowCount, showsIndex: false, alignsPoints: !columns.mixesQuantities, width: width)
  }

  /// A table of `columns`, cut at `maxRows`, with an index in front.
  func grid(
    _ columns: [(String, [Value])], count: Int, showsIndex: Bool = true, showsHeader: Bool = true,
    alignsPoints: Bool = true, width: Int
  ) -> [String] {
    let shown = min(count, max(0, options.maxRows ?? count))
    var gridColumns = columns.map {
      column($0, cells: Array($1.prefix(shown)), alignsPoints: alignsPoints)
    }
    if showsIndex {
      gridColumns.insert(.init(header: "", cells: (0..<shown).map(String.init), isNumeric: true), at: 0)
    }
    var lines = Grid(gridColumns, showsHeader: showsHeader, options: options).lines(width: width)
    if count == 0 { lines.append(options.dim("(no rows)")) }
    if shown < count {
      lines.append(options.dim("\(options.ellipsis) \(plural(count - shown, "more row"))"))
    }
    return lines
  }

  private func column(_ name: String, cells: [Value], alignsPoints: Bool) -> Grid.Column {
    let numbers = cells.map(\.number)
    let isNumeric =
      zip(cells, numbers).allSatisfy { $0.isNull || $1 != nil } && numbers.contains { $0 != nil }
    if isNumeric {
      // A count among shares has no decimals.
      let hasCounts = numbers.contains { $0.map { $0 != 0 && $0 == $0.rounded() } ?? false }
      let texts =
        alignsPoints || !hasCounts
        ? alignNumbers(numbers, precision: options.precision)
        : numbers.map { $0.map { formatNumber($0, precision: options.precision) } ?? "" }
      return Grid.Column(header: name, cells: texts, isNumeric: true)
    }
    return Grid.Column(header: name, cells: cells.map { $0.isNull ? "" : inline($0) })
  }
}

/// - Returns: `text`'s lines; a final newline does not begin another line.
private func splitLines(_ text: String) -> [String] {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  if lines.count > 1, lines.last == "" { lines.removeLast() }
  return lines
}
