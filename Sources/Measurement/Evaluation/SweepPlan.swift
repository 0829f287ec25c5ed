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

/// Which targets go through the network together: those whose runs begin at the same place.
struct SweepPlan {
  struct Pass {
    let start: SweepStart
    /// Indices of targets.
    let targets: [Int]
  }

  let passes: [Pass]
  /// What is kept of the runs without the targets.
  let sites: Set<Site>
  /// Work for each probe.
  let cost: Int

  /// - Parameter most: targets in a pass.
  init(_ targets: [Sweep.Target], _ configuration: TransformerConfiguration, most: Int) {
    let groups = Dictionary(grouping: targets.indices) { targets[$0].start }
      .sorted { SweepStart.earlier($0.key, $1.key) }
    passes = groups.flatMap { start, members in
      let passes = (members.count + most - 1) / most
      let size = (members.count + passes - 1) / passes
      return stride(from: 0, to: members.count, by: size).map {
        Pass(start: start, targets: Array(members[$0..<min($0 + size, members.count)]))
      }
    }
    sites = Set(groups.flatMap { $0.key.sites(layers: configuration.layers) })
    cost = groups.reduce(0) { $0 + $1.value.count * $1.key.cost(configuration) }
  }
}

extension Sweep.Target {
  fileprivate var start: SweepStart {
    (nodes.map { SweepStart($0) } + cuts.map { SweepStart($0) }).min(by: SweepStart.earlier)
      ?? SweepStart(layer: 0, takesContext: false)
  }
}
