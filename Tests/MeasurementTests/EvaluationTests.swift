import Transformers
import Faults
import Tensors
import Testing

@testable import Measurement

@Suite struct EvaluationTests {
  static let configuration = TransformerConfiguration(
    layers: 3, hidden: 24, heads: 3, intermediate: 40, vocabulary: 50, maxPositions: 16, padToken: 0,
    labels: ["a", "b", "c"])
  static let model = try! Transformer.random(
    configuration: configuration, seed: 7, words: true, classifier: true, deviation: 0.3)

  static func evaluator(memoryBudget: Int = 1 << 30) -> Evaluator {
    Evaluator(model: model, memoryBudget: memoryBudget, check: {})
  }

  private static func difference(_ a: Int, _ b: Int, _ readout: QuantityOfInterest.Readout = .logit)
    -> QuantityOfInterest
  {
    QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: readout, output: .token(a)),
      .init(coefficient: -1, readout: readout, output: .token(b)),
    ])
  }

  private static func labels(_ a: Int, _ b: Int) -> QuantityOfInterest {
    QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .label(a)),
      .init(coefficient: -1, readout: .logit, output: .label(b)),
    ])
  }

  /// Sentences of 4 to 9 tokens with quantities of every kind, some with interventions of their own.
  static let probes: [Probe] = (0..<14).map { index in
    let length = 4 + index * 5 % 6
    let ids = (0..<length).map { Int32(1 + (index * 31 + $0 * 17) % 49) }
    let types = ids.indices.map { Int32($0 > length / 2 ? 1 : 0) }
    let interventions =
      index % 3 == 0
      ? Interventions([
        Replacement(node: Node(layer: 1, component: .head(index % 3), position: 1), value: .zero)
      ])
      : .none
    switch index % 4 {
    case 0, 1:
      return Probe(
        ids: ids, types: types, target: index % length, quantity: difference(index, index + 20),
        interventions: interventions)
    case 2:
      return Probe(
        ids: ids, types: types, target: 1, quantity: difference(index, index + 20, .probability),
        interventions: interventions)
    default:
      return Probe(
        ids: ids, types: types, target: 0, quantity: labels(0, 1), criteria: [labels(0, 1), labels(0, 2)],
        interventions: interventions)
    }
  }

  /// One run for each probe, from the whole logits.
  private static func slowly(_ probe: Probe, _ extra: [Replacement] = []) throws -> Outcome {
    let request = ForwardRequest(
      wordPositions: [(row: 0, position: probe.target)], classify: true,
      interventions: [probe.interventions.followed(by: Interventions(extra))])
    let tokens = TokenBatch(sequences: [(ids: probe.ids, types: probe.types)], padToken: 0)
    let result = try model.forward(tokens, request, check: {})
    let words = try #require(result.wordLogits)[0]
    let classes = try #require(result.classLogits)[0]
    func value(_ quantity: QuantityOfInterest) -> Double {
      quantity.value(logits: quantity.readsLabels ? classes : words)
    }
    return Outcome(
      value: value(probe.quantity), isCorrect: probe.criteria.allSatisfy { value($0) > 0 })
  }

  @Test func batchesAnswerAsSingleRunsDo() throws {
    let outcomes = try Self.evaluator().outcomes(Self.probes)
    for (probe, outcome) in zip(Self.probes, outcomes) {
      let expected = try Self.slowly(probe)
      #expect(abs(outcome.value - expected.value) < 2e-5)
      #expect(outcome.isCorrect == expected.isCorrect)
    }
  }

  @Test func batchesHoldEveryProbeOnceWithinTheirSize() {
    let batches = ProbeBatch.batches(Self.probes, maximum: 20, padToken: 0)
    #expect(batches.flatMap(\.indices).sorted() == Array(Self.probes.indices))
    #expect(batches.allSatisfy { $0.tokens.ids.count <= 20 })
  }

  static let targets: [Sweep.Target] = [
    Sweep.Target([Node(layer: 2, component: .head(1))]),
    Sweep.Target([Node(layer: 0, component: .head(0)), Node(layer: 0, component: .head(2))]),
    Sweep.Target([Node(layer: nil, component: .embedding, position: 2)]),
    Sweep.Target([Node(layer: 0, component: .block, position: 1)]),
    Sweep.Target([Node(layer: 2, component: .block, position: 0)]),
    Sweep.Target([Node(layer: 1, component: .skip)]),
    Sweep.Target([Node(layer: 1, component: .attention)]),
    Sweep.Target([Node(layer: 2, component: .feedForward)]),
    Sweep.Target([Node(layer: 1, component: .neuron(5)), Node(layer: 2, component: .head(0), position: 3)]),
    Sweep.Target([Node(layer: 1, component: .head(1))]),
  ]

  /// The smaller budget takes the batches in several parts.
  @Test(arguments: [1 << 30, 40_000]) func sweepsEqualARunForEachTarget(_ budget: Int) throws {
    let width = Self.configuration.hidden
    func value(_ node: Node, _ probe: Int) -> Replacement.Value {
      guard probe.isMultiple(of: 2) else { return .zero }
      let count = node.width(in: Self.configuration)
      let values = (0..<count).map { (index: Int) -> Float in Float((index + probe) % 5) / Float(width) }
      return .vector(Tensor(shape: [count], values))
    }
    var (order, base): ([Int], [Outcome]) = ([], [])
    var largest = 0.0
    try Sweep(
      evaluator: Self.evaluator(memoryBudget: budget), probes: Self.probes, targets: Self.targets,
      value: value
    ).run(
      base: { base = $0 },
      finished: { target, outcomes in
        order.append(target)
        for (probe, outcome) in outcomes.enumerated() {
          let replacements = Self.targets[target].nodes.map { Replacement(node: $0, value: value($0, probe)) }
          let expected = try Self.slowly(Self.probes[probe], replacements)
          largest = max(largest, abs(outcome.value - expected.value))
          #expect(outcome.isCorrect == expected.isCorrect)
        }
      })
    #expect(largest < 2e-5)
    #expect(order.sorted() == Array(Self.targets.indices))
    let expected = try Self.probes.map { try Self.slowly($0).value }
    #expect(zip(base, expected).allSatisfy { abs($0.value - $1) < 2e-5 })
  }

  @Test func progressGrowsToOne() throws {
    var shares: [Double] = []
    try Sweep(
      evaluator: Self.evaluator(), probes: Self.probes, targets: Self.targets, value: { _, _ in .zero }
    )
    .run(finished: { _, _ in }, progress: { shares.append($0) })
    #expect(shares == shares.sorted())
    #expect(abs((shares.last ?? 0) - 1) < 1e-12)
  }

  @Test func interruptionEndsASweep() throws {
    let evaluator = Evaluator(model: Self.model, memoryBudget: 1 << 30) { throw Interrupted() }
    let sweep = Sweep(
      evaluator: evaluator, probes: Self.probes, targets: Self.targets, value: { _, _ in .zero })
    #expect(throws: Interrupted.self) { try sweep.run(finished: { _, _ in }) }
  }

  @Test func tooSmallABudgetIsRefused() {
    #expect(throws: MemoryFault.self) {
      try Self.evaluator(memoryBudget: 1000).outcomes(Self.probes)
    }
  }

  @Test func divergenceIsZeroWithoutInterventionsAndPositiveWithThem() throws {
    let divergences = try Self.evaluator().divergences(Self.probes)
    for (probe, divergence) in zip(Self.probes, divergences) {
      if probe.interventions.isEmpty {
        #expect(abs(divergence.kullbackLeibler) < 1e-9)
        #expect(divergence.difference == 0)
      } else {
        #expect(divergence.kullbackLeibler > 1e-6)
        let intact = Probe(
          ids: probe.ids, types: probe.types, target: probe.target, quantity: probe.quantity)
        #expect(abs(divergence.intact.value - (try Self.slowly(intact)).value) < 2e-5)
        #expect(abs(divergence.changed.value - (try Self.slowly(probe)).value) < 2e-5)
      }
    }
  }

  @Test func relativeEntropyOfTwoDistributions() {
    let a = Tensor(shape: [2], [0, 0])
    let b = Tensor(shape: [2], [0, 1])
    // p = (1/2, 1/2), q = (1, e) / (1 + e): log(1/2) - (log q_1 + log q_2) / 2
    #expect(abs(relativeEntropy(a, b) - 0.120114507) < 1e-7)
  }
}
