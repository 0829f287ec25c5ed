import Faults
import Language
import Results

/// Why a chart cannot be drawn of a table.
enum ChartFault: StatedFault {
  case empty
  case unknownColumn(String, known: [String])
  case noNumbers(known: [String])
  case severalNumbers([String])
  case notNumbers(column: String, row: Int, holds: String, numbers: [String])
  case notNames(column: String, row: Int, holds: String)
  case oneColumn(String)
  case noLogarithms(Chart.Axis, column: String, hasNumbers: Bool)
  case tooManySeries(column: String, values: Int)

  var sentence: FaultSentence {
    switch self {
    case .empty: ("chart-empty", "the table has no rows: there is nothing to draw", nil)
    case .unknownColumn(let name, let known):
      (
        "chart-column", "the table has no column `\(name)`",
        [didYouMean(closest(to: name, in: known)), listed("columns", known)].compactMap(\.self)
          .joined(separator: " ")
      )
    case .noNumbers(let known):
      ("chart-column", "no column is left whose cells are numbers, for y", listed("columns", known))
    case .severalNumbers(let names):
      (
        "chart-column", "\(names.count) columns have numbers: which of them is y?",
        "write \(names.prefix(6).map { "y=\($0)" }.joined(separator: " or "))"
      )
    case .notNumbers(let column, let row, let holds, let numbers):
      (
        "chart-column",
        "`y` expects a column of numbers; `\(column)` holds \(withArticle(holds)) in row \(row)",
        listed("columns of numbers", numbers)
      )
    case .notNames(let column, let row, let holds):
      (
        "chart-column",
        "a chart takes numbers and texts; `\(column)` holds \(withArticle(holds)) in row \(row)", nil
      )
    case .oneColumn(let name):
      (
        "chart-column", "the table has no other column than `\(name)`, and a chart is of two",
        "a list of numbers is drawn against its indices"
      )
    case .noLogarithms(let axis, let column, let hasNumbers):
      (
        "chart-scale",
        hasNumbers
          ? "\(axis.rawValue)scale=log has no meaning for bars, which \(axis == .x ? "stand side by side" : "begin at 0")"
          : "xscale=log expects numbers on the x axis; `\(column)` holds texts",
        hasNumbers ? "write kind=scatter or kind=line" : "write x=COLUMN for one of numbers"
      )
    case .tooManySeries(let column, let values):
      (
        "chart-series", "`\(column)` has \(values) values; a chart tells \(Chart.mostSeries) series apart",
        "choose rows with `where(TABLE, \(column), \"in\", [...])`"
      )
    }
  }
}
