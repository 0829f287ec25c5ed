import Language
import Measurement
import Results
import Tensors

/// What restored states bring back of a quantity that noise on words has spoiled.
struct TraceResult: InterventionResult, DrawnResult {
  let tokens: [String]
  let quantityName: String
  let target: Int
  let options: TraceOptions
  /// Of the noise; nil where it was given.
  let deviation: Double?
  let base: CausalTrace.Base
  /// L.
  let layerCount: Int
  /// (L, n, draws); fewer layers where it was interrupted.
  let restored: [[[Double]]]
  let interventions: [String]

  var typeName: String { "trace" }

  private var corrupted: Double { mean(base.corrupted) }

  var summary: String {
    let draws = base.corrupted.count
    return
      "\(quantityName) at \(target) \(tokens[target]): \(shown(base.clean)), with noise on \(words) \(shown(corrupted))"
      + (draws == 1 ? "" : " (mean of \(draws) draws)")
  }

  private var words: String { options.words.map { "\($0) \(tokens[$0])" }.joined(separator: ", ") }

  private var what: String {
    switch options.kind {
    case .hidden: "hidden state"
    case .attn: "attention output, window of \(options.window) layers"
    case .mlp: "feed-forward output, window of \(options.window) layers"
    }
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  /// (layers, n)
  private var means: [[Double]] { restored.map { $0.map(mean) } }

  var fields: Record {
    let (layers, n, draws) = (restored.count, tokens.count, base.corrupted.count)
    var fields: Record = [
      "tokens": .strings(tokens), "qoi_name": .string(quantityName), "target": Value(target),
      "words": .numbers(options.words), "of": .string(options.kind.rawValue),
    ]
    if options.kind != .hidden { fields["window"] = Value(options.window) }
    if let deviation { fields["noise"] = .number(deviation) }
    fields["draws"] = Value(draws)
    fields["clean"] = .number(base.clean)
    fields["corrupted"] = .number(corrupted)
    fields["restored"] = .tensor(Tensor(shape: [layers, n], means.joined().map(Float.init)))
    fields["corrupted_draws"] = .tensor(Tensor(shape: [draws], base.corrupted.map(Float.init)))
    fields["restored_draws"] = .tensor(
      Tensor(shape: [draws, layers, n]) { target in
        for (layer, positions) in restored.enumerated() {
          for (position, values) in positions.enumerated() {
            for (draw, value) in values.enumerated() {
              target[(draw * layers + layer) * n + position] = Float(value)
            }
          }
        }
      })
    fields.state(interventions)
    return fields
  }

  var display: Value { .list([.string(summary), .string("with the clean \(what):"), .table(grid)]) }

  /// What is restored: a layer's output is a hidden state, its branches are not.
  private func layerLabel(_ layer: Int) -> String {
    options.kind == .hidden ? HiddenState.label(layer + 1) : "L\(layer)"
  }

  /// A row for each position, a column for each layer.
  private var grid: Table {
    let means = means
    return Table(
      columns: ["position", "token"] + means.indices.map(layerLabel),
      rows: tokens.indices.map { position in
        [Value(position), .string(tokens[position])] + means.map { .number($0[position]) }
      })
  }

  var sheet: Table? {
    Table(
      columns: ["layer", "position", "token", "restored"],
      rows: means.enumerated().flatMap { layer, row in
        row.enumerated().map { [Value(layer), Value($0), .string(tokens[$0]), .number($1)] }
      })
  }

  /// Positions by layers, as the authors draw it; NaN where it was interrupted before.
  var heatmap: Heatmap {
    let (rows, columns) = (tokens.count, layerCount)
    let means = means
    let values = (0..<rows * columns).map { place -> Float in
      let (position, layer) = (place / columns, place % columns)
      return layer < means.count ? Float(means[layer][position]) : .nan
    }
    return Heatmap(
      title: "\(quantityName) with noise on \(words) and the clean \(what)", rowAxis: "position",
      columnAxis: options.kind == .hidden ? HiddenState.axis : "layer", rowLabels: tokens,
      columnLabels: (0..<columns).map(layerLabel),
      values: Tensor(shape: [rows, columns], values))
  }
}
