import ExactText
import Results
import Tensors

/// A result that `heatmap` draws.
protocol DrawnResult: ObjectValue {
  var heatmap: Heatmap { get }
  /// The heat map, unless another drawing shows more.
  ///
  /// - Throws: ``Interrupted``.
  var figure: Figure { get throws }
}

extension DrawnResult {
  var figure: Figure { get throws { .heatmap(heatmap) } }
}

extension Heatmap {
  /// A value and where it stands; nil where none was measured.
  struct Cell {
    let row: String
    let column: String
    let value: Double?
  }

  /// Rows in the order in which the cells name them, and so the columns if they are not given; NaN where no cell stands.
  init(title: String, axes: (row: String, column: String), _ cells: [Cell], columns: [String]? = nil) {
    let rows = cells.map(\.row).firstOccurrences
    let columns = columns ?? cells.map(\.column).firstOccurrences
    let rowPlaces = NameTable(uniqueKeysWithValues: zip(rows, rows.indices))
    let columnPlaces = NameTable(uniqueKeysWithValues: zip(columns, columns.indices))
    var values = [Float](repeating: .nan, count: rows.count * columns.count)
    for cell in cells {
      guard let value = cell.value, let y = rowPlaces[cell.row], let x = columnPlaces[cell.column] else {
        continue
      }
      values[y * columns.count + x] = Float(value)
    }
    self.init(
      title: title, rowAxis: axes.row, columnAxis: axes.column, rowLabels: rows, columnLabels: columns,
      values: Tensor(shape: [rows.count, columns.count], values))
  }
}

extension [String] {
  /// Each once, in the order in which they first occur.
  var firstOccurrences: [String] {
    var seen: Set<Name> = []
    return filter { seen.insert($0).inserted }
  }
}
