import Attribution
import ExactText
import Language
import Results
import Transformers

/// Attribution scores of activations or edges, means over rows.
struct ScoreResult: InterventionResult, DrawnResult {
  struct Row: Sendable, Equatable {
    let name: String
    let score: Double
    let rowLabel: String
    let columnLabel: String
  }

  let kind: SweepTargets.Kind
  let method: ScoreMethod
  /// What the scores compare with: "counterfactual".
  let end: String
  let taskName: String
  let modelName: String
  let rowCount: Int
  /// Rows that were asked for.
  let requested: Int
  /// Points, quadrature, what is held: what the scores depend on beside the method.
  let settings: Record
  let axes: (row: String, column: String)
  let scores: [Row]
  /// Of residual edges, for circuits.
  let edges: EdgeScores?
  /// From left to right; nil for those of the rows in their order.
  var columns: [String]?
  let interventions: [String]

  var typeName: String { "scores" }

  var summary: String {
    "\(method.rawValue) of \(scores.count) \(kind == .attentionEdges ? "attention edges" : kind.rawValue) against \(end) on \(taskName)"
      + (requested == 1 ? "" : ", mean of \(rowCount) rows")
      + (rowCount < requested ? ", interrupted before the other \(requested - rowCount)" : "")
      + (method.isSigned ? "" : ", unsigned")
  }

  /// What a row is about: "node", "edge".
  var column: String { kind == .edges || kind == .attentionEdges ? "edge" : "node" }

  var table: Table? { table(of: scores) }

  private func table(of rows: [Row]) -> Table {
    Table(columns: [column, "score"], rows: rows.map { [.string($0.name), .number($0.score)] })
  }

  var fields: Record {
    var fields: Record = [
      "task": .string(taskName), "model": .string(modelName), "kind": .string(kind.rawValue),
      "method": .string(method.rawValue), "by": .string(end), "count": Value(scores.count),
      "rows_measured": Value(rowCount), "requested": Value(requested),
    ]
    fields.merge(settings) { own, _ in own }
    fields["rows"] = .list(
      scores.map { .record([column: .string($0.name), "score": .number($0.score)]) })
    fields.state(interventions)
    return fields
  }

  var display: Value {
    .lines(
      [summary], scores, atMost: column == "edge" ? shownOfMany : 4 * shownOfMany, by: \.score,
      table: table)
  }

  /// Targets by row and column; NaN where there is none.
  var heatmap: Heatmap {
    Heatmap(
      title: "\(method.rawValue) of \(kind.rawValue), \(taskName)", axes: axes,
      scores.map { Heatmap.Cell(row: $0.rowLabel, column: $0.columnLabel, value: $0.score) },
      columns: columns)
  }

  /// Of hundreds in one row their distribution, else a heat map.
  ///
  /// - Throws: ``Interrupted``.
  var figure: Figure {
    get throws {
      let map = heatmap
      guard map.rowLabels.count == 1, map.columnLabels.count > Distribution.fewest else {
        return .heatmap(map)
      }
      return try Distribution(
        title: map.title, subtitle: summary, nameAxis: column, valueAxis: "score", names: scores.map(\.name),
        values: scores.map(\.score)
      ).figure
    }
  }
}
