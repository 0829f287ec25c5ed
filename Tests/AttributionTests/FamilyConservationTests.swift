import Attribution
import FamilyFixtures
import Testing
import Transformers

/// Laws of influences that hold in blocks of every order.
@Suite struct FamilyConservationTests {
  /// The first sentence of a model's fixture from another baseline than the fixture's.
  ///
  /// Zero only where positions have embeddings of their own: without them a position that reads nothing but zeros stays
  /// zero in all layers there, and each norm multiplies its slope by 1 / sqrt(epsilon). transformers' own gradients agree,
  /// but their sum over thousands of points on the path does not settle.
  private func given(_ name: String) throws -> (model: Transformer, input: AttributionInput) {
    let model = try FamilyFixture.load(name).model
    var input = try #require(try familyCases(in: FamilyFixture.folder.appending(path: name)).first).input
    let learnsPositions = model.configuration.blocks.learnsPositions
    input.baseline = learnsPositions ? Baseline(.zero, keep: [1]) : Baseline(.token(11), keep: [2])
    return (model, input)
  }

  @Test(arguments: FamilyFixture.full) func influencesAreComplete(_ name: String) throws {
    let (model, input) = try given(name)
    let found = try Attributor(model: model).inputInfluence(
      [input], options: AttributionOptions(points: 200, quadrature: .gauss), check: {})[0]
    let scale = found.influence.map(abs).max() ?? 0
    print("completeness \(name): \(found.completenessGap / scale) of the largest influence")
    #expect(scale > 0.01 && abs(found.completenessGap) < 2e-5 * scale)
  }

  /// What refines a pattern by everything that one of its paths may go through there adds up to it.
  @Test(arguments: FamilyFixture.full) func refinementsAddUp(_ name: String) throws {
    let (model, input) = try given(name)
    let options = AttributionOptions(points: 4, quadrature: .gauss, level: .feedForward)
    let attributor = Attributor(model: model)
    let found = try attributor.patterns([input], options: options, check: {})[0]
    let scale = found.inputs.influence.map(abs).max() ?? 0
    let words = found.words.sorted { abs($0.influence) > abs($1.influence) }.prefix(2)
    let parents =
      [PathPattern(word: nil, nodes: []), PathPattern(word: words.first?.position, nodes: [])]
      + words.flatMap { prefixes(of: $0) }
    var worst = 0.0
    for parent in parents {
      let whole = try attributor.influence(of: [parent], in: input, options: options, check: {})[0]
      for (what, nodes) in refinements(of: parent, model.configuration, input) {
        let parts = nodes.map { PathPattern(word: parent.word, nodes: parent.nodes + [$0]) }
        let sum = try attributor.influence(of: parts, in: input, options: options, check: {}).reduce(0, +)
        worst = max(worst, abs(sum - whole) / scale)
        #expect(
          abs(sum - whole) <= 2e-5 * scale,
          "\(name): \(parent.nodes.map(\.name)) by \(what): \(sum), \(whole)")
      }
    }
    print("refinements \(name): \(worst) of the largest influence")
  }

  /// A search's pattern cut off after each of its steps.
  private func prefixes(of word: WordPattern) -> [PathPattern] {
    let nodes = nodes(of: word, .feedForward).filter { $0.row != 0 }
    return nodes.indices.map { PathPattern(word: word.position, nodes: Array(nodes[...$0])) }
  }

  /// Complete cuts that the parent does not restrict yet.
  private func refinements(
    of parent: PathPattern, _ c: TransformerConfiguration, _ input: AttributionInput
  ) -> [(String, [Node])] {
    let positions = input.ids.indices
    let rows = (1..<c.layers).filter { row in !parent.nodes.contains { $0.row == row } }
      .map { row in ("row \(row)", positions.map { Node.hidden(row: row, position: $0) }) }
    let free = (0..<c.layers).filter { layer in
      !parent.nodes.contains { $0.layer == layer && $0.component.isInAttention }
    }
    let heads = free.map { layer in
      let all = (0..<c.heads).map { Node.head(layer: layer, head: $0) }
      return ("heads and skip of layer \(layer)", all + [.skip(layer: layer)])
    }
    let projected = (0..<c.layers).filter { layer in
      !parent.nodes.contains { $0 == .skip(layer: layer, position: $0.position) }
    }.map { layer in
      let parts: [Node.Component] =
        (0..<c.heads).map { .query($0) } + (0..<c.keyHeads).flatMap { [.key($0), .value($0)] }
      let nodes = parts.map { Node(layer: layer, component: $0) }
      return (
        "queries, keys, values of layer \(layer)", nodes + (free.contains(layer) ? [.skip(layer: layer)] : [])
      )
    }
    let branches = (0..<c.layers).filter { layer in
      let own = parent.nodes.filter { $0.layer == layer }
      guard !own.contains(where: { $0.component.isInFeedForward }) else { return false }
      // What enters a parallel block by a head passes neither.
      return !c.blocks.isParallel || own.contains { $0.component == .skip }
    }
    let feedForwards = branches.map { layer in
      let place = parent.nodes.first { $0.row == layer + 1 }?.position
      let nodes = [false, true].map { Node.feedForward(layer: layer, isSkip: $0, position: place) }
      return ("mlp and mlp_skip of layer \(layer)", nodes)
    }
    return rows + heads + projected + feedForwards
  }

  private func nodes(of word: WordPattern, _ level: PatternLevel) -> [Node] {
    let positions = word.embedding.nodes.map { $0[0] }
    var nodes = positions.enumerated().map { Node.hidden(row: $0, position: $1) }
    guard level >= .attention, let attention = word.attention else { return nodes }
    for (layer, choice) in attention.choices.enumerated() {
      let place = positions[layer + 1]
      nodes.append(
        choice < 0
          ? .skip(layer: layer, position: place) : .head(layer: layer, head: choice, position: place))
    }
    guard level == .feedForward, let feedForward = word.feedForward else { return nodes }
    for (layer, step) in feedForward.steps.enumerated() {
      guard let step else { continue }
      nodes.append(.feedForward(layer: layer, isSkip: step == .skip, position: positions[layer + 1]))
    }
    return nodes
  }

  /// A pattern of each level written by hand is what the search found; routes are the same on one token.
  @Test(arguments: FamilyFixture.full) func patternsByHandAreThoseOfTheSearch(_ name: String) throws {
    let (model, input) = try given(name)
    let options = AttributionOptions(points: 5, level: .feedForward)
    let attributor = Attributor(model: model)
    let found = try attributor.patterns([input], options: options, check: {})[0]
    let scale = found.inputs.influence.map(abs).max() ?? 0
    var worst = [0.0, 0.0, 0.0]
    for word in found.words {
      let expected = [
        word.embedding.influence, try #require(word.attention).influence,
        try #require(word.feedForward).influence,
      ]
      let patterns = PatternLevel.allCases.map {
        PathPattern(word: word.position, nodes: nodes(of: word, $0))
      }
      let values = try attributor.influence(of: patterns, in: input, options: options, check: {})
      let routes = [Route(word, level: .embedding), Route(word, level: .attention)]
      let own = try attributor.influence(of: [routes], in: [input], options: options, check: {})[0]
      for (level, value) in Array(values.enumerated()) + Array(own.enumerated()) {
        worst[level] = max(worst[level], abs(value - expected[level]) / scale)
      }
    }
    print("patterns by hand \(name): \(worst) of the largest influence")
    #expect(worst.allSatisfy { $0 <= 1e-5 })
  }
}
