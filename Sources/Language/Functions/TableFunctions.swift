import ExactText
import Faults
import Results
import Scripting

extension Function {
  private static let table = Parameter.required("table", .any, "a table, or a list of records")

  static let tables: [Function] = [
    Function(
      "table", "a table of records with the same fields", [.required("rows", .any, "a list of records")],
      example: "table([{head: 0, accuracy: 0.5}, {head: 1, accuracy: 0.75}])"
    ) { arguments, _ in .table(try rows(arguments.required("rows"))) },
    Function(
      "where", "the rows of a table whose value in a column compares as given",
      [
        table, .required("column", .custom(ColumnName()), "the name of a column"),
        .required("comparison", .word(comparisons), "as a string: \(comparisons.joined(separator: " "))"),
        .required("value", .any, "what to compare with"),
      ],
      discussion: """
        `in` looks the value of the row up in a list; `contains` looks for a part of it. For any other condition:
        filter(t, r => r.accuracy < 0.6 and r.head > 0).
        """,
      example: """
        let t = table([{head: 0, accuracy: 0.5}, {head: 1, accuracy: 0.75}])
        where(t, "accuracy", ">", 0.6)
        where(t, head, "in", [0, 2])
        """
    ) { arguments, interpreter in try selection(arguments, interpreter) },
    Function(
      "sort", "a table sorted by a column, or a list",
      [
        .required("table", .any, "a table, list or vector"),
        .option(
          "by", .names, "the column of a table, or a list of columns, the most important first; or x => ..."),
        .flag("descending", "largest first"),
      ], discussion: "Equal ones keep their order. Null and NaN come last.",
      example: """
        print sort([3, 1, 2]) sort(["b", "a"], descending)
        sort(table([{head: 0, accuracy: 0.5}, {head: 1, accuracy: 0.75}]), by=accuracy, descending)
        print sort(["are", "is"], by=word => len(word))
        """
    ) { arguments, interpreter in try sorted(arguments, interpreter) },
    Function(
      "group", "one row for each value of a column, with the count and summaries of other columns",
      [
        table, .option("by", .names, "a column, or a list of columns"),
        .option("mean", .names, "columns (a name or a list) to take the mean of"),
        .option("sum", .names, "columns to add up"),
        .option("min", .names, "columns to take the smallest of"),
        .option("max", .names, "columns to take the largest of"),
      ],
      discussion: """
        The summary of a column is called COLUMN_mean and so on. Rows stand in the order in which the values first appear.
        """,
      example: """
        let t = table([{case: "SS", ok: 1}, {case: "SP", ok: 0}, {case: "SS", ok: 0}])
        group(t, by="case", mean="ok")
        """
    ) { arguments, interpreter in try grouped(arguments, interpreter) },
    Function(
      "columns", "some columns of a table, in the order given; without names the list of all names",
      [table, .rest("names", .name(.newName), "names of columns")],
      example: "let t = table([{head: 0, accuracy: 0.5}])\nprint columns(t)\ncolumns(t, accuracy)"
    ) { arguments, _ in try chosenColumns(arguments) },
    Function(
      "with_column", "a table with one more column",
      [
        table,
        .required("column", .name(.newName), "its name; a column of that name is replaced"),
        .required(
          "value", .any,
          "row => ...; or a list, range or vector with a value for each row, or one value for all"),
      ],
      discussion: """
        A column is computed from others row by row: with_column(t, drop, r => r.before - r.after). `t.drop = [0.1, 0.2]` sets
        the column of a variable. A table over several models: concat(list(with_column(TABLE, step, 1000)), list(with_column(OTHER, step, 2000))) are
        records of which `table` makes one.
        """,
      example: """
        let t = table([{head: 0, before: 0.9, after: 0.5}, {head: 1, before: 0.9, after: 0.8}])
        with_column(t, drop, r => r.before - r.after)
        with_column(t, step, 1000)
        """
    ) { arguments, interpreter in try widened(rows(arguments.required("table")), arguments, interpreter) },
    part("head", "the first rows of a table or elements of a list") { $0.prefix($1) },
    part("tail", "the last rows of a table or elements of a list") { $0.suffix($1) },
  ]

  /// A table, or what can be read as one: a list of records, or a result whose rows are.
  static func rows(_ argument: Arguments.Bound) throws -> Table {
    switch argument.value.tabular {
    case .table(let table): return table
    case .list(let elements): return try table(of: elements, argument)
    case .record(let record):
      if let rows = record["rows"] { return try self.rows(argument.replaced(by: rows)) }
    case .object(let object):
      if case .table(let table) = object.display { return table }
      if let rows = object.fields["rows"] { return try self.rows(argument.replaced(by: rows)) }
    default: break
    }
    throw argument.mismatch(expected: "a table or a list of records")
  }

  private static func table(of elements: [Value], _ argument: Arguments.Bound) throws -> Table {
    let records = try elements.interruptibleMap { element -> Record in
      guard case .record(let record) = element else {
        throw argument.mismatch(expected: "a table or a list of records")
      }
      return record
    }
    let columns = records.first.map { Array($0.keys) } ?? []
    var table = Table(columns: columns)
    var steps = Steps()
    for (index, record) in records.enumerated() {
      try steps.next()
      let row = columns.compactMap { record[$0] }
      guard row.count == columns.count, record.count == columns.count else {
        throw ValueFault.unevenRows(row: index).located(argument.span)
      }
      table.append(row)
    }
    return table
  }

  static func column(_ name: String, of table: Table, at span: Span) throws -> [Value] {
    guard let column = try table.column(name) else {
      throw NameFault.unknownField(name, of: "table", known: table.columns).located(span)
    }
    return column
  }

  private static func part(
    _ name: String, _ summary: String, _ take: @escaping @Sendable ([[Value]], Int) -> ArraySlice<[Value]>
  ) -> Function {
    Function(
      name, summary,
      [
        .required("table", .any, "a table or list"), .optional("n", .integer(minimum: 0), "how many (10)"),
      ], example: "print \(name)([1, 2, 3], 2)\n\(name)(table([{a: 1}, {a: 2}]), 1)"
    ) { arguments, _ in
      let (argument, count) = (arguments.required("table"), arguments.integer("n") ?? 10)
      if let table = argument.value.table {
        return .table(Table(columns: table.columns, rows: Array(take(table.rows, count))))
      }
      return .list(
        take(try argument.elements(expected: "a table or list").interruptibleMap { [$0] }, count).map {
          $0[0]
        })
    }
  }

  private static func chosenColumns(_ arguments: Arguments) throws -> Value {
    let table = try rows(arguments.required("table"))
    let names = arguments.all("names")
    guard !names.isEmpty else { return .strings(table.columns) }
    var chosen: [String] = []
    for bound in names {
      guard case .string(let name) = bound.value else { preconditionFailure("bound as a name") }
      guard !chosen.contains(name) else { throw CallFault.repeatedArgument(name).located(bound.span) }
      _ = try column(name, of: table, at: bound.span)
      chosen.append(name)
    }
    let places = chosen.compactMap { table.columns.firstIndex(of: $0) }
    return .table(
      Table(columns: chosen, rows: try table.rows.interruptibleMap { row in places.map { row[$0] } }))
  }

  private static func sorted(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let check = interpreter.checkInterruption
    let (argument, descending) = (arguments.required("table"), arguments.flag("descending"))
    guard let by = arguments["by"] else {
      if argument.value.table != nil {
        throw CallFault.missingArgument("by", synopsis: "sort(TABLE, by=COLUMN)").located(arguments.span)
      }
      let values = try argument.elements(expected: "a table or list")
      return .list(
        try ValueOrder.sorted(values, descending: descending, at: argument, check: check)
          .interruptibleMap { values[$0] })
    }
    if by.callable != nil { return try sorted(argument, by: by, descending, interpreter) }
    let table = try rows(argument)
    var order = Array(table.rows.indices)
    // Sorting keeps the order of equal rows, so the last column goes first.
    for name in try names(by).reversed() {
      let column = try column(name, of: table, at: by.span)
      let keys = try order.interruptibleMap { column[$0] }
      order = try ValueOrder.sorted(keys, descending: descending, at: by, check: check).map { order[$0] }
    }
    return .table(Table(columns: table.columns, rows: try order.interruptibleMap { table.rows[$0] }))
  }
}

extension Arguments.Bound {
  fileprivate func replaced(by value: Value) -> Arguments.Bound {
    .init(value: value, expression: expression)
  }
}
