import ExactText
import Measurement
import Results

/// Two measurements, or two sweeps, side by side.
enum MeasurementComparison {
  /// nil when the values are not two of one of these kinds.
  static func table(_ before: Value, _ after: Value) -> Table? {
    guard case .object(let a) = before, case .object(let b) = after else { return nil }
    if let a = a as? TaskMeasurement, let b = b as? TaskMeasurement { return table(a, b) }
    if let a = a as? SentenceScores, let b = b as? SentenceScores {
      return table(a.measurement, b.measurement)
    }
    if let a = a as? SweepResult, let b = b as? SweepResult { return table(a, b) }
    return nil
  }

  /// All rows together, then the cases that both have, in the order of the first.
  private static func table(_ a: TaskMeasurement, _ b: TaskMeasurement) -> Table? {
    guard a.hasAnswers == b.hasAnswers else { return nil }
    guard a.hasAnswers else { return scores(a, b) }
    let others = NameTable(uniqueKeysWithValues: b.cases.map { ($0.name, $0.summary) })
    let pairs =
      [("all", a.all, b.all)]
      + a.cases.compactMap { name, summary in others[name].map { (name, summary, $0) } }
    return Table(
      columns: ["case", "rows"] + columns,
      rows: pairs.map { name, x, y in
        let rows = x.rows == y.rows ? Value(x.rows) : .string("\(x.rows), \(y.rows)")
        return [.string(name), rows] + cells((x.accuracy, x.mean), (y.accuracy, y.mean))
      })
  }

  private static func scores(_ a: TaskMeasurement, _ b: TaskMeasurement) -> Table? {
    guard let x = a.scorePerToken, let y = b.scorePerToken else { return nil }
    return Table(
      columns: ["what", "before", "after", "difference"],
      rows: [["score_per_token", .number(x), .number(y), .number(y - x)]])
  }

  /// Nodes that both have, in the order of the first.
  private static func table(_ a: SweepResult, _ b: SweepResult) -> Table {
    let others = NameTable(b.finished.map { ($0.node, $0) }, uniquingKeysWith: { first, _ in first })
    return Table(
      columns: ["node"] + columns,
      rows: a.finished.compactMap { x in
        others[x.node].map { y in [.string(x.node)] + cells((x.accuracy, x.mean), (y.accuracy, y.mean)) }
      })
  }

  private static let columns = ["accuracy", "qoi_mean"].flatMap {
    ["\($0) before", "\($0) after", "\($0) difference"]
  }

  private static func cells(_ x: (Double, Double), _ y: (Double, Double)) -> [Value] {
    [(x.0, y.0), (x.1, y.1)].flatMap { [.number($0), .number($1), .number($1 - $0)] }
  }
}
