import ExactText
import Language
import Measurement
import Results

/// What replacing each of some nodes does to a task.
struct SweepResult: InterventionResult {
  struct Row: Sendable, Equatable {
    let node: String
    let accuracy: Double
    let mean: Double
    /// Against the baseline.
    let accuracyDifference: Double
    let meanDifference: Double
  }

  /// A number of each row, by the name that scripts use.
  enum Measure: String, CaseIterable {
    case accuracy
    case mean = "qoi_mean"
    case accuracyDifference = "delta_accuracy"
    case meanDifference = "delta_qoi"
  }

  let taskName: String
  let modelName: String
  /// What took the place of the nodes: "by zero".
  let replacement: String
  /// Whether values of the sentences were put into the runs of their counterfactuals.
  let isDenoising: Bool
  let targets: SweepTargets
  /// The task with nothing replaced but what the session's interventions do.
  let baseline: OutcomeSummary
  /// In the order of the targets; nil where the sweep was interrupted before.
  let rows: [Row?]
  /// Of the session.
  let interventions: [String]

  var typeName: String { "sweep" }

  var finished: [Row] { rows.compactMap { $0 } }

  var summary: String {
    let missing = rows.count - finished.count
    let end = missing > 0 ? ", interrupted before the other \(missing)" : ""
    return "sweep of \(finished.count) \(targets.kind.noun(finished.count)) \(replacement) on \(taskName), "
      + "\(baseline.rows) \(baseline.rows == 1 ? "row" : "rows")\(end)"
  }

  static let columns = ["node"] + Measure.allCases.map(\.rawValue)

  var table: Table? { table(of: finished) }

  private func table(of rows: [Row]) -> Table {
    Table(columns: Self.columns, rows: rows.map { row in row.record.values.map { $0 } })
  }

  var fields: Record {
    var fields: Record = [
      "task": .string(taskName), "model": .string(modelName), "kind": .string(targets.kind.rawValue),
      "replacement": .string(replacement),
      "baseline": .record(baseline.record),
      "count": Value(finished.count), "requested": Value(rows.count),
      "rows": .list(finished.map { .record($0.record) }),
    ]
    fields.state(interventions)
    return fields
  }

  var display: Value {
    let lines = [
      summary, "baseline: accuracy \(shown(baseline.accuracy)), qoi_mean \(shown(baseline.mean))",
    ]
    let isLong = [.neurons, .edges, .attentionEdges].contains(targets.kind)
    return .lines(
      lines, finished, atMost: isLong ? shownOfMany : .max, what: " changes of qoi_mean",
      by: \.meanDifference, table: table)
  }
}

extension SweepResult.Row {
  init(node: String, _ summary: OutcomeSummary, baseline: OutcomeSummary) {
    self.init(
      node: node, accuracy: summary.accuracy, mean: summary.mean,
      accuracyDifference: summary.accuracy - baseline.accuracy, meanDifference: summary.mean - baseline.mean)
  }

  subscript(measure: SweepResult.Measure) -> Double {
    switch measure {
    case .accuracy: accuracy
    case .mean: mean
    case .accuracyDifference: accuracyDifference
    case .meanDifference: meanDifference
    }
  }

  /// As JSON and scripts have it.
  var record: Record {
    let measures = SweepResult.Measure.allCases.map { ($0.rawValue, Value.number(self[$0])) }
    return Record(uniqueKeysWithValues: [("node", .string(node))] + measures)
  }
}

extension SweepResult {
  /// Targets by row and column; NaN where there is none.
  func heatmap(of measure: Measure) -> Heatmap {
    let cells = zip(targets.targets, rows).map { target, row in
      Heatmap.Cell(row: target.rowLabel, column: target.columnLabel, value: row?[measure])
    }
    return Heatmap(
      title: "\(measure.rawValue) of \(taskName), \(targets.kind.rawValue) \(replacement)",
      axes: targets.axes, cells, columns: targets.columnLabels)
  }
}

extension SweepResult {
  /// Of hundreds of neurons their distribution, else a heat map.
  ///
  /// - Throws: ``Interrupted``.
  func figure(of measure: Measure) throws -> Figure {
    let map = heatmap(of: measure)
    guard map.rowLabels.count == 1, map.columnLabels.count > Distribution.fewest else { return .heatmap(map) }
    return try Distribution(
      title: map.title, subtitle: summary, nameAxis: map.columnAxis, valueAxis: measure.rawValue,
      names: finished.map(\.node), values: finished.map { $0[measure] }
    ).figure
  }
}

extension SweepTargets.Kind {
  fileprivate func noun(_ count: Int) -> String {
    switch self {
    case .heads: count == 1 ? "head" : "heads"
    case .mlps: count == 1 ? "feed-forward branch" : "feed-forward branches"
    case .layers: count == 1 ? "layer output" : "layer outputs"
    case .nodes: count == 1 ? "node" : "nodes"
    case .positions: count == 1 ? "hidden state" : "hidden states"
    case .neurons: count == 1 ? "neuron" : "neurons"
    case .queries: count == 1 ? "query" : "queries"
    case .keys: count == 1 ? "key" : "keys"
    case .values: count == 1 ? "value" : "values"
    case .edges: count == 1 ? "edge" : "edges"
    case .attentionEdges: count == 1 ? "attention edge" : "attention edges"
    }
  }
}
