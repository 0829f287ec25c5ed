import ExactText
import Faults
import Results
import Tensors

extension TableLayout {
  /// `value` on one line, as a cell or behind a key.
  func inline(_ value: Value) throws -> String {
    switch value {
    case .null: "null"
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): formatNumber(number, precision: options.precision)
    case .string(let text): try text.interruptiblyEscapingControls()
    case .list(let elements):
      "[\(try elements.interruptibleMap(inline).interruptibleJoined(separator: ", "))]"
    case .record(let record):
      "{\(try record.interruptibleMap { "\($0.escapingControls): \(try inline($1))" }.interruptibleJoined(separator: ", "))}"
    case .range(let range): "\(range.lower)..<\(range.upper)"
    case .tensor(let tensor): try inline(tensor)
    case .table(let table): "table (\(plural(table.rows.count, "row")))"
    case .figure(let figure): inline(figure)
    case .object(let object): try object.summary.interruptiblyEscapingControls()
    }
  }

  private func inline(_ figure: Figure) -> String {
    switch figure {
    case .heatmap(let map): "heat map \(shapeText(map.values.shape))"
    case .heatmaps(let grid): "heat maps \(shapeText(grid.values.shape))"
    case .patterns(let plot):
      "patterns of \(plural(plot.words.count, "word")) through \(plural(plot.layers, "layer"))"
    case .chart(let chart): "\(chart.kind.rawValue) chart of \(plural(chart.pointCount, "point"))"
    case .words(let words): "\(plural(words.words.count, "coloured word"))"
    case .several(let figures): plural(figures.count, "figure")
    }
  }

  private func inline(_ tensor: Tensor) throws -> String {
    switch tensor.rank {
    case 0: formatNumber(tensor.values[0].asWritten, precision: options.precision)
    case 1 where tensor.count <= options.maxTensorEdge:
      try inline(.list(tensor.interruptibleValues { .number($0.asWritten) }))
    default: "tensor \(shapeText(tensor.shape))"
    }
  }

  /// Whether `value` has its place on one line whatever its length.
  func isScalar(_ value: Value) -> Bool {
    switch value {
    case .null, .bool, .number, .range, .object: true
    case .string(let text): !text.contains("\n")
    case .tensor(let tensor): tensor.rank == 0
    case .list(let elements): elements.isEmpty
    case .record(let record): record.isEmpty
    case .table, .figure: false
    }
  }

  /// Whether `value` may be a cell of a table that is not about records.
  func fitsCell(_ value: Value) -> Bool {
    switch value {
    case .list(let elements): elements.allSatisfy(fitsCell)
    case .tensor(let tensor): tensor.rank <= 1
    default: isScalar(value)
    }
  }

  /// Whether a list is better read on one line than as a table: all scalars, and short enough.
  func isShort(_ value: Value, width: Int) throws -> Bool {
    let widest = 80
    // An element takes a column and its comma two.
    guard case .list(let elements) = value, elements.count <= widest, elements.allSatisfy(isScalar) else {
      return false
    }
    return fits(try inline(value), min(width, widest))
  }
}

func shapeText(_ shape: [Int]) -> String { "(\(shape.map(String.init).joined(separator: ", ")))" }
