import Transformers
import ExactText
import Faults
import Language
import Measurement
import Results

/// The nodes or residual edges that a sweep replaces, or the attention edges that it cuts, one at a time, in the order
/// of the network, and where each stands in a drawing.
struct SweepTargets {
  enum Kind: String, CaseIterable {
    case heads, mlps, layers, positions, neurons, nodes, queries, keys, values, edges
    case attentionEdges = "attention_edges"
  }

  enum Place: Sendable {
    case node(Node)
    case edge(ResidualEdge)
    case attention(AttentionEdge)
  }

  struct Target: Sendable {
    let place: Place
    let rowLabel: String
    let columnLabel: String

    init(node: Node, rowLabel: String, columnLabel: String) {
      (place, self.rowLabel, self.columnLabel) = (.node(node), rowLabel, columnLabel)
    }

    init(_ edge: ResidualEdge) {
      (place, rowLabel, columnLabel) = (.edge(edge), edge.source.name, edge.target.name)
    }

    init(_ edge: AttentionEdge, rowLabel: String, columnLabel: String) {
      (place, self.rowLabel, self.columnLabel) = (.attention(edge), rowLabel, columnLabel)
    }

    var name: String {
      switch place {
      case .node(let node): node.name
      case .edge(let edge): edge.name
      case .attention(let edge): edge.name
      }
    }
  }

  let kind: Kind
  let targets: [Target]

  private init(kind: Kind, targets: [Target]) { (self.kind, self.targets) = (kind, targets) }

  /// Of all kinds but edges.
  var nodes: [Node] {
    targets.compactMap { if case .node(let node) = $0.place { node } else { nil } }
  }

  /// Of the kind of edges.
  var edges: [ResidualEdge] {
    targets.compactMap { if case .edge(let edge) = $0.place { edge } else { nil } }
  }

  /// Of the kind of attention edges.
  var attentionEdges: [AttentionEdge] {
    targets.compactMap { if case .attention(let edge) = $0.place { edge } else { nil } }
  }

  /// Each once, from left to right: what edges read by position, else in the order of the targets.
  var columnLabels: [String] {
    guard kind == .attentionEdges else { return targets.map(\.columnLabel).firstOccurrences }
    return zip(attentionEdges, targets).sorted { $0.0.read < $1.0.read }.map(\.1.columnLabel).firstOccurrences
  }

  /// What rows and columns of a drawing stand for.
  var axes: (row: String, column: String) {
    switch kind {
    case .heads, .queries: ("layer", "head")
    case .keys, .values: ("layer", "key head")
    case .mlps, .layers: ("layer", "output")
    case .nodes: ("", "node")
    case .positions: (HiddenState.axis, "position")
    case .neurons: ("layer", "neuron")
    case .edges: ("source", "target")
    case .attentionEdges: ("query", "key")
    }
  }

  static func heads(layers: [Int], _ configuration: TransformerConfiguration) -> SweepTargets {
    heads(.heads, configuration.heads, layers: layers) { .head($0) }
  }

  static func queries(layers: [Int], _ configuration: TransformerConfiguration) -> SweepTargets {
    heads(.queries, configuration.heads, layers: layers) { .query($0) }
  }

  static func keys(layers: [Int], _ configuration: TransformerConfiguration) -> SweepTargets {
    heads(.keys, configuration.keyHeads, layers: layers) { .key($0) }
  }

  static func values(layers: [Int], _ configuration: TransformerConfiguration) -> SweepTargets {
    heads(.values, configuration.keyHeads, layers: layers) { .value($0) }
  }

  private static func heads(
    _ kind: Kind, _ count: Int, layers: [Int], _ component: (Int) -> Node.Component
  ) -> SweepTargets {
    SweepTargets(
      kind: kind,
      targets: layers.flatMap { layer in
        (0..<count).map {
          Target(
            node: Node(layer: layer, component: component($0)), rowLabel: "L\(layer)", columnLabel: "H\($0)")
        }
      })
  }

  /// The whole feed-forward output of each layer.
  static func feedForwards(layers: [Int]) -> SweepTargets {
    SweepTargets(
      kind: .mlps,
      targets: layers.map {
        Target(node: Node(layer: $0, component: .feedForward), rowLabel: "L\($0)", columnLabel: "mlp")
      })
  }

  /// The whole attention output and the whole feed-forward output of each layer.
  static func outputs(layers: [Int]) -> SweepTargets {
    SweepTargets(
      kind: .layers,
      targets: layers.flatMap { layer in
        [(Node.Component.attention, "attn"), (.feedForward, "mlp")].map {
          Target(node: Node(layer: layer, component: $0), rowLabel: "L\(layer)", columnLabel: $1)
        }
      })
  }

  static func neurons(layer: Int, _ configuration: TransformerConfiguration) -> SweepTargets {
    SweepTargets(
      kind: .neurons,
      targets: (0..<configuration.intermediate).map {
        Target(
          node: Node(layer: layer, component: .neuron($0)), rowLabel: "L\(layer).mlp", columnLabel: "\($0)")
      })
  }

  static func edges(_ space: EdgeSpace) -> SweepTargets {
    SweepTargets(kind: .edges, targets: space.edges.map { Target($0) })
  }

  static func nodes(_ nodes: [Node]) -> SweepTargets {
    // Sorting is not stable; the place keeps the order in which a layer's nodes were named.
    let ordered = nodes.enumerated().sorted {
      ($0.element.layer ?? -1, $0.offset) < ($1.element.layer ?? -1, $1.offset)
    }
    return SweepTargets(
      kind: .nodes,
      targets: ordered.map { Target(node: $0.element, rowLabel: "", columnLabel: $0.element.name) })
  }

  /// The hidden states of each layer's output, and of the embeddings when these are asked for, at each position.
  ///
  /// - Parameter texts: of one length
  static func positions(layers: [Int], embeddings: Bool, texts: [EncodedText]) -> SweepTargets {
    let labels = labels(of: texts)
    let rows: [(Int?, Node.Component)] = (embeddings ? [(nil, .embedding)] : []) + layers.map { ($0, .block) }
    return SweepTargets(
      kind: .positions,
      targets: rows.flatMap { layer, component in
        labels.enumerated().map { position, label in
          Target(
            node: Node(layer: layer, component: component, position: position),
            rowLabel: HiddenState.label(layer.map { $0 + 1 } ?? 0), columnLabel: label)
        }
      })
  }

  /// Rows are readers, of each head and layer where there are several; columns are what they read.
  ///
  /// - Parameter texts: at least as long as the edges' positions
  static func attention(_ edges: [AttentionEdge], texts: [EncodedText]) throws -> SweepTargets {
    var steps = Steps()
    let labels = labels(of: texts)
    let isOneHead = Set(edges.map { [$0.layer, $0.head] }).count == 1
    return SweepTargets(
      kind: .attentionEdges,
      targets: try edges.sorted().map { edge in
        try steps.next()
        let head = isOneHead ? "" : "L\(edge.layer)H\(edge.head) "
        return Target(edge, rowLabel: head + labels[edge.reader], columnLabel: labels[edge.read])
      })
  }

  /// A position at which all texts have the same token is labelled with it.
  private static func labels(of texts: [EncodedText]) -> [String] {
    let shortest = texts.map(\.count).min() ?? 0
    return texts.first?.encoding.tokens.prefix(shortest).enumerated().map { position, token in
      texts.allSatisfy { $0.encoding.tokens[position] == token } ? "\(position) \(token)" : "\(position)"
    } ?? []
  }
}
