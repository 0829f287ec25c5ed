import ExactText
import Faults
import Results
import Scripting
import Tensors

extension Function {
  private static let list = Parameter.required("list", .any, "a list, range or vector")

  static let lists: [Function] = [
    Function(
      "len", "number of characters, elements, fields or rows", [.required("x", .any, "any value with parts")],
      discussion: "Of a tensor the size of its first dimension.",
      example: "print len(\"[MASK]\") len([1, 2]) len(0..<5)", regard: .outline
    ) { arguments, _ in Value(try length(arguments.required("x"))) },
    Function(
      "range", "numbers in equal steps, as a list",
      [
        .required("start", .number, "the first number, or the end when it stands alone"),
        .optional("end", .number, "where to stop; not in the list"),
        .option("step", .number, "the distance (1)"),
      ],
      discussion: """
        How many there are is counted once; a last number that differs from the end by rounding only is not in the list.
        """,
      example: "print range(3) range(2, 10, step=4) range(1, 0, step=-0.25) range(1, 1.3, step=0.1)"
    ) { arguments, _ in try range(arguments) },
    Function(
      "list", "the elements of a range, tensor, string or table as a list",
      [.required("x", .any, "what has elements")], example: "print list(0..<3) list(\"ab\")", regard: .parts()
    ) { arguments, _ in .list(try elements(arguments.required("x"))) },
    Function(
      "reverse", "a list from its end to its beginning", [list], example: "print reverse([1, 2, 3])",
      regard: .parts()
    ) {
      arguments, _ in .list(try arguments.required("list").elements().reversed().interruptibleMap { $0 })
    },
    Function(
      "append", "a list with further elements",
      [.required("list", .any, "a list"), .rest("values", .any, "what comes behind")],
      example: "let rows = append([], 1, 2)\nprint append(rows, 3)", regard: .parts(beside: "values")
    ) { arguments, _ in
      .list(try concatenated([arguments.required("list").elements(), arguments.all("values").map(\.value)]))
    },
    Function(
      "concat", "lists or tables one behind the other, or records in one",
      [.required("first", .any, "a list, table or record"), .rest("more", .any, "of the same kind")],
      discussion:
        "Tables have the same columns. A field that several records have gets the last one's value.",
      example: "print concat([1], [2, 3], 4..5)\nconcat({a: 1}, {b: 2})", regard: .parts()
    ) { arguments, _ in try concatenation([arguments.required("first")] + arguments.all("more")) },
    Function(
      "zip", "the pairs of two lists, as long as the shorter",
      [.required("a", .any, "a list"), .required("b", .any, "a list")],
      example: "print zip([1, 2], [\"a\", \"b\"])", regard: .parts()
    ) { arguments, _ in
      let (a, b) = (try arguments.required("a").elements(), try arguments.required("b").elements())
      return .list(try Swift.zip(a, b).interruptibleMap { .list([$0, $1]) })
    },
    Function(
      "enumerate", "pairs of a number, from 0 on, and an element", [list],
      example: "for i, word in enumerate([\"is\", \"are\"]) { print i word }", regard: .parts()
    ) { arguments, _ in
      .list(
        try arguments.required("list").elements().enumerated().interruptibleMap { .list([Value($0), $1]) })
    },
    Function(
      "unique", "the different elements of a list, in order of appearance", [list],
      example: "print unique([2, 1, 2])"
    ) {
      arguments, interpreter in .list(try distinct(arguments.required("list"), interpreter))
    },
    Function(
      "map", "a function's value for each element of a list",
      [
        list,
        .required("function", .function, "its name, or x => ...; one of two arguments takes pairs apart"),
      ],
      example: """
        def double(x) { return 2 * x }
        print map([1, 2], double) map(["a"], upper) map([1, 2], x => x ^ 2)
        print map(zip([1, 2], [10, 20]), (a, b) => a + b)
        """,
      regard: .parts()
    ) { arguments, interpreter in
      .list(
        try values(of: arguments.required("function"), for: elements(arguments.required("list")), interpreter)
      )
    },
    Function(
      "filter", "the elements of a list, or rows of a table, for which a function is true",
      [
        .required("list", .any, "a list or table"),
        .required("function", .function, "a function of one argument: its name, or x => ..."),
      ],
      example: """
        print filter([1, 2, 3], x => x > 1)
        filter(table([{head: 0, accuracy: 0.5}, {head: 1, accuracy: 0.75}]), r => r.accuracy < 0.6)
        """, regard: .parts()
    ) { arguments, interpreter in try filtered(arguments, interpreter) },
    Function(
      "keys", "the names of a record's fields or a table's columns",
      [.required("record", .any, "a record or table")],
      example: "print keys({a: 1, b: 2})", regard: .outline
    ) { arguments, _ in .strings(try record(arguments.required("record")).keys) },
    Function(
      "values", "the values of a record's fields", [.required("record", .any, "a record")],
      example: "print values({a: 1, b: 2})", regard: .parts()
    ) { arguments, _ in .list(Array(try record(arguments.required("record")).values)) },
  ]

  private static func length(_ argument: Arguments.Bound) throws -> Int {
    switch argument.value.tabular {
    case .string(let text): return try text.interruptibleCount
    case .list(let elements): return elements.count
    case .range(let range): return range.count
    case .record(let record): return record.count
    case .table(let table): return table.rows.count
    case .tensor(let tensor) where tensor.rank > 0: return tensor.shape[0]
    default: throw argument.mismatch(expected: "a string, list, range, record, table or tensor")
    }
  }

  private static func range(_ arguments: Arguments) throws -> Value {
    let first = arguments.number("start") ?? 0
    let (start, end) = arguments.number("end").map { (first, $0) } ?? (0, first)
    let step = arguments.number("step") ?? 1
    guard step != 0, step.isFinite, start.isFinite, end.isFinite else {
      throw ValueFault.unendingRange.located(arguments.span)
    }
    let count = steps(from: start, to: end, by: step)
    try (arguments["end"] ?? arguments.required("start")).checkCount(count)
    return .list(try (0..<Int(count)).interruptibleMap { .number(start + Double($0) * step) })
  }

  /// How many of start, start + step, ... come before `end`: ceil((end - start) / step - t), 0 at least.
  ///
  /// Of whole numbers the quotient decides, t = 0. Others are rounded when they are written or computed, so that the
  /// quotient of numbers that are meant to divide is off by some of their last digits; t = 2^-50 (|start| + |end|) / |step|,
  /// 8 units in the last place of what is divided, and 1/2 at most. Which numbers are in the list is decided once, not by the
  /// rounding of each.
  private static func steps(from start: Double, to end: Double, by step: Double) -> Double {
    let distance = end - start
    let quotient = distance.isFinite ? distance / step : end / step - start / step
    let areWhole = [start, end, step].allSatisfy { $0 == $0.rounded() }
    let tolerance = areWhole ? 0 : min(0x1p-50 * (abs(start / step) + abs(end / step)), 0.5)
    return max(0, (quotient - tolerance).rounded(.up))
  }

  static func elements(_ argument: Arguments.Bound) throws -> [Value] {
    switch argument.value.tabular {
    case .string(let text): try text.interruptibleMap { .string(String($0)) }
    case .table(let table): try table.records.interruptibleMap { .record($0) }
    default: try argument.elements(expected: "a list, range, tensor, string or table")
    }
  }

  private static func concatenation(_ parts: [Arguments.Bound]) throws -> Value {
    if let first = parts[0].value.table { return try concatenation(of: first, parts) }
    guard case .record = parts[0].value else {
      return .list(try concatenated(parts.map { try $0.elements() }))
    }
    return .record(
      try parts.reduce(into: Record()) { whole, part in
        guard case .record(let record) = part.value else { throw part.mismatch(expected: "a record") }
        whole.merge(record) { $1 }
      })
  }

  private static func concatenation(of first: Table, _ parts: [Arguments.Bound]) throws -> Value {
    let rows = try parts.map { part in
      guard let table = part.value.table, table.columns == first.columns else {
        throw part.mismatch(expected: "a table with the columns \(first.columns.joined(separator: ", "))")
      }
      return table.rows
    }
    return .table(Table(columns: first.columns, rows: try concatenated(rows)))
  }

  /// The first of each group of equal elements.
  private static func distinct(
    _ argument: Arguments.Bound, _ interpreter: Interpreter
  ) throws -> [Value] {
    try interpreter.checkInterruption()
    var scalars: Set<Scalar> = []
    // Equal values show equal texts, so only few need the comparison.
    var others: NameTable<[Value]> = [:]
    let elements = try argument.elements()
    scalars.reserveCapacity(elements.count)
    return try elements.interruptibleFlatMap { element in
      if let scalar = Scalar(element) { return scalars.insert(scalar).inserted ? [element] : [] }
      let text = try interpreter.displayText(element)
      if try others[text, default: []].contains(where: { try $0.isEqual(to: element) }) { return [] }
      others[text, default: []].append(element)
      return [element]
    }
  }

  /// A value that is equal to another when its content is.
  private enum Scalar: Hashable {
    case number(Double)
    case string(Name)
    case bool(Bool)
    case null

    init?(_ value: Value) {
      switch value {
      case .number(let number): self = .number(number)
      case .string(let text): self = .string(Name(text))
      case .bool(let flag): self = .bool(flag)
      case .null: self = .null
      default: return nil
      }
    }
  }

  static func values(
    of function: Arguments.Bound, for elements: [Value], _ interpreter: Interpreter
  ) throws -> [Value] {
    guard let callable = function.callable else { preconditionFailure("bound as a function") }
    return try elements.map { element in
      try interpreter.checkInterruption()
      return try callable.call([element], at: function, in: interpreter)
    }
  }

  private static func filtered(_ arguments: Arguments, _ interpreter: Interpreter) throws -> Value {
    let (whole, function) = (arguments.required("list"), arguments.required("function"))
    let elements = try elements(whole)
    let kept = try values(of: function, for: elements, interpreter).interruptibleMap { value in
      guard case .bool(let flag) = try interpreter.known(value) else {
        throw ValueFault.wrongType(
          expected: "a function that gives true or false", found: "one that gives \(value.typeName)",
          what: "`filter`"
        ).located(function.span)
      }
      return flag
    }
    if let table = whole.value.table {
      return .table(Table(columns: table.columns, rows: try chosen(table.rows, kept)))
    }
    return .list(try chosen(elements, kept))
  }

  private static func chosen<Element>(_ elements: [Element], _ flags: [Bool]) throws -> [Element] {
    try Swift.zip(elements, flags).interruptibleFlatMap { $1 ? [$0] : [] }
  }

  private static func record(_ argument: Arguments.Bound) throws -> Record {
    switch argument.value {
    case .record(let record): return record
    case .table(let table):
      return Record(uniqueKeysWithValues: try table.columns.map { ($0, .list(try table.column($0) ?? [])) })
    case .object(let object): return object.fields
    default: throw argument.mismatch(expected: "a record or table")
    }
  }
}
