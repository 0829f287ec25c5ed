import Faults

extension Chart {
  /// All points, also those that a drawing leaves out.
  var data: Value {
    get throws {
      [
        "title": .string(title), "subtitle": .string(subtitle), "kind": .string(kind.rawValue),
        "x_axis": .string(xAxis), "y_axis": .string(yAxis),
        "x_scale": scale(.x), "y_scale": scale(.y),
        "diagonal": .bool(showsDiagonal),
        "points": .list(try pointTable.records.map { .record($0) }),
      ]
    }
  }

  private func scale(_ axis: Axis) -> Value { .string(logarithms.contains(axis) ? "log" : "linear") }

  /// One row a point: x (a name where the axis has names) and y, before them the series where there are several, behind them
  /// the label where some point has one.
  ///
  /// - Throws: ``Interrupted``.
  public var pointTable: Table {
    get throws {
      let isNamed = series.count > 1 || series.contains { !$0.name.isEmpty }
      let isLabelled = try !series.interruptibleAllSatisfy {
        try $0.points.interruptibleAllSatisfy { if case nil = $0.label { true } else { false } }
      }
      let rows = try series.interruptibleFlatMap { series in
        try series.points.interruptibleMap { point -> [Value] in
          (isNamed ? [.string(series.name)] : []) + [place(point.x), .number(point.y)]
            + (isLabelled ? [point.label.map(Value.string) ?? .null] : [])
        }
      }
      return Table(
        columns: (isNamed ? ["series"] : []) + ["x", "y"] + (isLabelled ? ["label"] : []), rows: rows)
    }
  }

  private func place(_ x: Double) -> Value {
    guard let categories else { return .number(x) }
    return x.isFinite ? .string(categories[Int(x)]) : .null
  }
}
