import ExactText
import Faults
import Results
import Tensors

/// The rules by which any value becomes lines of text. They look at types and lengths only, never
/// at names, so a new command needs nothing here.
struct TableLayout {
  let options: RenderOptions

  init(_ options: RenderOptions) { self.options = options }

  /// `value` as it stands by itself; no lines for null.
  ///
  /// - Throws: ``Interrupted``, as everything here.
  func lines(_ value: Value) throws -> [StyledText] {
    // Few digits are for columns; a number by itself has all.
    if case .number(let number) = value { return [StyledText(formatNumber(number == 0 ? 0 : number))] }
    // The bound keeps arithmetic on `.max` from overflowing.
    return try lines(value, width: min(max(options.width, 1), 1 << 40))
  }

  /// Rows of numbers wrap here even where there is no edge, as in NumPy.
  private static let tensorWidth = 100

  func lines(_ value: Value, width: Int) throws -> [StyledText] {
    switch value {
    case .null: []
    case .string(let text): try splitLines(text).map { StyledText($0) }
    case .bool, .number, .range: [StyledText(try inline(value))]
    case .object(let object): try lines(display: object.display, width: width)
    case .tensor(let tensor): try TensorText(tensor, options).lines(width: min(width, Self.tensorWidth))
    case .table(let table): try lines(RecordColumns(table), width: width)
    case .figure(let figure): try lines(figure, width: width)
    case .record(let record): try lines(record, width: width)
    case .list(let elements): try lines(elements, width: width)
    }
  }

  private func lines(_ figure: Figure, width: Int) throws -> [StyledText] {
    switch figure {
    case .heatmap(let map): try HeatmapText(map, options).lines(width: width)
    case .heatmaps(let grid): try HeatmapGridText(grid, options).lines(width: width)
    case .patterns(let plot): try PatternPlotText(plot, options).lines(width: width)
    case .chart(let chart): try ChartText(chart, options).lines(width: width)
    case .words(let words): try ColoredWordsText(words, options).lines(width: width)
    case .several(let figures): Array(try figures.map { try lines($0, width: width) }.joined(separator: [""]))
    }
  }

  private func lines(_ elements: [Value], width: Int) throws -> [StyledText] {
    let list = Value.list(elements)
    if let records = try list.records { return try lines(RecordColumns(records: records), width: width) }
    if try isShort(list, width: width) { return [StyledText(try inline(list))] }
    if let columns = try matrix(elements) { return try grid(columns, count: elements.count, width: width) }
    if try elements.interruptibleAllSatisfy(fitsCell) {
      return try grid([("", elements)], count: elements.count, showsHeader: false, width: width)
    }
    // Null by itself shows nothing; between others it has its place.
    return try elements.interruptibleFlatMap { $0.isNull ? ["null"] : try lines(element: $0, width: width) }
  }

  /// The strings of an object's display are lines; a name in one may hold any character.
  private func lines(display value: Value, width: Int) throws -> [StyledText] {
    if case .list(let parts) = value {
      return try parts.interruptibleFlatMap { try lines(element: $0, width: width) }
    }
    return try lines(element: value, width: width)
  }

  /// What stands between others: a text does not begin lines of its own there, where somebody may take them for those
  /// of the layout.
  private func lines(element value: Value, width: Int) throws -> [StyledText] {
    if case .string(let text) = value, options.isTerminal { return [StyledText(options.onLine(text))] }
    return try lines(value, width: width)
  }

  /// Lists of numbers of one length, as columns named 0, 1, ...
  func matrix(_ elements: [Value]) throws -> [(String, [Value])]? {
    let rows = try elements.interruptibleMap { try $0.elements }.compactMap { $0 }
      .interruptibleFilter { try $0.interruptibleAllSatisfy { $0.number != nil } }
    guard let first = rows.first, rows.count > 1, !first.isEmpty else { return nil }
    // Something else may stand beside the lists.
    guard rows.count == elements.count else { return nil }
    guard rows.allSatisfy({ $0.count == first.count }) else { return nil }
    return try first.indices.interruptibleMap { column in
      (String(column), try rows.interruptibleMap { $0[column] })
    }
  }

  func lines(_ columns: RecordColumns, width: Int) throws -> [StyledText] {
    let named = Array(zip(columns.names, columns.columns))
    return try grid(
      named, count: columns.rowCount, showsIndex: false, alignsPoints: !columns.mixesQuantities, width: width)
  }

  /// A table of `columns`, cut at `maxRows`, with an index in front.
  func grid(
    _ columns: [(String, [Value])], count: Int, showsIndex: Bool = true, showsHeader: Bool = true,
    alignsPoints: Bool = true, width: Int
  ) throws -> [StyledText] {
    let (gridColumns, note) = try gridColumns(
      columns, count: count, showsIndex: showsIndex, alignsPoints: alignsPoints)
    var lines = try Grid(gridColumns, showsHeader: showsHeader, options: options).lines(width: width)
    if let note { lines.append(options.dim(note)) }
    return lines
  }

  /// The columns of a table, cut at `maxRows`, and what is said below it.
  func gridColumns(
    _ columns: [(String, [Value])], count: Int, showsIndex: Bool, alignsPoints: Bool
  ) throws -> (columns: [Grid.Column], note: String?) {
    let shown = min(count, max(0, options.maxRows ?? count))
    var gridColumns = try columns.map {
      try column($0, cells: Array($1.prefix(shown)), alignsPoints: alignsPoints)
    }
    if showsIndex {
      let indices = try (0..<shown).interruptibleMap { String($0) }
      gridColumns.insert(try .init(header: "", cells: indices, isNumeric: true), at: 0)
    }
    if count == 0 { return (gridColumns, "(no rows)") }
    return (gridColumns, shown < count ? "\(options.ellipsis) \(plural(count - shown, "more row"))" : nil)
  }

  private func column(_ name: String, cells: [Value], alignsPoints: Bool) throws -> Grid.Column {
    let numbers = try cells.interruptibleMap(\.number)
    let isNumeric =
      try zip(cells, numbers).interruptibleAllSatisfy { $0.isNull || $1 != nil }
      && numbers.contains { $0 != nil }
    if isNumeric {
      // A count among shares has no decimals.
      let hasCounts = numbers.contains { $0.map { $0 != 0 && $0 == $0.rounded() } ?? false }
      let texts =
        try alignsPoints || !hasCounts
        ? alignNumbers(numbers, precision: options.precision)
        : numbers.interruptibleMap { $0.map { formatNumber($0, precision: options.precision) } ?? "" }
      return try Grid.Column(header: name, cells: texts, isNumeric: true)
    }
    return try Grid.Column(header: name, cells: cells.interruptibleMap { $0.isNull ? "" : try inline($0) })
  }
}

/// - Returns: `text`'s lines; a final newline does not begin another line.
private func splitLines(_ text: String) throws -> [String] {
  var steps = Steps()
  // By scalars: CR LF is one character, and what follows it would stand outside of the layout.
  let parts = try text.unicodeScalars.split(omittingEmptySubsequences: false) {
    try steps.next()
    return $0 == "\n"
  }
  var lines = try parts.interruptibleMap { String($0) }
  if lines.count > 1, lines.last == "" { lines.removeLast() }
  return lines
}
