import Language
import Results
import Tensors
import Transformers

/// What the output head says of every hidden state of a text.
struct LensResult: InterventionResult, DrawnResult {
  let tokens: [String]
  /// (L + 1, n)
  let readings: [[LensReading]]
  /// The entries' names.
  let best: [[String]]
  let hasQuantity: Bool
  /// The position that is shown in full.
  let target: Int
  let interventions: [String]

  init(
    tokens: [String], readings: [[LensReading]], hasQuantity: Bool, target: Int, interventions: [String],
    name: (Int) -> String
  ) {
    (self.tokens, self.readings, self.hasQuantity) = (tokens, readings, hasQuantity)
    (self.target, self.interventions) = (target, interventions)
    best = readings.map { $0.map { name($0.token) } }
  }

  var typeName: String { "lens" }

  var summary: String { "lens on \(tokens.count) tokens, \(readings.count) hidden states" }

  /// `embed`, `L0`, ...
  private func rowName(_ row: Int) -> String { row == 0 ? "embed" : "L\(row - 1)" }

  private func tensor(_ value: (LensReading) -> Double) -> Value {
    .tensor(
      Tensor(
        shape: [readings.count, tokens.count], readings.joined().map { Float(value($0)) }))
  }

  var fields: Record {
    var fields: Record = [
      "tokens": .strings(tokens), "target": Value(target), "rows": .strings(readings.indices.map(rowName)),
      "best": .list(best.map(Value.strings)),
      "ids": .list(readings.map { .numbers($0.map(\.token)) }), "probability": tensor(\.probability),
    ]
    if hasQuantity { fields["qoi"] = tensor { $0.quantity ?? .nan } }
    fields.state(interventions)
    return fields
  }

  /// The quantity, or where there is none the probability of the best token.
  var heatmap: Heatmap {
    let values = readings.joined().map { Float(hasQuantity ? $0.quantity ?? .nan : $0.probability) }
    return Heatmap(
      title: hasQuantity ? "lens: quantity of interest" : "lens: probability of the best token",
      rowAxis: HiddenState.axis, columnAxis: "position", rowLabels: readings.indices.map(HiddenState.label),
      columnLabels: tokens, values: Tensor(shape: [readings.count, tokens.count], values))
  }

  /// A row for each hidden state: of each position the best token; then the target in full.
  var display: Value {
    var detail = Table(columns: [HiddenState.axis, "best", "prob"] + (hasQuantity ? ["qoi"] : []))
    for (row, readings) in readings.enumerated() {
      let reading = readings[target]
      detail.append(
        [.string(HiddenState.label(row)), .string(best[row][target]), .number(reading.probability)]
          + (hasQuantity ? [.number(reading.quantity ?? .nan)] : []))
    }
    return .list([.table(grid), .string("at position \(target), \(tokens[target]):"), .table(detail)])
  }

  private var grid: Table {
    Table(
      columns: [HiddenState.axis] + tokens.indices.map { "\($0) \(tokens[$0])" },
      rows: readings.indices.map { row in [.string(HiddenState.label(row))] + best[row].map(Value.string) })
  }

  var sheet: Table? {
    var table = Table(columns: ["row", "position", "token", "best", "prob"] + (hasQuantity ? ["qoi"] : []))
    for (row, readings) in readings.enumerated() {
      for (position, reading) in readings.enumerated() {
        table.append(
          [
            .string(rowName(row)), Value(position), .string(tokens[position]), .string(best[row][position]),
            .number(reading.probability),
          ] + (hasQuantity ? [.number(reading.quantity ?? .nan)] : []))
      }
    }
    return table
  }
}
