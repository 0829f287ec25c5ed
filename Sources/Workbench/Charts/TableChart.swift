import ExactText
import Faults
import Language
import Results

/// A chart of columns of a table, chosen by their names and what is in them.
struct TableChart {
  let table: Table
  /// The names that were given.
  let arguments: Arguments
  /// What a result is drawn by where the arguments do not say it; columns that it does not have count for nothing.
  struct Usual {
    var x: String?
    var y: String?
    var by: String?
  }

  let usual: Usual

  /// More points than these are no line of measurements, unless that is asked for.
  static let mostOfLine = 200

  /// The columns of a chart, and what is in them.
  private struct Columns {
    let x: String
    let y: String
    let by: String?
    let xs: [Value]
    let numbers: [Double]
    let xIsNumber: Bool
  }

  /// A chart; of words their colours; of hundreds of names how their numbers are distributed.
  ///
  /// - Throws: ``ChartFault`` with its place, ``Interrupted``.
  func figure(title: String?, subtitle: String) throws -> Figure {
    if table.rows.isEmpty { throw ChartFault.empty.located(arguments.span) }
    let named = ["x", "y", "by"].contains { arguments[$0] != nil }
    let by = try column("by") ?? (named ? nil : present(usual.by))
    let (x, y) = try axes(besides: [by, try column("label")])
    let xs = try cells(x)
    let columns = Columns(
      x: x, y: y, by: by, xs: xs, numbers: try numbers(try cells(y), column: y), xIsNumber: try isNumeric(xs))
    if arguments.string("kind") == Self.words { return .words(try words(columns, title, subtitle)) }
    let asksNothing = by == nil && ["kind", "label", "xscale", "yscale"].allSatisfy { arguments[$0] == nil }
    if asksNothing, !columns.xIsNumber, xs.count > Distribution.fewest {
      return try distribution(columns, title, subtitle)
    }
    return .chart(try chart(columns, title, subtitle))
  }

  /// The kind that is no chart.
  static let words = "words"

  private func words(_ columns: Columns, _ title: String?, _ subtitle: String) throws -> ColoredWords {
    try arguments.refuse("by", "label", "xscale", "yscale", because: "words have a colour each, and no axes")
    let names = try names(columns.xs, column: columns.x)
    return ColoredWords(
      title: title ?? "\(columns.y) of \(columns.x)", subtitle: subtitle, axis: columns.y,
      words: try names.indices.interruptibleMap { .init(text: names[$0], value: columns.numbers[$0]) })
  }

  private func distribution(_ columns: Columns, _ title: String?, _ subtitle: String) throws -> Figure {
    try Distribution(
      title: title ?? "\(columns.y) of \(columns.numbers.count)", subtitle: subtitle, nameAxis: columns.x,
      valueAxis: columns.y, names: names(columns.xs, column: columns.x), values: columns.numbers
    ).figure
  }

  private func chart(_ columns: Columns, _ title: String?, _ subtitle: String) throws -> Chart {
    let (x, y, xIsNumber) = (columns.x, columns.y, columns.xIsNumber)
    let groups = try columns.by.map { try series(of: $0) }
    let kind =
      try arguments.string("kind").flatMap(Chart.Kind.init(rawValue:))
      ?? usualKind(columns.xs, xIsNumber: xIsNumber, groups: groups?.of)
    let logarithms = try logarithms(kind, x: x, xIsNumber: xIsNumber)
    let axis = try places(
      columns.xs, column: x, isNumber: xIsNumber && kind != .bar, mergesNames: groups != nil)
    let labels = try column("label").map { try self.names(try cells($0), column: $0) }
    let points = try columns.numbers.indices.interruptibleMap { row in
      Chart.Point(x: axis.x[row], y: columns.numbers[row], label: labels?[row])
    }
    let names = groups?.names ?? [""]
    var rows = [[Int]](repeating: [], count: names.count)
    for row in points.indices { rows[groups?.of[row] ?? 0].append(row) }
    return Chart(
      title: title ?? "\(y) against \(x)" + (columns.by.map { " by \($0)" } ?? ""), subtitle: subtitle,
      kind: kind,
      xAxis: x, yAxis: y, categories: axis.names, logarithms: logarithms,
      series: try zip(names, rows).map { name, rows in
        Chart.Series(name: name, points: try rows.interruptibleMap { points[$0] })
      })
  }

  /// The axes that are drawn by logarithms.
  private func logarithms(_ kind: Chart.Kind, x: String, xIsNumber: Bool) throws -> Set<Chart.Axis> {
    let asked = Chart.Axis.allCases.filter { arguments.string("\($0.rawValue)scale") == "log" }
    for axis in asked where kind == .bar || axis == .x && !xIsNumber {
      throw ChartFault.noLogarithms(axis, column: x, hasNumbers: axis == .y || xIsNumber)
        .located(arguments.span(of: "\(axis.rawValue)scale"))
    }
    return Set(asked)
  }

  // MARK: Columns

  /// The column that an option names; nil when it is left out.
  private func column(_ option: String) throws -> String? {
    guard let name = arguments.string(option) else { return nil }
    guard table.columns.contains(where: { $0 == name }) else {
      throw ChartFault.unknownColumn(name, known: table.columns).located(arguments.span(of: option))
    }
    return name
  }

  private func present(_ name: String?) -> String? {
    name.flatMap { name in table.columns.first { $0 == name } }
  }

  /// Left out, x is the usual column, or the first of texts, or the first; y the usual one, or the only other one of numbers.
  private func axes(besides others: [String?]) throws -> (x: String, y: String) {
    let taken = others.compactMap(\.self)
    let namedY = try column("y")
    let namedX = try column("x") ?? present(usual.x).flatMap { x in [namedY].contains { $0 == x } ? nil : x }
    let free = table.columns.filter { name in !taken.contains { $0 == name } }
    let numeric = try free.filter { try isNumeric(cells($0)) }
    let forX = free.filter { name in namedY.map { $0 != name } ?? true }
    let texts = forX.filter { name in !numeric.contains { $0 == name } }
    guard let x = namedX ?? texts.first ?? forX.first else {
      throw ChartFault.oneColumn(namedY ?? table.columns.first ?? "").located(arguments.span)
    }
    if let namedY { return (x, namedY) }
    let forY = numeric.filter { $0 != x }
    if let y = usual.y, forY.contains(where: { $0 == y }) { return (x, y) }
    guard let y = forY.first else {
      throw ChartFault.noNumbers(known: table.columns).located(arguments.span)
    }
    if forY.count > 1 { throw ChartFault.severalNumbers(forY).located(arguments.span) }
    return (x, y)
  }

  private func cells(_ column: String) throws -> [Value] { try table.column(column) ?? [] }

  private func isNumeric(_ cells: [Value]) throws -> Bool {
    try cells.interruptibleAllSatisfy { $0.chartNumber != nil || $0.isMissing }
  }

  // MARK: Cells

  /// NaN for null.
  private func numbers(_ cells: [Value], column: String) throws -> [Double] {
    try cells.enumerated().interruptibleMap { row, cell in
      if let number = cell.chartNumber { return number }
      if cell.isMissing { return .nan }
      let numeric = try table.columns.filter { try isNumeric(self.cells($0)) }
      throw ChartFault.notNumbers(column: column, row: row, holds: cell.typeName, numbers: numeric)
        .located(arguments.span(of: "y"))
    }
  }

  private func names(_ cells: [Value], column: String) throws -> [String] {
    try cells.enumerated().interruptibleMap { row, cell in
      if let name = cell.chartName { return name }
      throw ChartFault.notNames(column: column, row: row, holds: cell.typeName).located(arguments.span)
    }
  }

  /// Places on the x axis. Names stand in the order of the rows, each row with a place of its own, since words of a sentence
  /// occur twice; where rows are put together by series, equal names are one place.
  private func places(
    _ cells: [Value], column: String, isNumber: Bool, mergesNames: Bool
  ) throws -> (x: [Double], names: [String]?) {
    if isNumber { return (try cells.interruptibleMap { $0.chartNumber ?? .nan }, nil) }
    let names = try names(cells, column: column)
    guard mergesNames else { return (names.indices.map(Double.init), names) }
    var (places, distinct) = (NameTable<Double>(), [String]())
    let x = try names.interruptibleMap { name in
      if let place = places[name] { return place }
      let place = Double(distinct.count)
      places[name] = place
      distinct.append(name)
      return place
    }
    return (x, distinct)
  }

  /// The series of each row, named by a column, in the order in which the names first occur.
  private func series(of column: String) throws -> (of: [Int], names: [String]) {
    let groups = try places(cells(column), column: column, isNumber: false, mergesNames: true)
    let names = groups.names ?? []
    guard names.count <= Chart.mostSeries else {
      throw ChartFault.tooManySeries(column: column, values: names.count).located(arguments.span(of: "by"))
    }
    return (groups.x.map { Int($0) }, names)
  }

  /// Bars of names; a line where x grows from row to row of each series, as in a sweep over a number; else points.
  private func usualKind(_ xs: [Value], xIsNumber: Bool, groups: [Int]?) throws -> Chart.Kind {
    guard xIsNumber else { return .bar }
    var last: [Int: Double] = [:]
    let grows = try xs.indices.interruptibleAllSatisfy { row in
      guard let x = xs[row].chartNumber, !x.isNaN else { return true }
      defer { last[groups?[row] ?? 0] = x }
      return last[groups?[row] ?? 0].map { $0 < x } ?? true
    }
    return grows && xs.count <= Self.mostOfLine ? .line : .scatter
  }
}
