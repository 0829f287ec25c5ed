import Tensors
import Transformers

extension Request {
  func patchingScores(of sites: Set<Site>, rule: ReverseRule, end: ScoreEnd) throws -> Plan<[SiteScores]> {
    let parts = try MemoryPlan(self).sequential(extra: stateBytes(sites))
    return scorePlan(parts, sites, passes: 1, form: { $0 }) {
      let progress = Progress(total: parts.count * 3 * layers, report)
      var scores = emptyScores(sites)
      for part in parts {
        let block = try run(part, keeping: .gradients, rule: rule, progress)
        let change = try SiteChanges(part.sentences.map { sentences[$0] }, sites, end, model, check: check)
        try add(SiteGradients(block), change, block.layout, part.sentences, to: &scores, progress)
      }
      progress.finish()
      return scores
    }
  }

  func droppedScores(of sites: Set<Site>) throws -> Plan<[[SiteScores]]> {
    let captured = sites.union(SiteChanges.keySites(sites))
    let parts = try MemoryPlan(self).sequential(extra: stateBytes(captured))
    return scorePlan(parts, sites, passes: layers, form: { $0.map { Array(repeating: $0, count: layers) } }) {
      let progress = Progress(total: parts.count * (layers + 1) * layers, report)
      var scores = sentences.map { _ in Array(repeating: SiteScores(values: [:]), count: layers) }
      for part in parts {
        let members = part.sentences.map { sentences[$0] }
        let layout = layout(members, points[part.points])
        let block = PointBlock(
          model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: .gradients, workspace,
          check: check)
        try block.forwardOnly(advance: progress.advance)
        let change = try SiteChanges(members, captured, .start, model, check: check)
        for dropped in 0..<layers {
          try block.reverse(dropping: dropped) {}
          var own = emptyScores(sites)
          try add(
            SiteGradients(block, dropped: dropped), change, layout, part.sentences, to: &own, progress,
            softmax: block)
          for s in part.sentences { scores[s][dropped] = own[s] }
        }
      }
      progress.finish()
      return scores
    }
  }

  func conductanceScores(of sites: Set<Site>) throws -> Plan<[SiteScores]> {
    let parts = try MemoryPlan(self).sequential(extra: 4 * layers * model.configuration.hidden)
    return scorePlan(parts, sites, passes: 2, form: { $0 }) {
      let progress = Progress(total: parts.count * 3 * layers, report)
      var scores = emptyScores(sites)
      for part in parts {
        let block = try run(part, keeping: .gradients, progress)
        try addConductance(sites, block, part.sentences, to: &scores, progress)
      }
      progress.finish()
      return scores
    }
  }

  // MARK: Sums

  func emptyScores(_ sites: Set<Site>) -> [SiteScores] {
    let c = model.configuration
    return sentences.map { sentence in
      SiteScores(
        values: Dictionary(
          uniqueKeysWithValues: sites.map { site in
            (
              site,
              Array(repeating: Array(repeating: 0, count: c.parts(of: site)), count: sentence.paddedLength)
            )
          }))
    }
  }

  /// - Parameter softmax: whose attention is computed anew for queries and keys; nil where they are linear as well
  private func add(
    _ gradients: SiteGradients, _ changes: SiteChanges, _ layout: PathLayout, _ members: [Int],
    to scores: inout [SiteScores], _ progress: Progress, softmax: PointBlock? = nil
  ) throws {
    let sites = scores.first.map { Array($0.values.keys) } ?? []
    for layer in -1..<layers {
      for site in sites where (site.layer ?? -1) == layer {
        try check()
        if let softmax, site.kind == .q || site.kind == .k {
          try addChangedAttention(site, softmax, changes, members, to: &scores)
          continue
        }
        let rows = try gradients(site)
        let parts = model.configuration.parts(of: site)
        forEachToken(layout, members, rows) { m, s, k, position, row in
          let sentence = sentences[s]
          let change = changes(site, sentence: m, position: sentence.positions[position])
          let dots = dots(change, rows.values + row * rows.width, parts: parts, width: rows.width)
          for part in 0..<parts {
            scores[s].values[site]?[sentence.positions[position]][part] += layout.weights[k] * dots[part]
          }
        }
      }
      if layer >= 0 { progress.advance() }
    }
  }

  private func addConductance(
    _ sites: Set<Site>, _ block: PointBlock, _ members: [Int], to scores: inout [SiteScores],
    _ progress: Progress
  ) throws {
    let (gradients, layout) = (SiteGradients(block), block.layout)
    let c = model.configuration
    /// - Parameter sum: the site whose scores these are together; nil for the site itself
    func add(_ site: Site, _ tangents: Floats, stride: Int? = nil, as sum: Site? = nil) throws {
      guard sites.contains(sum ?? site) else { return }
      let rows = try gradients(site)
      let parts = sum == nil ? c.parts(of: site) : 1
      forEachToken(layout, members, rows) { _, s, k, position, row in
        let tangent = tangents + row * (stride ?? rows.width)
        let dots = dots(tangent, rows.values + row * rows.width, parts: parts, width: rows.width)
        for part in 0..<parts {
          scores[s].values[sum ?? site]?[sentences[s].positions[position]][part] +=
            layout.weights[k] * dots[part]
        }
      }
    }
    try TangentPass(block: block, masks: members.map { _ in PathMask(word: nil, layers: layers) }).run(
      row: { row, x in
        if row > 0 { progress.advance() }
        try add(row == 0 ? Site(.embed) : Site(.residPost, layer: row - 1), x)
      },
      heads: { layer, z, tape in
        try add(Site(.z, layer: layer), z)
        // All that the branch adds comes through its heads.
        try add(Site(.z, layer: layer), z, as: Site(.attnOut, layer: layer))
        let derivatives = block.derivatives(layer)
        let width = derivatives.branch.projection.outputs
        let (query, key) = derivatives.divide(
          block.workspace.projections.floats(layout.tokens * width), tape)
        try add(Site(.q, layer: layer), query, stride: tape.queryStride)
        try add(Site(.k, layer: layer), key, stride: tape.keyStride)
        try add(Site(.v, layer: layer), key + derivatives.keyWidth, stride: tape.keyStride)
      },
      branches: { layer, output, tape in
        try add(Site(.mlpOut, layer: layer), output)
        let neurons = (c.blocks.isGated ? block.workspace.gated : block.workspace.wide)
          .floats(tape.outputs * c.intermediate)
        try add(Site(.mlpPost, layer: layer), neurons)
      })
  }

  private func forEachToken(
    _ layout: PathLayout, _ members: [Int], _ rows: SiteGradients.Rows,
    _ body: (_ member: Int, _ sentence: Int, _ point: Int, _ position: Int, _ row: Int) -> Void
  ) {
    for (m, s) in members.enumerated() {
      let target = sentences[s].target
      for k in 0..<layout.points {
        for p in rows.isTargetOnly ? target..<target + 1 : 0..<sentences[s].length {
          body(m, s, k, p, rows.isTargetOnly ? layout.row(m, k) : layout.token(m, k, p))
        }
      }
    }
  }

  // MARK: Work

  /// For each token: two values of each site.
  private func stateBytes(_ sites: Set<Site>) -> Int {
    8 * sites.reduce(0) { $0 + model.configuration.width(of: $1) }
  }

  private func scorePlan<Value>(
    _ parts: [MemoryPlan.Part], _ sites: Set<Site>, passes: Int, form: @escaping ([SiteScores]) -> Value,
    run: @escaping () throws -> Value
  ) -> Plan<Value> {
    Plan(
      work: {
        parts.reduce(Work()) { sum, part in
          let forward = forwardWork(part.sentences, points: part.points.count)
          return sum + Double(passes + 3) * forward
            + Work(bytes: part.bytes, sequences: part.sentences.count * part.points.count)
        }
      }, form: { form(emptyScores(sites)) }, run: run)
  }
}

/// <a, b> of each of some equal parts, in Double.
func dots(_ a: Floats, _ b: Floats, parts: Int, width: Int) -> [Double] {
  let size = width / parts
  return (0..<parts).map { part in
    var sum = 0.0
    for c in part * size..<(part + 1) * size { sum += Double(a[c]) * Double(b[c]) }
    return sum
  }
}
