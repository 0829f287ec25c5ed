import Results

/// Tables of many rows show so many of them; the whole is in the value, in JSON and in CSV.
let shownOfMany = 20

extension Collection {
  /// The elements of the largest absolute numbers, largest first, of equal ones the first.
  func largest(_ count: Int = shownOfMany, by number: (Element) -> Double) -> [Element] {
    enumerated().sorted {
      (-abs(number($0.element)), $0.offset) < (-abs(number($1.element)), $1.offset)
    }.prefix(count).map(\.element)
  }
}

extension Value {
  /// Lines, then a table of all rows, or, of more than four screens of them, of the largest.
  static func lines<Row>(
    _ lines: [String], _ rows: [Row], atMost most: Int = 4 * shownOfMany, what: String = "",
    by number: (Row) -> Double, table: ([Row]) -> Table
  ) -> Value {
    guard rows.count > most else { return .list(lines.map(Value.string) + [.table(table(rows))]) }
    let heading = "the \(shownOfMany) largest\(what):"
    return .list((lines + [heading]).map(Value.string) + [.table(table(rows.largest(by: number)))])
  }
}
