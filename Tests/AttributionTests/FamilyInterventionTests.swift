import Attribution
import FamilyFixtures
import Tensors
import Testing
import Transformers

/// Influences under the interventions of the families' fixtures.
@Suite struct FamilyInterventionTests {
  private struct Given {
    let nodes: String
    let input: AttributionInput

    func isReplaced(_ node: Node) -> Bool {
      input.interventions.replacements.contains {
        $0.node.component == node.component && $0.node.layer == node.layer
          && ($0.node.position ?? node.position) == node.position
      }
    }
  }

  private func given(_ name: String) throws -> (model: Transformer, cases: [Given]) {
    let (model, fixture) = try FamilyFixture.load(name)
    let plain = try #require(try familyCases(in: FamilyFixture.folder.appending(path: name)).first).input
    let cases = try #require(fixture.interventions).map { one in
      var input = plain
      input.interventions = Interventions(one.replace.map(\.replacement))
      return Given(nodes: "\(name) \(one.replace.map(\.node.name))", input: input)
    }
    return (model, cases)
  }

  private func sum(_ values: some Sequence<Double>) -> Double { values.reduce(0, +) }

  /// Candidates of each step add up to what was carried; those of replaced nodes are exactly 0.
  @Test(arguments: FamilyFixture.intervened)
  func stepsAddUpAndReplacedNodesCarryNothing(_ name: String) throws {
    let (model, cases) = try given(name)
    let attributor = Attributor(model: model)
    for given in cases {
      let options = AttributionOptions(points: 5, level: .feedForward)
      let found = try attributor.patterns([given.input], options: options, check: {})[0]
      let scale = found.inputs.influence.map(abs).max() ?? 0
      for (position, influence) in found.inputs.influence.enumerated()
      where given.isReplaced(.hidden(row: 0, position: position)) {
        #expect(influence == 0, "\(given.nodes): word \(position)")
      }
      for word in found.words {
        let carried = expectRowsAddUp(word, given, scale)
        try expectHeadsAddUp(word, carried, given, scale, model.configuration.blocks)
        try expectBranchesAddUp(word, given, scale, model.configuration.blocks)
      }
    }
  }

  /// What the pattern's hidden states carry, with the word's sign.
  private func expectRowsAddUp(_ word: WordPattern, _ given: Given, _ scale: Double) -> Double {
    var carried = Double(word.sign) * word.influence
    for (row, step) in word.embedding.steps.enumerated() {
      #expect(abs(sum(step.map(Double.init)) - carried) <= 2e-5 * scale, "\(given.nodes): row \(row + 1)")
      for (position, value) in step.enumerated()
      where given.isReplaced(.hidden(row: row + 1, position: position)) {
        #expect(value == 0, "\(given.nodes): row \(row + 1), position \(position)")
      }
      carried = Double(step[word.embedding.nodes[row + 1][0]])
    }
    return carried
  }

  private func expectHeadsAddUp(
    _ word: WordPattern, _ whole: Double, _ given: Given, _ scale: Double, _ blocks: BlockKind
  ) throws {
    let attention = try #require(word.attention)
    var carried = whole
    for (layer, heads) in attention.heads.enumerated() {
      let (position, skip) = (word.embedding.nodes[layer + 1][0], attention.skips[layer])
      let through = sum(heads.map(Double.init)) + Double(skip)
      #expect(abs(through - carried) <= 2e-5 * scale, "\(given.nodes): layer \(layer)")
      func isClosed(_ component: Node.Component) -> Bool {
        given.isReplaced(Node(layer: layer, component: component, position: position))
      }
      for (head, value) in heads.enumerated() where isClosed(.head(head)) || isClosed(.attention) {
        #expect(value == 0, "\(given.nodes): head \(head) of layer \(layer)")
      }
      let isCutOff = blocks.isParallel && isClosed(.feedForward) && isClosed(.feedForwardSkip)
      if isClosed(.skip) || isCutOff { #expect(skip == 0, "\(given.nodes): skip of layer \(layer)") }
      carried = Double(word.sign) * attention.values[layer]
    }
  }

  private func expectBranchesAddUp(
    _ word: WordPattern, _ given: Given, _ scale: Double, _ blocks: BlockKind
  ) throws {
    let found = try #require(word.feedForward)
    var carried = Double(word.sign) * (try #require(word.attention).influence)
    for (layer, step) in found.steps.enumerated() {
      let isHead = try #require(word.attention).choices[layer] >= 0
      #expect((step == nil) == (blocks.isParallel && isHead))
      guard let step else { continue }
      let values = try [#require(found.feedForwards[layer]), #require(found.skips[layer])]
      #expect(
        abs(sum(values.map(Double.init)) - carried) <= 2e-5 * scale, "\(given.nodes): branches of \(layer)")
      let position = word.embedding.nodes[layer + 1][0]
      for (component, value) in zip([Node.Component.feedForward, .feedForwardSkip], values)
      where given.isReplaced(Node(layer: layer, component: component, position: position))
        || (blocks.isParallel && given.isReplaced(.skip(layer: layer, position: position)))
      {
        #expect(value == 0, "\(given.nodes): \(component) of layer \(layer)")
      }
      carried = Double(values[step == .skip ? 1 : 0])
    }
    #expect(abs(Double(word.sign) * found.influence - carried) <= 2e-5 * scale, "\(given.nodes)")
  }

  @Test(arguments: FamilyFixture.intervened) func conductancesAddUp(_ name: String) throws {
    let (model, cases) = try given(name)
    let (attributor, options) = (Attributor(model: model), AttributionOptions(points: 5))
    for given in cases {
      let inputs = try attributor.inputInfluence([given.input], options: options, check: {})[0]
      let found = try attributor.conductance([given.input], options: options, check: {})[0]
      let scale = inputs.influence.map(abs).max() ?? 0
      for (row, values) in found.hidden.enumerated() {
        #expect(abs(sum(values) - sum(inputs.influence)) <= 2e-5 * scale, "\(given.nodes): row \(row)")
        for (position, value) in values.enumerated()
        where given.isReplaced(.hidden(row: row, position: position)) {
          #expect(value == 0, "\(given.nodes): row \(row), position \(position)")
        }
      }
    }
  }

  /// sum(influence) = Q(x) - Q(b), both under the interventions.
  @Test(arguments: FamilyFixture.intervened) func influencesAreComplete(_ name: String) throws {
    let (model, cases) = try given(name)
    let options = AttributionOptions(points: 200, quadrature: .gauss)
    var worst = (gap: 0.0, nodes: "")
    for (index, given) in cases.enumerated() where index % 4 == 3 || index >= 36 {
      let found = try Attributor(model: model).inputInfluence([given.input], options: options, check: {})[0]
      let gap = abs(found.completenessGap) / max(found.influence.map(abs).max() ?? 0, 0.1)
      if gap >= worst.gap { worst = (gap, given.nodes) }
    }
    print("completeness under interventions \(name): \(worst.gap) of the largest influence at \(worst.nodes)")
    #expect(worst.gap < 2e-5)
  }

  /// Each word's influence against differences of forward passes in which that word alone moves a little further along the
  /// path, under the same interventions. Where a slope is steep (Qwen3 norms queries and keys) the differences are coarse:
  /// those of the double step say how much.
  @Test(arguments: FamilyFixture.intervened) func influencesAreSlopesOfForwardPasses(_ name: String) throws {
    let (model, cases) = try given(name)
    let options = AttributionOptions(points: 4, quadrature: .gauss)
    var (worst, settled) = ((difference: 0.0, nodes: ""), 0)
    for given in cases {
      let found = try Attributor(model: model).inputInfluence([given.input], options: options, check: {})[0]
      let (fine, coarse) = (
        try slopes(model, given.input, step: 0.01), try slopes(model, given.input, step: 0.02)
      )
      let scale = max(found.influence.map(abs).max() ?? 0, 0.1)
      let uncertainty = zip(fine, coarse).map { abs($0 - $1) }.max() ?? 0
      let difference = zip(found.influence, fine).map { abs($0 - $1) }.max() ?? .infinity
      #expect(difference <= 1e-3 * scale + uncertainty, "\(given.nodes): \(difference) of \(scale)")
      guard uncertainty < 1e-3 * scale else { continue }
      settled += 1
      if difference / scale >= worst.difference { worst = (difference / scale, given.nodes) }
    }
    print(
      "influences against slopes \(name): \(worst.difference) at \(worst.nodes), \(settled) of \(cases.count) settled"
    )
    #expect(settled > cases.count / 3)
  }

  /// (n): the mean over four Gauss points of dQ/dalpha_i by five-point differences, where
  /// word_i = b + alpha_i (x_i - b).
  private func slopes(_ model: Transformer, _ input: AttributionInput, step: Double) throws -> [Double] {
    let (n, e) = (input.ids.count, model.configuration.embeddingSize)
    guard case .token(let baseline) = input.baseline.content else { return [] }
    let roots = [0.339981043584856, 0.861136311594053]
    let points =
      [(-roots[1], 0.347854845137454), (-roots[0], 0.652145154862546)]
      + [(roots[0], 0.652145154862546), (roots[1], 0.347854845137454)]
    let differences = [(-2.0, 1.0), (-1, -8), (1, 8), (2, -1)]
    let table = model.embeddings.words
    let (from, ends) = (table[baseline].values, input.ids.map { table[Int($0)].values })
    var (words, weights): ([Float], [Double]) = ([], [])
    for moving in 0..<n {
      for (x, weight) in points {
        for (offset, factor) in differences {
          for position in 0..<n {
            let alpha = Float((x + 1) / 2 + (position == moving ? offset * step : 0))
            words += zip(from, ends[position]).map { $0 + alpha * ($1 - $0) }
          }
          weights.append(weight / 2 * factor / (12 * step))
        }
      }
    }
    let rows = weights.count
    let batch = TokenBatch(
      sequences: Array(repeating: (input.ids, input.types), count: rows), padToken: 0)
    let request = ForwardRequest(
      quantities: (0..<rows).map { ($0, input.target, input.quantity) },
      interventions: Array(repeating: input.interventions, count: rows))
    let values = try model.forward(
      batch, words: Tensor(shape: [rows, n, e], words), request, check: {}
    ).quantities
    let each = rows / n
    return (0..<n).map { i in sum((i * each..<(i + 1) * each).map { weights[$0] * values[$0] }) }
  }
}
