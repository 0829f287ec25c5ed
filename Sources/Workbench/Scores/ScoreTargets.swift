import Transformers

/// The activations that scores are of, in the order of the network, and where each stands in a drawing.
struct ScoreTargets: Sendable {
  struct Target: Sendable {
    let name: String
    let rowLabel: String
    let columnLabel: String
    let site: Site
    /// Of the site's numbers at a position.
    let part: Int
    /// nil for the sum over positions.
    let position: Int?
  }

  let targets: [Target]
  let axes: (row: String, column: String)

  var sites: Set<Site> { Set(targets.map(\.site)) }

  /// - Throws: ``ScoreFault/unscored(node:)``.
  init(_ sweep: SweepTargets, _ blocks: BlockKind) throws {
    axes = sweep.axes
    targets = try zip(sweep.targets, sweep.nodes).map { target, node in
      guard let part = node.part else { throw ScoreFault.unscored(node: node.name) }
      return Target(
        name: node.name, rowLabel: target.rowLabel, columnLabel: target.columnLabel,
        site: node.site(in: blocks), part: part, position: node.position)
    }
  }
}
