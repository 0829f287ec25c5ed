import Faults

/// What can be wrong with what is done to tables.
enum TableFault: StatedFault {
  /// Where the name of a column is expected; with a function that says the same.
  case conditionForColumn(String)
  /// With the columns that both tables have.
  case joinWithoutKeys(common: [String])
  case joinOfOther(String)
  case clashingColumns([String], by: String)
  case unlikeKeys(column: String, first: String, second: String)
  /// Two values of a pivot for one cell.
  case severalValues(row: String, column: String)
  case clashingHeader(String)
  case sameNames(String)
  /// A record in the place of a row.
  case unlikeRow([String], columns: [String])
  case missing(String, of: String, example: String)

  var sentence: FaultSentence {
    switch self {
    case .conditionForColumn(let function):
      (
        "condition-for-column", "`where` takes the name of a column; a condition is `filter(t, \(function))`",
        "e.g. where(t, accuracy, \"<\", 0.9)"
      )
    case .joinWithoutKeys(let common):
      (
        "missing-argument",
        "`join` of tables needs the columns that tell which rows belong together: `by=NAME`",
        common.isEmpty
          ? "the tables have no column in common" : "both have \(common.joined(separator: ", "))"
      )
    case .joinOfOther(let found):
      ("wrong-type", "`join` takes two tables, or a list and a separator; the second is \(found)", nil)
    case .clashingColumns(let names, let by):
      (
        "column-clash",
        "both tables have \(names.count == 1 ? "a column" : "columns") \(names.joined(separator: ", "))",
        "tell them apart: join(t, u, by=\(by), suffixes=[\"_1\", \"_2\"]); or take some columns first: columns(u, \(by), ...)"
      )
    case .unlikeKeys(let column, let first, let second):
      (
        "unlike-keys",
        "no rows belong together: `\(column)` is \(first) in the first table, \(second) in the second",
        "e.g. with_column(u, \(column), r => number(r.\(column))), or string(...)"
      )
    case .severalValues(let row, let column):
      (
        "several-values", "several rows are for \(row) and \(column)",
        "aggregate=mean (or sum, min, max, count, first) makes one value of them"
      )
    case .clashingHeader(let name):
      ("column-clash", "two columns of the result would be called `\(name)`", nil)
    case .sameNames(let name): ("column-clash", "`\(name)` is named twice", nil)
    case .unlikeRow(let fields, let columns):
      (
        "uneven-rows",
        "a row has the fields \(columns.joined(separator: ", ")), found \(fields.joined(separator: ", "))",
        nil
      )
    case .missing(let option, let function, let example):
      ("missing-argument", "`\(function)` needs `\(option)=`", "e.g. \(example)")
    }
  }
}
