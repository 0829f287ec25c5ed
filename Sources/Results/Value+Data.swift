import Faults
import Tensors

extension Value {
  /// The same value in terms of null, bool, number, string, list, record and tensor: what machine
  /// formats write.
  ///
  /// A range becomes `{lower, upper}` without its upper end, a table `{rows: [{...}]}`, a heat map
  /// `{title, rows, columns, data}`, several of them `{title, panels, rows, columns, data}`, a pattern plot its words and
  /// edges, a chart its points, an object its fields.
  ///
  /// - Throws: ``Interrupted``.
  public var data: Value {
    get throws {
      switch self {
      case .null, .bool, .number, .string, .tensor: self
      case .list(let elements): .list(try dataOfEach(elements))
      case .record(let fields): .record(try fields.mapValues { try $0.data })
      case .range(let range): ["lower": Value(range.lower), "upper": Value(range.upper)]
      case .table(let table): ["rows": .list(try dataOfEach(try table.records.map { .record($0) }))]
      case .figure(let figure): try figure.data
      case .object(let object): try Value.record(object.fields).data
      }
    }
  }

  private func dataOfEach(_ elements: [Value]) throws -> [Value] {
    try elements.interruptibleMap { try $0.data }
  }
}

extension Table {
  /// A row with the names of the columns.
  public func record(of row: [Value]) -> Record { Record(uniqueKeysWithValues: zip(columns, row)) }

  /// One record a row, fields in the order of the columns.
  ///
  /// - Throws: ``Interrupted``.
  public var records: [Record] {
    get throws {
      try rows.interruptibleMap(record(of:))
    }
  }
}

extension Figure {
  fileprivate var data: Value {
    get throws {
      switch self {
      case .heatmap(let map): map.data
      case .heatmaps(let grid): grid.data
      case .patterns(let plot): try plot.data
      case .chart(let chart): try chart.data
      case .words(let words): words.data
      case .several(let figures): ["figures": .list(try figures.map { try $0.data })]
      }
    }
  }
}

extension Heatmap {
  var data: Value {
    [
      "title": .string(title), "rows": .strings(rowLabels), "columns": .strings(columnLabels),
      "data": .tensor(values),
    ]
  }
}
