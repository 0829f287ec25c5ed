import Attribution
import Transformers
import Tensors
import Testing

/// Laws of influences under interventions, and how work is divided.
@Suite struct InterventionTests {
  private func sum(_ values: some Sequence<Double>) -> Double { values.reduce(0, +) }

  private func isReplaced(_ given: InterventionCase, _ node: Node) -> Bool {
    given.interventions.replacements.contains {
      $0.node.component == node.component && $0.node.layer == node.layer
        && ($0.node.position ?? node.position) == node.position
    }
  }

  /// Candidates of each step add up to what was carried; those of replaced nodes are exactly 0.
  @Test(arguments: InterventionCase.all)
  func stepsAddUpAndReplacedNodesCarryNothing(_ given: InterventionCase) throws {
    let options = AttributionOptions(points: 5, quadrature: given.random.quadrature)
    let found = try #require(
      try Attributor(model: given.random.model()).patterns([given.input()], options: options, check: {}).first
    )
    let scale = found.inputs.influence.map(abs).max() ?? 0
    for word in found.words {
      var carried = Double(word.sign) * word.influence
      for (row, step) in word.embedding.steps.enumerated() {
        #expect(abs(sum(step.map(Double.init)) - carried) <= 2e-5 * scale, "row \(row + 1)")
        for (position, value) in step.enumerated()
        where isReplaced(given, Node(layer: row, component: .block, position: position)) {
          #expect(value == 0, "row \(row + 1), position \(position)")
        }
        carried = Double(step[word.embedding.nodes[row + 1][0]])
      }
      try expectLayersAddUp(word, carried, given, scale)
    }
  }

  private func expectLayersAddUp(
    _ word: WordPattern, _ whole: Double, _ given: InterventionCase, _ scale: Double
  ) throws {
    let attention = try #require(word.attention)
    var carried = whole
    for (layer, heads) in attention.heads.enumerated() {
      let (position, skip) = (word.embedding.nodes[layer + 1][0], attention.skips[layer])
      let through = sum(heads.map(Double.init)) + Double(skip)
      #expect(abs(through - carried) <= 2e-5 * scale, "layer \(layer) of word \(word.position)")
      func isClosed(_ component: Node.Component) -> Bool {
        isReplaced(given, Node(layer: layer, component: component, position: position))
      }
      for (head, value) in heads.enumerated() where isClosed(.head(head)) || isClosed(.attention) {
        #expect(value == 0, "head \(head) of layer \(layer)")
      }
      if isClosed(.skip) { #expect(skip == 0, "skip connection of layer \(layer)") }
      carried = Double(word.sign) * attention.values[layer]
    }
  }

  @Test(arguments: InterventionCase.all)
  func conductancesAddUp(_ given: InterventionCase) throws {
    let (attributor, input) = (Attributor(model: try given.random.model()), given.input())
    let options = AttributionOptions(points: 5, quadrature: given.random.quadrature)
    let inputs = try #require(try attributor.inputInfluence([input], options: options, check: {}).first)
    let found = try #require(try attributor.conductance([input], options: options, check: {}).first)
    let scale = inputs.influence.map(abs).max() ?? 0
    for (row, values) in found.hidden.enumerated() {
      #expect(abs(sum(values) - sum(inputs.influence)) <= 2e-5 * scale, "row \(row)")
      for (position, value) in values.enumerated() {
        let node =
          row == 0
          ? Node(layer: nil, component: .embedding, position: position)
          : Node(layer: row - 1, component: .block, position: position)
        if isReplaced(given, node) { #expect(value == 0, "row \(row), position \(position)") }
      }
    }
  }

  /// sum(influence) = Q(x) - Q(b), both under the interventions: the gap on 200 Gauss points, at most 4e-7.
  @Test(arguments: InterventionCase.all.filter { $0.random.activation != .relu })
  func influencesAreComplete(_ given: InterventionCase) throws {
    let options = AttributionOptions(points: 200, quadrature: .gauss)
    let found = try #require(
      try Attributor(model: given.random.model())
        .inputInfluence([given.input()], options: options, check: {}).first)
    #expect(abs(found.completenessGap) < 1e-5)
    print("completeness, \(given.testDescription): \(found.completenessGap)")
  }

  /// Both ends of the path against a forward pass under the same interventions.
  @Test(arguments: InterventionCase.all, Quadrature.allCases)
  func endsAreThoseOfAForwardPass(_ given: InterventionCase, _ quadrature: Quadrature) throws {
    let (model, input) = (try given.random.model(), given.input())
    let found = try #require(
      try Attributor(model: model).inputInfluence(
        [input], options: AttributionOptions(points: 3, quadrature: quadrature), check: {}
      ).first)
    let (n, d) = (input.ids.count, given.random.configuration.hidden)
    let table = try given.random.weights.tensor(named: "bert.embeddings.word_embeddings.weight")
    // The baseline of random.input with an even seed: token 4, with the first token kept.
    let starts = input.ids.enumerated().map { $0 == 0 ? Int($1) : 4 }
    let words = (starts + input.ids.map(Int.init)).flatMap { table[$0].values }
    let batch = TokenBatch(
      ids: input.ids + input.ids, types: input.types + input.types, mask: input.mask + input.mask, rows: 2,
      length: n)
    let request = ForwardRequest(
      quantities: [(0, input.target, input.quantity), (1, input.target, input.quantity)],
      interventions: [input.interventions, input.interventions])
    let expected = try model.forward(
      batch, words: Tensor(shape: [2, n, d], words), request, check: {}
    ).quantities
    #expect(abs(found.quantityAtBaseline - expected[0]) < 2e-6)
    #expect(abs(found.quantity - expected[1]) < 2e-6)
  }
}

/// Interventions and how the work is divided.
@Suite struct InterventionBatchingTests {
  /// Masked language models, which sentences of one batch can share.
  private let cases = InterventionCase.all.filter { !$0.random.isClassifier }
  private let random = RandomCase.all[0]

  private func input(_ given: InterventionCase, seed: Int) -> AttributionInput {
    var input = random.input(length: InterventionCase.length, seed: seed)
    input.interventions = given.interventions
    return input
  }

  private func leastBudget(_ body: (Int) throws -> Void) throws -> Int {
    do {
      try body(1)
    } catch AttributionFault.budgetTooSmall(let needed, 1, _) {
      return needed
    }
    Issue.record("a budget of 1 byte was enough")
    return 0
  }

  /// In parts of one point at a time, each computed again and again in the same memory; with every kind of search.
  @Test func smallBudgetsChangeNothing() throws {
    let attributor = Attributor(model: try random.model())
    for (index, given) in cases.enumerated() {
      let input = input(given, seed: index)
      func run(_ budget: Int) throws -> SentencePatterns {
        let options = AttributionOptions(
          points: 5, kept: index % 3 == 1 ? 2 : 1, beam: index % 3 == 2 ? 3 : 1, level: .feedForward,
          memoryBudget: budget)
        return try #require(try attributor.patterns([input], options: options, check: {}).first)
      }
      expectEqual(try run(leastBudget { _ = try run($0) }), try run(1 << 30))
      func nodes(_ budget: Int) throws -> Conductance {
        let options = AttributionOptions(points: 5, memoryBudget: budget)
        return try #require(try attributor.conductance([input], options: options, check: {}).first)
      }
      let (few, many) = (try nodes(leastBudget { _ = try nodes($0) }), try nodes(1 << 30))
      for (a, b) in zip(few.hidden.joined(), many.hidden.joined()) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test(arguments: [1 << 30, 300_000])
  func sentencesTogetherAreAsAlone(_ budget: Int) throws {
    let attributor = Attributor(model: try random.model())
    let inputs = cases.enumerated().map { input($1, seed: $0) } + [random.input(length: 6)]
    let options = AttributionOptions(points: 4, memoryBudget: budget)
    let together = try attributor.patterns(inputs, options: options, check: {})
    let conductances = try attributor.conductance(inputs, options: options, check: {})
    #expect(together.count == inputs.count)
    for (i, input) in inputs.enumerated() {
      let alone = AttributionOptions(points: 4)
      expectEqual(together[i], try attributor.patterns([input], options: alone, check: {})[0])
      let own = try attributor.conductance([input], options: alone, check: {})[0]
      for (a, b) in zip(own.hidden.joined(), conductances[i].hidden.joined()) { #expect(abs(a - b) < 1e-5) }
    }
  }

  /// Replacements at padding are read by nothing, and rows for each position are those of the padded input.
  @Test func paddingIsLeftOut() throws {
    let attributor = Attributor(model: try random.model())
    let options = AttributionOptions(points: 4)
    for (index, given) in cases.enumerated() where given.hole == nil {
      let plain = input(given, seed: index)
      var padded = plain
      padded.ids += [0, 0]
      padded.types += [0, 0]
      padded.mask += [false, false]
      padded.interventions = Interventions(
        plain.interventions.replacements.map(lengthened) + [
          Replacement(node: Node(layer: 1, component: .block, position: 5), value: .zero),
          Replacement(node: Node(layer: nil, component: .embedding, position: 4), value: .zero),
        ])
      let expected = try attributor.patterns([plain], options: options, check: {})[0]
      let found = try attributor.patterns([padded], options: options, check: {})[0]
      #expect(found.inputs.influence == expected.inputs.influence + [0, 0])
      #expect(found.words.map(\.attention) == expected.words.map(\.attention))
      for (a, b) in zip(found.words, expected.words) {
        #expect(a.embedding.nodes == b.embedding.nodes)
        #expect(a.embedding.steps == b.embedding.steps.map { $0 + [0, 0] })
      }
    }
  }

  /// With two more rows for each position.
  private func lengthened(_ replacement: Replacement) -> Replacement {
    guard case .positions(let rows) = replacement.value else { return replacement }
    let (length, width) = (rows.shape[0], rows.shape[1])
    let more = rows.values + Array(repeating: 9, count: 2 * width)
    return Replacement(node: replacement.node, value: .positions(Tensor(shape: [length + 2, width], more)))
  }

  @Test func nodesThatAreNotThereAreFaults() throws {
    var input = random.input(length: 4)
    let faults: [(Node, PlaceBounds.Part, Int)] = [
      (Node(layer: 3, component: .block), .layer, 3), (Node(layer: 0, component: .head(2)), .head, 2),
      (Node(layer: 0, component: .neuron(14)), .neuron, 14),
      (Node(layer: 1, component: .skip, position: 4), .position, 4),
    ]
    for (node, part, count) in faults {
      input.interventions = Interventions([Replacement(node: node, value: .zero)])
      #expect(throws: PlaceFault(place: node.name, part: part, number: count, count: count)) {
        try Attributor(model: random.model()).inputInfluence([input], check: {})
      }
    }
  }
}
