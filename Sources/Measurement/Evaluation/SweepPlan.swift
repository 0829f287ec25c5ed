import Transformers
import Tensors

/// Where the runs of a target begin.
struct SweepStart: Hashable {
  /// The first layer to run, which reads the row of hidden states of this number.
  let layer: Int
  /// Whether that layer's context vectors are taken over too.
  let takesContext: Bool

  init(layer: Int, takesContext: Bool) {
    self.layer = layer
    self.takesContext = takesContext
  }

  /// The latest place from which a change of `node` takes effect.
  init(_ node: Node) {
    if let row = node.row {
      self.init(layer: row, takesContext: false)
    } else {
      self.init(layer: node.layer ?? 0, takesContext: !node.component.isProjected)
    }
  }

  /// The layer's attention is run again.
  init(_ cut: AttentionCut) { self.init(layer: cut.edge.layer, takesContext: false) }

  static func earlier(_ a: SweepStart, _ b: SweepStart) -> Bool {
    (a.layer, a.takesContext ? 1 : 0) < (b.layer, b.takesContext ? 1 : 0)
  }

  /// What the first layer to run reads: of layer L the last hidden states.
  private func hidden(layers: Int) -> Site {
    layer == layers ? .hidden(row: layer) : Site(.residPre, layer: layer)
  }

  /// What must be kept for runs from here.
  func sites(layers: Int) -> [Site] {
    takesContext ? [hidden(layers: layers), Site(.z, layer: layer)] : [hidden(layers: layers)]
  }

  func forwardStart(_ activations: [Site: Tensor], layers: Int, rows: [Int]) -> ForwardStart {
    guard let input = activations[hidden(layers: layers)] else {
      preconditionFailure("the states of layer \(layer) were not kept")
    }
    return ForwardStart(
      layer: layer, hidden: input, context: takesContext ? activations[Site(.z, layer: layer)] : nil,
      rows: rows)
  }

  /// Work of a run from here, in quarters of a layer.
  func cost(_ configuration: TransformerConfiguration) -> Int {
    max(1, 4 * (configuration.layers - layer) - (takesContext ? 1 : 0))
  }
}

/// Which targets go through the network together.
struct SweepPlan {
  struct Pass {
    let start: SweepStart
    /// Indices of targets; nil where a place is empty.
    let places: [Int?]
  }

  let passes: [Pass]
  /// What is kept of the runs without the targets.
  let sites: Set<Site>
  /// Work for each probe.
  let cost: Int

  /// - Parameters:
  ///   - length: tokens of the longest probe.
  ///   - most: places in a pass.
  init(_ targets: [Sweep.Target], _ configuration: TransformerConfiguration, length: Int, most: Int) {
    var groups: [Group: [Int]] = [:]
    for (index, target) in targets.enumerated() {
      groups[Group(target, configuration, length: length), default: []].append(index)
    }
    let ordered = groups.sorted { Group.earlier($0.key, $1.key) }
    passes = ordered.flatMap { group, members in
      // All siblings fill whole passes.
      let passes = (group.siblings + most - 1) / most
      let places = (group.siblings + passes - 1) / passes
      return Self.places(of: members, targets, length: length, among: places).map {
        Pass(start: group.start, places: $0)
      }
    }
    sites = Set(ordered.flatMap { $0.key.start.sites(layers: configuration.layers) })
    cost = ordered.reduce(0) { $0 + $1.value.count * $1.key.start.cost(configuration) }
  }

  /// Each target in the place that is its own, in as many passes as that takes.
  private static func places(
    of members: [Int], _ targets: [Sweep.Target], length: Int, among count: Int
  ) -> [[Int?]] {
    var queues: [[Int]] = Array(repeating: [], count: count)
    for member in members { queues[targets[member].number(length: length) % count].append(member) }
    let passes = queues.map(\.count).max() ?? 0
    return (0..<passes).map { pass in queues.map { $0.indices.contains(pass) ? $0[pass] : nil } }
  }

  /// Targets that can go through the network together.
  private struct Group: Hashable {
    let start: SweepStart
    /// How many of their kind there are at most, asked about or not.
    let siblings: Int
    let isCut: Bool

    init(_ target: Sweep.Target, _ configuration: TransformerConfiguration, length: Int) {
      start =
        (target.nodes.map { SweepStart($0) } + target.cuts.map { SweepStart($0) }).min(by: SweepStart.earlier)
        ?? SweepStart(layer: 0, takesContext: false)
      siblings = target.siblings(configuration, length: length)
      isCut = target.edge != nil
    }

    static func earlier(_ a: Group, _ b: Group) -> Bool {
      a.start == b.start
        ? (a.siblings, a.isCut ? 1 : 0) < (b.siblings, b.isCut ? 1 : 0) : SweepStart.earlier(a.start, b.start)
    }
  }
}

extension Sweep.Target {
  /// The only edge; nil of others.
  fileprivate var edge: AttentionEdge? { nodes.isEmpty && cuts.count == 1 ? cuts[0].edge : nil }

  /// Its number among its siblings: of a head or what belongs to one, a neuron, a position, an edge of the layer; 0 of what has none and of several nodes.
  fileprivate func number(length: Int) -> Int {
    if let edge { return (edge.head * length + edge.reader) * length + edge.read }
    guard cuts.isEmpty, nodes.count == 1, let node = nodes.first else { return 0 }
    return node.component.number ?? node.position ?? 0
  }

  fileprivate func siblings(_ configuration: TransformerConfiguration, length: Int) -> Int {
    if edge != nil { return configuration.heads * length * length }
    guard cuts.isEmpty, nodes.count == 1, let node = nodes.first else { return 1 }
    guard let part = node.component.counted else { return node.position == nil ? 1 : length }
    return PlaceBounds(configuration).count(part)
  }
}
