import Attribution
import ExactText
import Language
import Rendering
import Results
import Transformers

/// A circuit in a session: residual edges that are kept, and the scores that chose them.
///
/// Its fields are the file format of MIB and of the authors of EAP-IG (Mueller et al., "MIB", 2025): `save` writes it, and
/// `circuit` takes what `read` gives of it.
struct CircuitValue: ObjectValue {
  let circuit: Circuit
  /// What the scores are of: "eap-ig on ioi".
  let source: String
  /// d, which the format states.
  let hidden: Int

  var space: EdgeSpace { circuit.scores.space }

  var typeName: String { "circuit" }

  var summary: String {
    "circuit of \(circuit.edges.count) of \(space.edgeCount) edges by \(source)"
  }

  var table: Table? { table(of: kept.largest(kept.count) { $0.score }) }

  private var kept: [(edge: ResidualEdge, score: Double)] {
    circuit.edges.edges.map { ($0, circuit.scores[$0] ?? .nan) }
  }

  private func table(of edges: [(edge: ResidualEdge, score: Double)]) -> Table {
    Table(columns: ["edge", "score"], rows: edges.map { [.string($0.edge.name), .number($0.score)] })
  }

  var display: Value {
    .lines([summary], kept, atMost: shownOfMany, by: { $0.score }, table: table)
  }

  var fields: Record {
    [
      "cfg": .record([
        "n_layers": Value(space.layers), "n_heads": Value(space.heads),
        "parallel_attn_mlp": .bool(space.isParallel), "d_model": Value(hidden),
        "selection": .string(circuit.selection.rawValue),
      ]),
      "count": Value(circuit.edges.count), "nodes": .record(nodes), "edges": .record(edges),
    ]
  }

  private var nodes: Record {
    let kept = circuit.edges.edges
    var touched = Set(names: kept.map(\.source.benchmarkName))
    for edge in kept { touched.insert(Name(edge.target.partName)) }
    let names = (0..<space.sourceCount).map { space.source($0).benchmarkName } + ["logits"]
    return Record(
      uniqueKeysWithValues: names.map { ($0, .record(["in_graph": .bool(touched.contains(Name($0)))])) })
  }

  private var edges: Record {
    Record(
      uniqueKeysWithValues: circuit.scores.list.map { edge, score in
        (
          edge.benchmarkName,
          .record(["score": .number(score), "in_graph": .bool(circuit.edges.contains(edge))])
        )
      })
  }
}

extension CircuitValue {
  /// A circuit as the fields of one say it, of a model with such edges.
  ///
  /// - Throws: ``CircuitFault``.
  init(saved record: Record, _ model: LoadedModel) throws {
    guard case .record(let edges)? = record["edges"] else { throw CircuitFault.noEdges }
    let space = try EdgeSpace(model.configuration)
    let configuration: Record = if case .record(let fields)? = record["cfg"] { fields } else { [:] }
    let own: [(String, Value)] = [
      ("n_layers", Value(space.layers)), ("n_heads", Value(space.heads)),
      ("d_model", Value(model.configuration.hidden)), ("parallel_attn_mlp", .bool(space.isParallel)),
    ]
    for (field, own) in own {
      guard let found = configuration[field], found.shownPlainly != own.shownPlainly else { continue }
      throw CircuitFault.otherModel(field: field, found: found.shownPlainly, own: own.shownPlainly)
    }
    var selection = Circuit.Selection.greedy
    if case .string(let name)? = configuration["selection"], let read = Circuit.Selection(rawValue: name) {
      selection = read
    }
    var scores = EdgeScores(space)
    var kept: [ResidualEdge] = []
    for (name, value) in edges {
      guard let edge = ResidualEdge(name: name), space.numbers(of: edge) != nil else {
        throw CircuitFault.unknownEdge(name, example: space.example.name)
      }
      guard case .record(let entry) = value else { throw CircuitFault.badEdge(name) }
      if case .number(let score)? = entry["score"] { scores.set(edge, to: score) }
      if case .bool(true)? = entry["in_graph"] { kept.append(edge) }
    }
    self.init(
      circuit: Circuit(scores: scores, edges: EdgeSet(kept, in: space), selection: selection),
      source: "a file", hidden: model.configuration.hidden)
  }
}

extension ResidualEdge {
  /// `a1.h3->a3.h7<q>`
  var benchmarkName: String { "\(source.benchmarkName)->\(target.benchmarkName)" }
}

extension ResidualEdge.Target {
  /// The node that it belongs to, as MIB writes it.
  fileprivate var partName: String {
    switch self {
    case .query(let layer, let head), .key(let layer, let head), .value(let layer, let head):
      ResidualEdge.Source.head(layer: layer, head: head).benchmarkName
    case .feedForward, .output: benchmarkName
    }
  }
}

extension CircuitValue {
  /// - Throws: ``CircuitFault/otherModel(field:found:own:)`` where its edges are not those of `model`.
  func check(_ model: LoadedModel) throws {
    let own = try EdgeSpace(model.configuration)
    guard own != space else { return }
    func text(_ space: EdgeSpace) -> String {
      "\(space.layers) layers of \(space.heads) heads\(space.isParallel ? " in parallel blocks" : "")"
    }
    throw CircuitFault.otherModel(field: "shape", found: text(space), own: text(own))
  }
}

extension Value {
  /// A number or a flag as text.
  fileprivate var shownPlainly: String {
    switch self {
    case .number(let number): formatNumber(number)
    case .bool(let flag): "\(flag)"
    default: typeName
    }
  }
}
