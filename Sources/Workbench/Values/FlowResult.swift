import Attribution
import Language
import Results
import Tensors
import Transformers

/// What `flow` found about one text.
struct FlowResult: InterventionResult, DrawnResult {
  let tokens: [String]
  let options: FlowOptions
  let analysis: FlowAnalysis
  /// Integrated gradients of the quantity of interest, when they were asked for.
  let influence: [Double]?
  /// Whether the matrices of the layers are among the fields.
  let showsMatrices: Bool
  let interventions: [String]

  var typeName: String { "flow" }

  private var target: String { "\(tokens[analysis.target]) at \(analysis.target)" }

  var summary: String { "\(options.method.rawValue) from \(tokens.count) words to \(target)" }

  /// Spearman's correlation of the scores with |influence|; nil also when it is undefined.
  private var correlation: Double? {
    influence.flatMap { rankCorrelation(analysis.scores, $0.map(abs)) }
  }

  var fields: Record {
    var fields: Record = [
      "tokens": .strings(tokens), "target": Value(analysis.target),
      "method": .string(options.method.rawValue),
    ]
    if options.method == .ifr { fields["threshold"] = .number(options.threshold) }
    if options.method.readsOnlyAttention { fields["heads"] = .string(options.heads.rawValue) }
    fields["scores"] = .list(analysis.scores.map(Value.number))
    fields["layers"] = .tensor(layers)
    if options.method == .path {
      fields["direction"] = .string(options.direction.rawValue)
      fields["paths"] = .list(analysis.paths.map { .record(path($0)) })
    }
    if options.method == .ifr { fields["routes"] = .table(routes(analysis.routes)) }
    if let influence {
      fields["influence"] = .list(influence.map(Value.number))
      fields["rank_correlation"] = correlation.map(Value.number) ?? .null
    }
    if showsMatrices { fields["matrices"] = .tensor(analysis.mixing) }
    fields.state(interventions)
    return fields
  }

  /// (L, n).
  private var layers: Tensor {
    Tensor(
      shape: [analysis.layers.count, tokens.count], analysis.layers.joined().map { Float($0) })
  }

  /// The shares after each layer, of the state at the target.
  var heatmap: Heatmap {
    Heatmap(
      title: "\(options.method.rawValue) to \(target)", rowAxis: HiddenState.axis, columnAxis: "position",
      rowLabels: analysis.layers.indices.map { HiddenState.label($0 + 1) }, columnLabels: tokens,
      values: layers)
  }

  private func path(_ path: AttentionPath) -> Record {
    [
      "position": Value(path.nodes[0]), "token": .string(tokens[path.nodes[0]]),
      "nodes": .numbers(path.nodes), "score": .number(path.score),
    ]
  }

  var display: Value {
    var display: Record = ["method": .string(method), "target": .string(target)]
    display["words"] = .table(words)
    if options.method == .ifr {
      let (heads, most) = (headRoutes, Self.shownRoutes)
      let heading =
        heads.count > most ? "largest \(most) of \(heads.count) routes by heads" : "routes by heads"
      display[heading] = .table(routes(heads.prefix(most)))
    }
    if influence != nil {
      display["rank correlation"] = correlation.map(Value.number) ?? .string("undefined")
    }
    return .record(display)
  }

  var sheet: Table? { words }

  private static let shownRoutes = 20

  /// The largest first; what goes on at a token of its own is in the fields.
  private var headRoutes: [FlowEdge] {
    analysis.routes.enumerated()
      .filter { $0.element.component != .skip && !$0.element.component.isInFeedForward }
      .sorted { (-$0.element.importance, $0.offset) < (-$1.element.importance, $1.offset) }
      .map(\.element)
  }

  private func routes(_ edges: some Sequence<FlowEdge>) -> Table {
    Table(
      columns: ["part", "from", "to", "importance"],
      rows: edges.map { edge in
        let part = Node(layer: edge.layer, component: edge.component).name
        return [.string(part), Value(edge.from), Value(edge.to), .number(edge.importance)]
      })
  }

  private var method: String {
    var parts = [options.method.rawValue]
    if options.method.readsOnlyAttention { parts.append("\(options.heads.rawValue) of heads") }
    if options.method == .path, options.direction == .authors { parts.append("steps transposed") }
    return parts.joined(separator: ", ")
  }

  private var words: Table {
    let isPath = options.method == .path
    var table = Table(
      columns: ["position", "token", "score"] + (isPath ? ["path"] : [])
        + (influence == nil ? [] : ["influence"]))
    for (position, token) in tokens.enumerated() {
      var row: [Value] = [Value(position), .string(token), .number(analysis.scores[position])]
      if isPath {
        row.append(.string(analysis.paths[position].nodes.map(String.init).joined(separator: " ")))
      }
      if let influence { row.append(.number(influence[position])) }
      table.append(row)
    }
    return table
  }

  /// The scores of the positions that both texts have.
  func compared(with other: FlowResult) -> Table {
    var table = Table(columns: ["position", "token", "before", "after", "difference"])
    for (position, (x, y)) in zip(analysis.scores, other.analysis.scores).enumerated() {
      table.append([Value(position), .string(tokens[position]), .number(x), .number(y), .number(y - x)])
    }
    return table
  }
}
