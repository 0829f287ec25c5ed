import Transformers
import Tensors
import Testing

@testable import Attribution

@Suite struct NodeScoreTests {
  private static let options = AttributionOptions(points: 3, quadrature: .gauss)

  /// Word conductance is the influence of all paths through one node: beside masked passes. Largest difference 8e-7 of
  /// the largest influence.
  @Test func conductanceIsTheInfluenceThroughANode() throws {
    let random = RandomCase.all[0]
    let attributor = Attributor(model: try random.model())
    // The second is shorter and goes along with the first.
    let inputs = [random.input(length: 6), random.input(length: 4, seed: 1)]
    let scores = try attributor.wordConductance(inputs, options: Self.options, check: {})
    for (input, scores) in zip(inputs, scores) {
      #expect((scores[0] == nil) == input.baseline.keep.contains(0))
      let word = input.ids.count - 1
      let own = try #require(scores[word])
      var nodes: [Node] = []
      var values: [Double] = []
      for position in input.ids.indices {
        nodes += (0..<3).map { .hidden(row: $0, position: position) }
        values += (0..<3).map { own.hidden[$0][position] }
        nodes += (0..<2).map { .head(layer: 1, head: $0, position: position) }
        values += own.heads[1][position]
        nodes += (0..<3).map { .skip(layer: $0, position: position) }
        values += (0..<3).map { own.skips[$0][position] }
      }
      let expected = try attributor.influence(
        of: nodes.map { PathPattern(word: word, nodes: [$0]) }, in: input, options: Self.options, check: {})
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 1e-6)
      for (value, expected) in zip(values, expected) { #expect(abs(value - expected) <= 2e-5 * scale) }
    }
  }

  @Test func wordsAddUpToTheConductanceOfAll() throws {
    let random = RandomCase.all[1]
    let attributor = Attributor(model: try random.model())
    let input = random.input(length: 5)
    let all = try attributor.conductance([input], options: Self.options, check: {})[0]
    let words = try attributor.wordConductance([input], options: Self.options, check: {})[0].compactMap { $0 }
    let scale = all.hidden[0].map(abs).max() ?? 0
    for (row, positions) in all.hidden.enumerated() {
      for (position, value) in positions.enumerated() {
        #expect(abs(words.reduce(0) { $0 + $1.hidden[row][position] } - value) <= 2e-5 * scale)
      }
    }
  }

  /// The derivative of Q along the change of a node, by central differences of runs in which the node is replaced. Largest
  /// difference 3e-4 of the largest score.
  @Test(arguments: [0, 1]) func internalInfluenceBesideFiniteDifferences(seed: Int) throws {
    let random = RandomCase.all[0]
    let model = try random.model()
    // Padding within: positions of real tokens are not consecutive.
    var input = random.input(length: 6, seed: seed)
    input.mask[1] = false
    if seed == 1 {
      input.interventions = Interventions([
        Replacement(node: Node(layer: 0, component: .head(0), position: 4), value: .zero),
        Replacement(node: Node(layer: 1, component: .skip, position: 5), value: .zero),
      ])
    }
    let scores = try Attributor(model: model).internalInfluence([input], options: Self.options, check: {})[0]
    let t = input.target
    let nodes: [(Node, Double)] = [
      (Node(layer: nil, component: .embedding, position: 4), scores.hidden[0][4]),
      (Node(layer: 0, component: .block, position: 5), scores.hidden[1][5]),
      (Node(layer: 2, component: .block, position: t), scores.hidden[3][t]),
      (Node(layer: 1, component: .head(1), position: 2), scores.heads[1][2][1]),
      (Node(layer: 0, component: .skip, position: 4), scores.skips[0][4]),
      (Node(layer: 2, component: .skip, position: t), scores.skips[2][t]),
    ]
    if seed == 1 { #expect(scores.heads[0][4][0] == 0 && scores.skips[1][5] == 0) }
    let scale = nodes.map { abs($0.1) }.max() ?? 0
    for (node, score) in nodes {
      let expected = try finiteDifference(node, input, model)
      #expect(abs(score - expected) <= 5e-3 * scale, "\(node.name): \(score), expected \(expected)")
    }
    #expect(scores.hidden[1][1] == 0)
  }

  private func finiteDifference(_ node: Node, _ input: AttributionInput, _ model: Transformer) throws
    -> Double
  {
    let position = try #require(node.position)
    func run(_ alpha: Double, _ interventions: Interventions) throws -> (value: Double, state: [Float]) {
      let batch = TokenBatch(
        ids: input.ids, types: input.types, mask: input.mask, rows: 1, length: input.ids.count)
      let request = ForwardRequest(
        capture: [node.site(in: BlockKind())], quantities: [(0, input.target, input.quantity)],
        interventions: [input.interventions.followed(by: interventions)])
      let result = try model.forward(batch, words: words(alpha, input, model), request, check: {})
      let state = try #require(result.activations[node.site(in: BlockKind())])[0][position].values
      guard case .head(let head) = node.component else { return (result.quantities[0], state) }
      let size = model.configuration.headSize
      return (result.quantities[0], Array(state[head * size..<(head + 1) * size]))
    }
    let change = zip(try run(1, .none).state, try run(0, .none).state).map(-)
    return try Quadrature.gauss.points(3).reduce(0) { sum, point in
      let state = try run(point.alpha, .none).state
      let values = try [0.02, -0.02].map { step in
        let moved = zip(state, change).map { $0 + Float(step) * $1 }
        let replacement = Replacement(node: node, value: .vector(Tensor(shape: [moved.count], moved)))
        return try run(point.alpha, Interventions([replacement])).value
      }
      return sum + point.weight * (values[0] - values[1]) / 0.04
    }
  }

  private func words(_ alpha: Double, _ input: AttributionInput, _ model: Transformer) -> Tensor {
    let table = model.embeddings.words
    let d = model.configuration.hidden
    return Tensor(shape: [1, input.ids.count, d]) { target in
      for (position, id) in input.ids.enumerated() {
        let x = table[Int(id)].values
        var b = [Float](repeating: 0, count: d)
        if case .token(let token) = input.baseline.content { b = table[token].values }
        if input.baseline.keep.contains(position) { b = x }
        for c in 0..<d { target[position * d + c] = b[c] + Float(alpha) * (x[c] - b[c]) }
      }
    }
  }
}
