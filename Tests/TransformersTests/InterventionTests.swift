import Transformers
import Tensors
import Testing

/// A vector that is none of the network's own.
private func vector(_ width: Int, _ seed: Int) -> Tensor {
  Tensor(shape: [width], (0..<width).map { Float(($0 * 7 + seed * 3) % 11 - 5) / 8 })
}

@Suite struct InterventionTests {
  private let sequences = [sequence(7), sequence(12, seed: 4), sequence(12, seed: 5), sequence(3, seed: 2)]

  /// Different ones for each row, of every kind of component.
  private let rows = [
    Interventions([
      Replacement(node: Node(layer: 0, component: .head(1)), value: .zero),
      Replacement(node: Node(layer: 1, component: .block, position: 3), value: .vector(vector(30, 1))),
    ]),
    Interventions.none,
    Interventions([
      Replacement(node: Node(layer: nil, component: .embedding, position: 2), value: .vector(vector(30, 2))),
      Replacement(node: Node(layer: 1, component: .skip), value: .vector(vector(30, 3))),
      Replacement(node: Node(layer: 0, component: .neuron(49)), value: .vector(vector(1, 4))),
    ]),
    Interventions([
      Replacement(node: Node(layer: 0, component: .attention), value: .zero),
      Replacement(node: Node(layer: 1, component: .feedForward, position: 0), value: .vector(vector(30, 5))),
      Replacement(node: Node(layer: 0, component: .block, position: 1), value: .zero),
    ]),
  ]

  private func request(_ sites: Set<Site> = [], rows: Int) -> ForwardRequest {
    ForwardRequest(
      capture: sites, wordPositions: (0..<rows).map { (row: $0, position: 2) }, classify: true)
  }

  private func compare(_ a: Tensor?, _ b: Tensor?, within tolerance: Double = 1e-5) throws -> Double {
    let (a, b) = (try #require(a), try #require(b))
    #expect(a.shape == b.shape)
    let difference = maximumDifference(a.values, b.values.map(Double.init))
    #expect(difference <= tolerance)
    return difference
  }

  /// Largest difference found: 3e-6.
  @Test func aBatchWithOthersInEachRowEqualsSingleRuns() throws {
    let (model, _) = try tinyModel()
    var together = request(rows: 4)
    together.interventions = rows
    let batch = TokenBatch(sequences: sequences, padToken: 0)
    let whole = try model.forward(batch, together, check: {})
    var worst = 0.0
    for row in sequences.indices {
      var alone = request(rows: 1)
      alone.interventions = [rows[row]]
      let single = try model.forward(
        TokenBatch(sequences: [sequences[row]], padToken: 0), alone, check: {})
      worst = max(worst, try compare(whole.wordLogits?[row], single.wordLogits?[0]))
      worst = max(worst, try compare(whole.classLogits?[row], single.classLogits?[0]))
    }
    print("interventions by row against single runs: maximum difference \(worst)")
  }

  @Test func replacedValuesAreWhatIsCaptured() throws {
    let (model, _) = try tinyModel()
    let nodes: [(Node, Int)] = [
      (Node(layer: nil, component: .embedding, position: 2), 30),
      (Node(layer: 0, component: .head(1), position: 2), 10),
      (Node(layer: 0, component: .attention, position: 2), 30),
      (Node(layer: 0, component: .neuron(7), position: 2), 1),
      (Node(layer: 1, component: .feedForward, position: 2), 30),
      (Node(layer: 1, component: .block, position: 2), 30),
    ]
    for (node, width) in nodes {
      let value = vector(width, 6)
      var request = ForwardRequest(capture: [node.site(in: BlockKind())])
      request.interventions = [Interventions([Replacement(node: node, value: .vector(value))])]
      let result = try model.forward(
        TokenBatch(sequences: [sequence(5)], padToken: 0), request, check: {})
      let found = node.values(in: try #require(result.activations[node.site(in: BlockKind())])[0])
      #expect(found.shape == [5, width])
      _ = try compare(found[2], value, within: 1e-6)
      request.interventions = []
      let intact = try model.forward(
        TokenBatch(sequences: [sequence(5)], padToken: 0), request, check: {})
      let own = node.values(in: try #require(intact.activations[node.site(in: BlockKind())])[0])
      #expect(own[2] != value && own[1] == found[1], "\(node.name)")
    }
  }

  @Test func theLaterReplacementWins() throws {
    let (model, _) = try tinyModel()
    let node = Node(layer: 0, component: .head(2))
    let (zero, other) = (
      Replacement(node: node, value: .zero), Replacement(node: node, value: .vector(vector(10, 1)))
    )
    func logits(_ replacements: [Replacement]) throws -> Tensor {
      var request = request(rows: 1)
      request.interventions = [Interventions(replacements)]
      let batch = TokenBatch(sequences: [sequence(6)], padToken: 0)
      return try #require(try model.forward(batch, request, check: {}).wordLogits)
    }
    #expect(try logits([zero, other]) == logits([other]))
    #expect(try logits([other, zero]) == logits([zero]))
    #expect(try logits([zero]) != logits([other]))
    let followed = Interventions([other]).followed(by: Interventions([zero]))
    #expect(followed == Interventions([other, zero]))
  }

  /// A run that takes up the states of another at any layer, with and without its context vectors, is the whole run.
  ///
  /// Largest difference found: 1e-6.
  @Test(arguments: [0, 1, 2], [false, true]) func aResumedRunEqualsTheWhole(_ layer: Int, _ hasContext: Bool)
    throws
  {
    guard layer < 2 || !hasContext else { return }
    let (model, _) = try tinyModel()
    let same = [sequences[1], sequences[2], sequences[1]]
    let states: Set<Site> = [
      layer < 2 ? Site(.residPre, layer: layer) : Site(.residPost, layer: 1), Site(.z, layer: min(layer, 1)),
    ]
    let first = try model.forward(
      TokenBatch(sequences: [sequences[2], sequences[1]], padToken: 0), ForwardRequest(capture: states),
      check: {})
    for acting in [Interventions.none, acting(from: layer, hasContext: hasContext)] {
      var whole = request(rows: 3)
      whole.interventions = [acting, .none, acting]
      let batch = TokenBatch(sequences: same, padToken: 0)
      let expected = try model.forward(batch, whole, check: {})
      var resumed = whole
      resumed.start = ForwardStart(
        layer: layer,
        hidden: try #require(
          first.activations[layer < 2 ? Site(.residPre, layer: layer) : Site(.residPost, layer: 1)]),
        context: hasContext ? first.activations[Site(.z, layer: layer)] : nil, rows: [1, 0, 1])
      for capture in [[], [Site(.residPost, layer: 1)]] as [Set<Site>] {
        resumed.capture = capture
        let found = try model.forward(batch, resumed, check: {})
        _ = try compare(found.wordLogits, expected.wordLogits)
        _ = try compare(found.classLogits, expected.classLogits)
      }
    }
  }

  /// Replacements at nodes that a run from `layer` on applies: of its input too, unless its context vectors, which
  /// depend on it, are given.
  private func acting(from layer: Int, hasContext: Bool) -> Interventions {
    let input =
      layer == 0
      ? Node(layer: nil, component: .embedding, position: 2)
      : Node(layer: layer - 1, component: .block, position: 2)
    var replacements =
      hasContext ? [] : [Replacement(node: input, value: .vector(vector(30, 4)))]
    for later in layer..<2 {
      replacements += [
        Replacement(node: Node(layer: later, component: .head(0)), value: .vector(vector(10, 1))),
        Replacement(node: Node(layer: later, component: .skip, position: 2), value: .zero),
        Replacement(
          node: Node(layer: later, component: .attention, position: 5), value: .vector(vector(30, 2))),
        Replacement(node: Node(layer: later, component: .block, position: 0), value: .vector(vector(30, 7))),
      ]
    }
    return Interventions(replacements)
  }

  /// Quantities of a few logits, read with or without the other logits, under interventions.
  @Test func quantitiesAreThoseOfTheWholeLogits() throws {
    let (model, _) = try tinyModel()
    typealias Term = QuantityOfInterest.Term
    func words(_ readout: QuantityOfInterest.Readout) -> QuantityOfInterest {
      QuantityOfInterest(terms: [
        Term(coefficient: 1, readout: readout, output: .token(3)),
        Term(coefficient: -1, readout: readout, output: .token(8)),
      ])
    }
    let labels = QuantityOfInterest(terms: [Term(coefficient: 2, readout: .logit, output: .label(1))])
    let single = QuantityOfInterest(terms: [
      Term(coefficient: 1, readout: .logProbability, output: .token(3))
    ])
    var request = request(rows: 4)
    request.interventions = rows
    request.quantities = [
      (0, 2, words(.logit)), (1, 2, words(.logProbability)), (2, 2, words(.probability)), (3, 0, labels),
      (3, 2, single), (0, 2, single),
    ]
    let result = try model.forward(
      TokenBatch(sequences: sequences, padToken: 0), request, check: {})
    let (logits, classes) = (try #require(result.wordLogits), try #require(result.classLogits))
    #expect(result.quantities.count == 6)
    for ((row, _, quantity), value) in zip(request.quantities, result.quantities) {
      let expected = quantity.value(logits: quantity.readsLabels ? classes[row] : logits[row])
      #expect(abs(value - expected) < 1e-5, "row \(row): \(value), expected \(expected)")
    }
  }

  @Test(arguments: [
    (Node(layer: 2, component: .block), "L2: layer 2 is out of range 0...1"),
    (Node(layer: 0, component: .head(3)), "L0H3: head 3 is out of range 0...2"),
    (Node(layer: 0, component: .neuron(50)), "L0.mlp[50]: neuron 50 is out of range 0...49"),
    (Node(layer: nil, component: .embedding, position: 5), "embed@5: position 5 is out of range 0...4"),
  ])
  func nodesThatAreNotThereAreRefused(_ node: Node, _ message: String) throws {
    let (model, _) = try tinyModel()
    var request = request(rows: 1)
    request.interventions = [Interventions([Replacement(node: node, value: .zero)])]
    let batch = TokenBatch(sequences: [sequence(5)], padToken: 0)
    let fault = #expect(throws: PlaceFault.self) { try model.forward(batch, request, check: {}) }
    #expect(fault?.message == message)
  }
}
