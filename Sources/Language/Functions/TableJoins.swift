import ExactText
import Faults
import Results
import Scripting

/// Rows of two tables beside each other.
struct TableJoin {
  private let (first, second): (Table, Table)
  private let interpreter: Interpreter
  private let arguments: Arguments
  private let keys: [String]
  private let isLeft: Bool

  /// - Parameters:
  ///   - first: the argument `list` of `join`.
  ///   - second: its `separator`.
  init(
    _ first: Arguments.Bound, _ second: Arguments.Bound, _ arguments: Arguments, _ interpreter: Interpreter
  )
    throws
  {
    (self.arguments, self.interpreter) = (arguments, interpreter)
    guard second.value.isTableLike else {
      throw TableFault.joinOfOther(withArticle(second.value.typeName)).located(second.span)
    }
    let (left, right) = (try Function.rows(first), try Function.rows(second))
    (self.first, self.second) = (left, right)
    guard let by = arguments["by"] else {
      let common = left.columns.filter { right.columns.contains($0) }
      throw TableFault.joinWithoutKeys(common: common).located(arguments.span)
    }
    let keys = try Function.names(by)
    self.keys = keys
    if let repeated = keys.first(where: { key in keys.filter { $0 == key }.count > 1 }) {
      throw TableFault.sameNames(repeated).located(by.span)
    }
    isLeft = arguments.string("how") == "left"
  }

  func table() throws -> Table {
    let (firstKeys, secondKeys) = (try places(of: keys, in: first), try places(of: keys, in: second))
    let added = second.columns.indices.filter { !secondKeys.contains($0) }
    let columns = try names(of: added)
    let partners = try rowsByKey(secondKeys)
    var (rows, isMatched) = ([[Value]](), false)
    var steps = Steps()
    for row in first.rows {
      try steps.next()
      let cells = firstKeys.map { row[$0] }
      let found =
        try cells.contains(where: \.isNull) ? [] : partners[Function.rowKey(cells, interpreter)] ?? []
      isMatched = isMatched || !found.isEmpty
      for partner in found {
        try steps.next()
        rows.append(row + added.map { second.rows[partner][$0] })
      }
      if found.isEmpty, isLeft { rows.append(row + added.map { _ in .null }) }
      guard rows.count * columns.count <= ValueLimits.nestedElements else {
        throw LimitFault.tooManyNested(limit: ValueLimits.nestedElements).located(arguments.span)
      }
    }
    if !isMatched { try checkTypes(firstKeys, secondKeys) }
    return Table(columns: columns, rows: rows)
  }

  private func places(of names: [String], in table: Table) throws -> [Int] {
    try names.map { name in
      guard let place = table.columns.firstIndex(of: name) else {
        throw NameFault.unknownField(name, of: "table", known: table.columns).located(
          arguments.span(of: "by"))
      }
      return place
    }
  }

  /// The rows of the second table; a missing key belongs to nothing.
  private func rowsByKey(_ places: [Int]) throws -> NameTable<[Int]> {
    var rows: NameTable<[Int]> = [:]
    var steps = Steps()
    for (index, row) in second.rows.enumerated() {
      try steps.next()
      let cells = places.map { row[$0] }
      if cells.contains(where: \.isNull) { continue }
      rows[try Function.rowKey(cells, interpreter), default: []].append(index)
    }
    return rows
  }

  /// Of the result; columns of the same name in both have suffixes.
  private func names(of added: [Int]) throws -> [String] {
    let names = added.map { second.columns[$0] }
    let clashing = names.filter { first.columns.contains($0) }
    var suffixes = ["", ""]
    if let given = arguments["suffixes"] {
      suffixes = try Function.names(given)
      guard suffixes.count == 2 else { throw given.mismatch(expected: "a list of two texts", "`suffixes`") }
    } else if !clashing.isEmpty {
      throw TableFault.clashingColumns(clashing, by: keys.joined(separator: ", ")).located(arguments.span)
    }
    let columns =
      first.columns.map { clashing.contains($0) ? $0 + suffixes[0] : $0 }
      + names.map { clashing.contains($0) ? $0 + suffixes[1] : $0 }
    try Function.requireDifferent(columns, at: arguments.span)
    return columns
  }

  /// Numbers in one table and texts in the other never match, which nobody means.
  private func checkTypes(_ firstKeys: [Int], _ secondKeys: [Int]) throws {
    for (place, name) in keys.enumerated() {
      let type = { (table: Table, column: Int) in
        table.rows.lazy.map { $0[column] }.first { !$0.isNull }?.typeName
      }
      guard let x = type(first, firstKeys[place]), let y = type(second, secondKeys[place]), x != y else {
        continue
      }
      throw TableFault.unlikeKeys(column: name, first: x, second: y).located(arguments.span(of: "by"))
    }
  }
}

extension Function {
  static func requireDifferent(_ columns: [String], at span: Span) throws {
    var seen: Set<Name> = []
    for name in columns where !seen.insert(Name(name)).inserted {
      throw TableFault.clashingHeader(name).located(span)
    }
  }
}

extension Value {
  var isNull: Bool { if case .null = self { true } else { false } }

  /// A table, or a list of records, which is read as one.
  var isTableLike: Bool {
    switch tabular {
    case .table: true
    case .list(let elements): if case .record? = elements.first { true } else { false }
    default: false
    }
  }
}
