import Encoders
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
      self.init(layer: node.layer ?? 0, takesContext: true)
    }
  }

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
  func cost(_ configuration: BertConfiguration) -> Int {
    max(1, 4 * (configuration.layers - layer) - (takesContext ? 1 : 0))
  }
}

/// Targets by where they start.
struct SweepPlan {
  struct Group {
    let start: SweepStart
    /// Indices of targets.
    let targets: [Int]
  }

  let groups: [Group]
  /// What is kept of the runs without the targets.
  let sites: Set<Site>
  /// Work for each probe.
  let cost: Int

  init(_ targets: [Sweep.Target], _ configuration: BertConfiguration) {
    var byStart: [SweepStart: [Int]] = [:]
    for (index, target) in targets.enumerated() {
      guard let start = target.nodes.map(SweepStart.init).min(by: SweepStart.earlier) else { continue }
      byStart[start, default: []].append(index)
    }
    groups = byStart.map { Group(start: $0, targets: $1) }.sorted { SweepStart.earlier($0.start, $1.start) }
    sites = Set(groups.flatMap { $0.start.sites(layers: configuration.layers) })
    cost = groups.reduce(0) { $0 + $1.targets.count * $1.start.cost(configuration) }
  }
}
