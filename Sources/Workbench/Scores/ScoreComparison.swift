import Attribution
import ExactText
import Language
import Results

/// Scores beside what an exact sweep measures, or beside other scores.
struct ScoreComparison: ObjectValue {
  let column: String
  let names: [String]
  /// Two numbers of each.
  let first: (name: String, values: [Double])
  let second: (name: String, values: [Double])
  let title: String

  var typeName: String { "comparison" }

  var summary: String {
    "\(title): rank correlation \(correlation.map(shown) ?? "undefined") over \(names.count) \(column)s"
  }

  /// Spearman's.
  var correlation: Double? { rankCorrelation(first.values, second.values) }

  var table: Table? { table(of: Array(names.indices)) }

  private func table(of rows: [Int]) -> Table {
    Table(
      columns: [column, first.name, second.name],
      rows: rows.map { [.string(names[$0]), .number(first.values[$0]), .number(second.values[$0])] })
  }

  var display: Value {
    .lines([summary], Array(names.indices), by: { second.values[$0] }, table: table)
  }

  var fields: Record {
    [
      "rank_correlation": correlation.map(Value.number) ?? .null, "count": Value(names.count),
      first.name: .list(first.values.map(Value.number)), second.name: .list(second.values.map(Value.number)),
      column: .strings(names),
    ]
  }
}

extension ScoreComparison {
  /// nil when the values are not scores and a sweep or other scores; in either order.
  init?(_ before: Value, _ after: Value) {
    guard case .object(let a) = before, case .object(let b) = after else { return nil }
    switch (a, b) {
    case (let scores as ScoreResult, let sweep as SweepResult): self.init(scores, sweep)
    case (let sweep as SweepResult, let scores as ScoreResult): self.init(scores, sweep)
    case (let a as ScoreResult, let b as ScoreResult): self.init(a, b)
    default: return nil
    }
  }

  /// The effect is what the quantity loses without the clean activation: -delta_qoi; where the sweep put clean activations into the
  /// counterfactual's run, what it gains.
  private init(_ scores: ScoreResult, _ sweep: SweepResult) {
    let sign = sweep.isDenoising ? 1.0 : -1
    let effects = NameTable(
      sweep.finished.map { ($0.node, sign * $0.meanDifference) }, uniquingKeysWith: { first, _ in first })
    let both = scores.scores.compactMap { row in effects[row.name].map { (row, $0) } }
    let isSigned = scores.method.isSigned
    self.init(
      column: scores.column, names: both.map(\.0.name), first: ("score", both.map(\.0.score)),
      second: ("effect", both.map { isSigned ? $0.1 : abs($0.1) }),
      title:
        "\(scores.method.rawValue) against the \(isSigned ? "" : "absolute effects of the ")sweep \(sweep.replacement)"
    )
  }

  private init(_ a: ScoreResult, _ b: ScoreResult) {
    let others = NameTable(b.scores.map { ($0.name, $0.score) }, uniquingKeysWith: { first, _ in first })
    let both = a.scores.compactMap { row in others[row.name].map { (row, $0) } }
    let isSigned = a.method.isSigned && b.method.isSigned
    func size(_ x: Double) -> Double { isSigned ? x : abs(x) }
    func name(_ x: ScoreResult, _ other: ScoreResult, _ suffix: String) -> String {
      x.method == other.method ? "\(x.method.rawValue) \(suffix)" : x.method.rawValue
    }
    self.init(
      column: a.column, names: both.map(\.0.name),
      first: (name(a, b, "before"), both.map { size($0.0.score) }),
      second: (name(b, a, "after"), both.map { size($0.1) }),
      title: "\(a.method.rawValue) against \(b.method.rawValue)")
  }
}

extension ScoreComparison {
  /// What the two are of that is not the same; nil where nothing is.
  static func difference(_ before: Value, _ after: Value) -> String? {
    guard let a = Origin(before), let b = Origin(after) else { return nil }
    if a.model != b.model { return "these are of two models, \(a.model) and \(b.model)" }
    if a.task != b.task { return "these are of \(a.task) and of \(b.task)" }
    if a.rows != b.rows { return "these are means of \(a.rows) and of \(b.rows) rows" }
    return nil
  }

  private struct Origin {
    let model: String
    let task: String
    let rows: Int

    init?(_ value: Value) {
      guard case .object(let object) = value else { return nil }
      switch object {
      case let scores as ScoreResult:
        (model, task, rows) = (scores.modelName, scores.taskName, scores.rowCount)
      case let sweep as SweepResult:
        (model, task, rows) = (sweep.modelName, sweep.taskName, sweep.baseline.rows)
      default: return nil
      }
    }
  }
}
