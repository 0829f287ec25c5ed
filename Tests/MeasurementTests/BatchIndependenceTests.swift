import Attribution
import FamilyFixtures
import Tensors
import Testing
import Transformers

@testable import Measurement

/// What is found of a text is the same bits alone, in a batch, and in another one.
@Suite struct BatchIndependenceTests {
  private static let families = [
    "albert", "bert", "bert_classifier", "distilbert", "electra", "gemma2", "gemma3", "gpt2", "gpt_neo",
    "gpt_neox_parallel", "llama", "modernbert", "qwen3", "roberta",
  ]

  /// One that is wide enough for products of several parts.
  private static func wide() throws -> Transformer {
    let configuration = TransformerConfiguration(
      layers: 2, hidden: 136, heads: 2, intermediate: 520, vocabulary: 1003, maxPositions: 64, padToken: 0)
    return try Transformer.random(
      configuration: configuration, seed: 7, words: true, classifier: false, deviation: 0.1)
  }

  private static func model(_ name: String) throws -> Transformer {
    name.utf8.elementsEqual("wide".utf8) ? try wide() : try FamilyFixture.load(name).model
  }

  private static let lengths = [5, 9, 3, 12, 7, 5]
  /// The whole, a batch in another order, and each alone.
  private static let batches = [[0, 1, 2, 3, 4, 5], [4, 2, 0]] + (0..<6).map { [$0] }

  private func quantity(_ model: Transformer, _ index: Int) -> QuantityOfInterest {
    let outputs =
      model.language == nil
      ? [QuantityOfInterest.Output.label(0), .label(1)] : [.token(2 + index), .token(9)]
    return QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: index == 1 ? .logProbability : .logit, output: outputs[0]),
      .init(coefficient: -1, readout: index == 1 ? .logProbability : .logit, output: outputs[1]),
    ])
  }

  private func inputs(_ model: Transformer) -> [AttributionInput] {
    Self.lengths.enumerated().map { index, length in
      let ids = (0..<length).map { Int32(3 + (index * 5 + $0 * 7) % (model.configuration.vocabulary - 3)) }
      return AttributionInput(
        ids: ids, types: ids.map { _ in 0 },
        target: model.language == nil ? 0 : length - 1 - index % 2, quantity: quantity(model, index),
        baseline: index % 2 == 0 ? Baseline(.token(2), keep: [0]) : Baseline(.zero))
    }
  }

  /// Numbers print as the shortest that read back: equal texts are equal bits.
  private func text(_ value: some Any) -> [UInt8] { Array("\(value)".utf8) }

  private func expectSame(
    _ inputs: [AttributionInput], _ name: String, _ run: ([AttributionInput]) throws -> [some Any]
  ) throws {
    let whole = try run(inputs).map(text)
    for batch in Self.batches {
      let found = try run(batch.map { inputs[$0] }).map(text)
      #expect(zip(batch, found).allSatisfy { whole[$0] == $1 }, "\(name) of \(batch)")
    }
  }

  @Test(arguments: families + ["wide"]) func outcomes(name: String) throws {
    let model = try Self.model(name)
    let evaluator = Evaluator(model: model, memoryBudget: 1 << 30, check: {})
    try expectSame(inputs(model), "outcomes") { inputs in
      try evaluator.outcomes(
        inputs.map { Probe(ids: $0.ids, types: $0.types, target: $0.target, quantity: $0.quantity) })
    }
  }

  /// Rows under replaced nodes, attention cuts or nothing go through the network together.
  @Test(arguments: families + ["wide"]) func intervenedOutcomes(name: String) throws {
    try expectSameOutcomes(try Self.model(name)) { index, input in
      switch index {
      case 0:
        Interventions([
          Replacement(node: Node(layer: 1, component: .head(1)), value: .zero),
          Replacement(node: Node(layer: 0, component: .head(0), position: 2), value: .zero),
        ])
      case 3: .none
      default:
        Interventions(
          cuts: [1, max(1, input.target - 1)].flatMap { read in
            (0..<2).map {
              AttentionCut(AttentionEdge(layer: $0, head: $0, reader: input.target, read: read), by: .zero)
            }
          })
      }
    }
  }

  @Test(arguments: ["gpt2", "gpt_neo", "gpt_neox_parallel", "llama", "modernbert", "qwen3"])
  func outcomesOfPatchedEdges(name: String) throws {
    let model = try Self.model(name)
    let space = try EdgeSpace(model.configuration)
    try expectSameOutcomes(model) { index, input in
      let targets = (0..<space.targetCount).filter { ($0 + index) % 3 > 0 }
      let edges = EdgeSet(targets.map { space.edge(source: 0, target: $0) }, in: space)
      return Interventions(
        edges: EdgePatch(edges, ids: input.ids.map { ($0 + 1) % 20 + 3 }, types: input.types))
    }
  }

  private func expectSameOutcomes(
    _ model: Transformer, _ interventions: (Int, AttributionInput) -> Interventions
  ) throws {
    let evaluator = Evaluator(model: model, memoryBudget: 1 << 30, check: {})
    let plain = inputs(model).map {
      Probe(ids: $0.ids, types: $0.types, target: $0.target, quantity: $0.quantity)
    }
    var probes = plain
    for (index, input) in inputs(model).enumerated() {
      probes[index].interventions = interventions(index, input)
    }
    let whole = try evaluator.outcomes(probes).map(text)
    for batch in Self.batches {
      let found = try evaluator.outcomes(batch.map { probes[$0] }).map(text)
      #expect(zip(batch, found).map { whole[$0] == $1 } == batch.map { _ in true }, "\(batch)")
    }
    let without = try evaluator.outcomes(plain).map(text)
    for (index, probe) in probes.enumerated() where !probe.interventions.isEmpty {
      #expect(whole[index] != without[index], "interventions of \(index) change nothing")
    }
  }

  @Test(arguments: families + ["wide"]) func attributions(name: String) throws {
    let model = try Self.model(name)
    let (attributor, all) = (Attributor(model: model), inputs(model))
    let options = AttributionOptions(points: 5, level: .attention)
    try expectSame(all, "patterns") { try attributor.patterns($0, options: options, check: {}) }
    try expectSame(all, "influence") { try attributor.inputInfluence($0, options: options, check: {}) }
  }

  @Test(arguments: families + ["wide"]) func scores(name: String) throws {
    let model = try Self.model(name)
    let (attributor, all) = (Attributor(model: model), inputs(model))
    let options = AttributionOptions(points: 5)
    let sites = (0..<model.configuration.layers).flatMap { layer in
      [Site.Kind.z, .q, .k, .v, .mlpPost].map { Site($0, layer: layer) }
    }
    func inOrder(_ scores: [SiteScores]) -> [[[[Double]]?]] {
      scores.map { scores in sites.map { scores.values[$0] } }
    }
    try expectSame(all, "patching") {
      inOrder(try attributor.patchingScores(of: Set(sites), $0, check: {}))
    }
    try expectSame(all, "conductance") {
      inOrder(try attributor.conductanceScores(of: Set(sites), $0, options: options, check: {}))
    }
    try expectSame(all, "attention edges") { try attributor.attentionEdgeScores($0, by: .mask, check: {}) }
    guard (try? EdgeSpace(model.configuration)) != nil else { return }
    try expectSame(all, "edges") {
      try attributor.edgeScores($0, isIntegrated: true, options: options, check: {})
    }
  }
}
