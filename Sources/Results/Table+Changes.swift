import ExactText
import Faults

extension Table {
  /// The table with one more column, or with other values in the column of that name.
  ///
  /// - Precondition: one cell a row.
  /// - Throws: ``Interrupted``.
  public func withColumn(_ name: String, _ cells: [Value]) throws -> Table {
    precondition(cells.count == rows.count, "\(cells.count) cells for \(rows.count) rows")
    let place = columns.firstIndex(of: name)
    return Table(
      columns: columns + (place == nil ? [name] : []),
      rows: try rows.indices.interruptibleMap { index in
        var row = rows[index]
        if let place { row[place] = cells[index] } else { row.append(cells[index]) }
        return row
      }, mixesQuantities: mixesQuantities)
  }

  /// Changes one cell in place.
  ///
  /// - Precondition: there is such a row and column.
  public mutating func change(row: Int, column: Int, _ body: (inout Value) throws -> Void) rethrows {
    try body(&rows[row][column])
  }

  /// - Precondition: one cell a column.
  public mutating func replaceRow(_ index: Int, by row: [Value]) {
    precondition(row.count == columns.count, "\(row.count) cells for \(columns.count) columns")
    rows[index] = row
  }
}
