import Attribution
import Language
import Results
import Tensors

/// What parts of a model add to the quantity directly.
struct ContributionsResult: InterventionResult, DrawnResult {
  let contributions: Contributions
  let quantityName: String
  let target: Int
  let token: String
  let ofNeurons: Bool
  let interventions: [String]

  var typeName: String { "contributions" }

  var summary: String {
    "direct contributions to \(quantityName) at \(target) \(token): they add up to \(shown(contributions.sum))"
  }

  /// Heads and feed-forward branches by layer.
  var heatmap: Heatmap {
    let heads = contributions.heads.first?.count ?? 0
    let values = zip(contributions.heads, contributions.feedForwards).flatMap { $0.map(Float.init) + [Float($1)] }
    return Heatmap(
      title: "direct contributions to \(quantityName)", rowAxis: "layer", columnAxis: "part",
      rowLabels: contributions.heads.indices.map { "L\($0)" },
      columnLabels: (0..<heads).map { "H\($0)" } + ["mlp"],
      values: Tensor(shape: [contributions.heads.count, heads + 1], values))
  }

  /// In the order of the network.
  private var parts: [(name: String, value: Double)] {
    var parts = [("embed", contributions.embedding)]
    for (layer, heads) in contributions.heads.enumerated() {
      parts += heads.enumerated().map { ("L\(layer)H\($0)", $1) }
      if ofNeurons {
        parts += contributions.neurons[layer].enumerated().map { ("L\(layer).mlp[\($0)]", $1) }
        let bias = contributions.feedForwards[layer] - contributions.neurons[layer].reduce(0, +)
        parts.append(("L\(layer).mlp bias", bias))
      } else {
        parts.append(("L\(layer).mlp", contributions.feedForwards[layer]))
      }
    }
    return parts + [("attention biases", contributions.biases), ("norm and head", contributions.head)]
  }

  var table: Table? { table(of: parts) }

  private func table(of parts: [(name: String, value: Double)]) -> Table {
    Table(
      columns: ["part", "contribution"], rows: parts.map { [.string($0.name), .number($0.value)] })
  }

  var display: Value { .lines([summary], parts, by: { $0.value }, table: table) }

  var fields: Record {
    var fields: Record = [
      "qoi": .number(contributions.quantity), "qoi_name": .string(quantityName), "target": Value(target),
      "sum": .number(contributions.sum),
      "heads": .tensor(
        Tensor(
          shape: [contributions.heads.count, contributions.heads.first?.count ?? 0],
          contributions.heads.joined().map(Float.init))),
      "rows": .list(
        parts.map { .record(["part": .string($0.name), "contribution": .number($0.value)]) }),
    ]
    fields.state(interventions)
    return fields
  }
}
