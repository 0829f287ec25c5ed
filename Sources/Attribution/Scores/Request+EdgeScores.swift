import Faults
import Tensors
import Transformers

extension Attributor {
  /// Edge attribution patching: of each residual edge u -> v
  ///
  ///     (u(x) - u(x')) . dQ/d(input of v), through v alone, summed over positions
  ///
  /// with the gradient at x (EAP: Syed, Rager, Conmy, "Attribution Patching Outperforms Automated Circuit Discovery", 2023), or,
  /// where `isIntegrated`, its mean over the path of the words from x' to x (EAP-IG: Hanna, Pezzelle, Belinkov, "Have Faith in
  /// Faithfulness", 2024). A `rule` of relevance is RelP on edges.
  ///
  /// - Throws: ``EdgeFault`` for models without such edges.
  /// - Complexity: three forward passes and a reverse pass, or one of each for each point; and S T n d / 2 multiply-adds of S
  ///   sources and T targets.
  public func edgeScores(
    _ inputs: [AttributionInput], isIntegrated: Bool, rule: ReverseRule = .exact,
    options: AttributionOptions = AttributionOptions(), check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport = { _ in }
  ) throws -> [EdgeScores] {
    let request = try Request(
      self, inputs, options, points: isIntegrated ? nil : [(1, 1)], check: check, progress: progress)
    return try execution.perform(request.edgeScores(rule: rule))
  }
}

extension Request {
  func edgeScores(rule: ReverseRule) throws -> Plan<[EdgeScores]> {
    let space = try EdgeSpace(model.configuration)
    guard sentences.allSatisfy(\.interventions.isEmpty) else { throw EdgeFault.interventionsActive }
    let (sources, targets) = (space.sourceCount, 3 * space.heads + 1)
    let perToken = 4 * model.configuration.hidden * (3 * sources + targets)
    let parts = try MemoryPlan(self).sequential(fixed: perToken)
    return Plan(
      work: {
        parts.reduce(Work()) { sum, part in
          let tokens = part.sentences.reduce(0) { $0 + sentences[$1].length }
          let operations = Double(tokens * model.configuration.hidden) * Double(space.edgeCount)
          return sum + gradientWork(part.sentences, points: part.points.count)
            + 2 * forwardWork(part.sentences, points: 1) + Work(operations: operations)
            + Work(bytes: part.bytes, sequences: part.sentences.count * part.points.count)
        }
      }, form: { sentences.map { _ in EdgeScores(space) } },
      run: { try edgeScores(parts, space, rule) })
  }

  private func edgeScores(
    _ parts: [MemoryPlan.Part], _ space: EdgeSpace, _ rule: ReverseRule
  ) throws -> [EdgeScores] {
    let progress = Progress(total: parts.count * 3 * layers, report)
    var scores = sentences.map { _ in EdgeScores(space) }
    var (group, changes): ([Int], [Storage]) = ([], [])
    for part in parts {
      let members = part.sentences.map { sentences[$0] }
      if part.sentences != group {
        changes = []
        (group, changes) = (part.sentences, try members.map(sourceChanges))
      }
      let block = try run(part, keeping: .gradients, rule: rule, progress)
      let gradients = TargetGradients(block, DerivativeWorkspace())
      for layer in 0..<layers {
        try check()
        let means = members.map { MeanTargets($0, targets: 3 * space.heads + 1, hidden: block.hidden) }
        try gradients.forEachTarget(layer) { place, values, isTargetOnly in
          for m in members.indices {
            means[m].add(values, place, member: m, block.layout, isTargetOnly: isTargetOnly)
          }
        }
        for (m, s) in part.sentences.enumerated() {
          try add(means[m], first: layer * (3 * space.heads + 1), changes[m], to: &scores[s])
        }
        progress.advance()
      }
      for (m, s) in part.sentences.enumerated() {
        addOutput(block, member: m, changes[m], to: &scores[s])
      }
    }
    progress.finish()
    return scores
  }

  /// u(x) - u(x') of every source, (S, n, d), real tokens only.
  private func sourceChanges(_ sentence: Sentence) throws -> Storage {
    let batch = SentenceStates.batch([sentence], places: 2)
    let words = SentenceStates.words([sentence], at: [1, 0], model.embeddings, length: batch.length)
    let pass = try EdgePass(model, batch, check: check)
    let sources = try pass.sources(words: words)
    let (count, d) = (sources.shape[1], model.configuration.hidden)
    let result = Storage(uninitializedCount: count * sentence.length * d)
    for source in 0..<count {
      for (i, position) in sentence.positions.enumerated() {
        let clean = sources.pointer + (source * batch.length + position) * d
        let other = clean + count * batch.length * d
        let target = result.base + (source * sentence.length + i) * d
        for c in 0..<d { target[c] = clean[c] - other[c] }
      }
    }
    return result
  }

  private func add(
    _ gradients: MeanTargets, first: Int, _ changes: Storage, to scores: inout EdgeScores
  ) throws {
    let space = scores.space
    let count = gradients.targets
    let parents = space.parents(of: first + count - 1)
    let size = gradients.size
    let products = Storage(uninitializedCount: count * parents)
    defer { withExtendedLifetime((products, changes, gradients)) {} }
    try BLAS.multiply(
      gradients.values.base, rows: count, inner: size, by: changes.base, .transposed, columns: parents,
      into: products.base, check: check)
    for place in 0..<count {
      for source in 0..<space.parents(of: first + place) {
        scores.add(Double(products.base[place * parents + source]), source: source, target: first + place)
      }
    }
  }

  /// What the final norm reads, at the target alone.
  private func addOutput(
    _ block: PointBlock, member: Int, _ changes: Storage, to scores: inout EdgeScores
  ) {
    let (layout, d) = (block.layout, block.hidden)
    let sentence = layout.sentences[member]
    for source in 0..<scores.space.sourceCount {
      let change = changes.base + (source * sentence.length + sentence.target) * d
      for k in 0..<layout.points {
        let gradient = block.targetGradient.base + layout.row(member, k) * d
        let dot = dots(change, gradient, parts: 1, width: d)[0]
        scores.add(layout.weights[k] * dot, source: source, target: scores.space.targetCount - 1)
      }
    }
  }
}

/// Gradients of a layer's targets for one sentence, their weighted sum over the points of a block: (targets, n, d).
private struct MeanTargets {
  let values: Storage
  let targets: Int
  /// n d.
  let size: Int
  private let hidden: Int

  init(_ sentence: Sentence, targets: Int, hidden: Int) {
    (self.targets, self.hidden, size) = (targets, hidden, sentence.length * hidden)
    values = Storage(uninitializedCount: targets * size)
    values.base.update(repeating: 0, count: targets * size)
  }

  func add(_ gradients: Floats, _ place: Int, member: Int, _ layout: PathLayout, isTargetOnly: Bool) {
    let sentence = layout.sentences[member]
    for k in 0..<layout.points {
      let weight = Float(layout.weights[k])
      for p in isTargetOnly ? sentence.target..<sentence.target + 1 : 0..<sentence.length {
        let row = isTargetOnly ? layout.row(member, k) : layout.token(member, k, p)
        let (source, target) = (gradients + row * hidden, values.base + place * size + p * hidden)
        for c in 0..<hidden { target[c] += weight * source[c] }
      }
    }
  }
}
