import ExactText
import Faults
import Results
import Scripting
import Tensors

extension Function {
  private static let table = Parameter.required("table", .any, "a table, or a list of records")

  static let reshaping: [Function] = [
    Function(
      "pivot", "a table with a row for each value of one column and a column for each value of another",
      [
        table, .option("rows", .names, "the column whose values are rows, or a list of columns"),
        .option("columns", .names, "the column whose values become columns"),
        .option("values", .names, "the column whose values fill the cells"),
        .option(
          "aggregate", .word(Aggregate.allCases.map(\.rawValue)),
          "what becomes of several values for one cell; without it an error"),
      ],
      discussion: """
        Rows and columns stand in the order in which their values first appear; a cell without a value is null. `unpivot` is the
        way back.
        """,
      example: """
        let t = table([{layer: l, head: h, accuracy: l / 2 + h / 4} for l in 0..1 for h in 0..1])
        pivot(t, rows=layer, columns=head, values=accuracy)
        """
    ) { arguments, interpreter in .table(try Pivot(arguments, interpreter).table()) },
    Function(
      "unpivot",
      "a table with a row for each cell of some columns: their names in one column, their values in another",
      [
        table,
        .option("columns", .names, "the columns that become rows; without them all but those of keep="),
        .option("keep", .names, "columns that are repeated on each row"),
        .option("name", .name(.newName), "the column for the names (name)"),
        .option("value", .name(.newName), "the column for the values (value)"),
      ],
      example: """
        let t = table([{step: 1000, ioi: 0.5, sva: 0.6}, {step: 2000, ioi: 0.7, sva: 0.9}])
        unpivot(t, keep=step, name=task, value=accuracy)
        """
    ) { arguments, _ in .table(try unpivoted(arguments)) },
  ]

  private static func unpivoted(_ arguments: Arguments) throws -> Table {
    let table = try rows(arguments.required("table"))
    func chosen(_ option: String) throws -> [String]? {
      try arguments[option].map { bound in
        try names(bound).map { name in
          _ = try column(name, of: table, at: bound.span)
          return name
        }
      }
    }
    let (given, kept) = (try chosen("columns"), try chosen("keep"))
    let left = NameList(kept ?? [])
    let turned = given ?? table.columns.filter { !left.contains($0) }
    let others = NameList(turned)
    let repeated = kept ?? table.columns.filter { !others.contains($0) }
    guard arguments["columns"] != nil || arguments["keep"] != nil else {
      throw TableFault.missing(
        "keep", of: "unpivot", example: "unpivot(t, keep=step, name=task, value=accuracy)"
      )
      .located(arguments.span)
    }
    let columns = repeated + [arguments.string("name") ?? "name", arguments.string("value") ?? "value"]
    try requireDifferent(columns, at: arguments.span)
    let places = repeated.compactMap { table.columns.firstIndex(of: $0) }
    let turnedPlaces = turned.compactMap { table.columns.firstIndex(of: $0) }
    let cells = zip(turned, turnedPlaces)
    let rows = try table.rows.interruptibleFlatMap { row in
      cells.map { name, place in places.map { row[$0] } + [.string(name), row[place]] }
    }
    return Table(columns: columns, rows: rows)
  }
}

/// What becomes of several values for one cell.
private enum Aggregate: String, CaseIterable {
  case mean, sum, min, max, count, first

  var reduction: Reduction? {
    switch self {
    case .mean: .mean
    case .sum: .sum
    case .min: .min
    case .max: .max
    case .count, .first: nil
    }
  }
}

/// What `pivot` makes of a table.
private struct Pivot {
  private let source: Table
  private let interpreter: Interpreter
  private let arguments: Arguments
  private let rowNames: [String]
  private let rowKeys: [[Value]]
  private let headers: [Value]
  private let values: [Value]

  init(_ arguments: Arguments, _ interpreter: Interpreter) throws {
    (self.arguments, self.interpreter) = (arguments, interpreter)
    let source = try Function.rows(arguments.required("table"))
    self.source = source
    func column(_ option: String) throws -> (names: [String], columns: [[Value]]) {
      guard let bound = arguments[option] else {
        throw TableFault.missing(
          option, of: "pivot", example: "pivot(t, rows=layer, columns=head, values=accuracy)"
        ).located(arguments.span)
      }
      let names = try Function.names(bound)
      return (names, try names.map { try Function.column($0, of: source, at: bound.span) })
    }
    func one(_ option: String) throws -> [Value] {
      let (names, columns) = try column(option)
      guard names.count == 1 else {
        throw ValueFault.wrongType(
          expected: "one column", found: counted(names.count, "name"), what: "`\(option)`"
        ).located(arguments.span(of: option))
      }
      return columns[0]
    }
    let rows = try column("rows")
    (rowNames, rowKeys) = (rows.names, rows.columns)
    headers = try one("columns")
    values = try one("values")
  }

  func table() throws -> Table {
    let rows = try Function.groups(rowKeys, count: source.rows.count, interpreter)
    let columns = try Function.groups([headers], count: source.rows.count, interpreter)
    let names = try columns.map { try interpreter.displayText(headers[$0[0]]) }
    try Function.requireDifferent(rowNames + names, at: arguments.span)
    let (rowOf, columnOf) = (numbers(rows), numbers(columns))
    guard rows.count * columns.count <= ValueLimits.nestedElements else {
      throw LimitFault.tooManyNested(limit: ValueLimits.nestedElements).located(arguments.span)
    }
    var cells = [[[Int]]](repeating: [[Int]](repeating: [], count: columns.count), count: rows.count)
    var steps = Steps()
    for index in source.rows.indices {
      try steps.next()
      cells[rowOf[index]][columnOf[index]].append(index)
    }
    return Table(
      columns: rowNames + names,
      rows: try zip(rows, cells).interruptibleMap { members, cells in
        try rowKeys.map { $0[members[0]] } + cells.map(cell)
      })
  }

  /// The number of the group of each row.
  private func numbers(_ groups: [[Int]]) -> [Int] {
    var numbers = [Int](repeating: 0, count: source.rows.count)
    for (number, group) in groups.enumerated() {
      for row in group { numbers[row] = number }
    }
    return numbers
  }

  private func cell(_ members: [Int]) throws -> Value {
    guard let aggregate = arguments.string("aggregate").flatMap({ Aggregate(named: $0) }) else {
      if members.count > 1 { throw try severalValues(members[0]) }
      return members.first.map { values[$0] } ?? .null
    }
    if case .count = aggregate { return Value(members.count) }
    guard let first = members.first else { return .null }
    guard let reduction = aggregate.reduction else { return values[first] }
    let name = (try? Function.names(arguments.required("values")).first) ?? "values"
    return try Function.summary(reduction, name, members.map { values[$0] }, arguments.required("values"))
  }

  private func severalValues(_ row: Int) throws -> Diagnostic {
    let key = try zip(rowNames, rowKeys).map { "\($0) \(try interpreter.displayText($1[row]))" }
    let header = try Function.names(arguments.required("columns"))[0]
    return TableFault.severalValues(
      row: key.joined(separator: ", "), column: "\(header) \(try interpreter.displayText(headers[row]))"
    ).located(arguments.span)
  }
}
