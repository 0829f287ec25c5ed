import Attribution
import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// Keep-only ablation against the golden cases, which an independent float64 program computed.
@Suite struct AblationTests {
  private struct Golden: Decodable {
    struct Ablation: Decodable {
      let name: String
      let replace: String
      let emb_keep: [[Int]]?
      let head_keep: [[[Int]]]?
      let skip_keep: [[Int]]?
      let logits: [Float]
      let logp: [Double]
      let qoi: Double
      let hidden_sum: [[Double]]

      var mask: KeepMask {
        KeepMask(
          hidden: emb_keep?.map { $0.map { $0 == 1 } },
          heads: head_keep?.map { $0.map { $0.map { $0 == 1 } } },
          skips: skip_keep?.map { $0.map { $0 == 1 } })
      }
    }

    let ids: [Int32]
    let mask: [Int]
    let target: Int
    let pair: [Int]
    let group: String?
    let ablations: [Ablation]?

    var batch: TokenBatch {
      TokenBatch(
        ids: ids, types: ids.map { _ in 0 }, mask: mask.map { $0 == 1 }, rows: 1, length: ids.count)
    }
  }

  private struct GoldenSet {
    let model: Transformer
    let cases: [Golden]
    let isClassifier: Bool

    init(_ name: String) throws {
      let folder = FixtureFiles.model(name)
      let data = try Data(contentsOf: folder.appendingPathComponent("expected.json"))
      model = try AttributionTests.model(in: folder)
      cases = try JSONDecoder().decode([Golden].self, from: data)
      isClassifier = name == "tiny-cls"
    }

    var hidden: [Site] {
      (0..<model.configuration.layers).map { Site(.residPre, layer: $0) }
        + [Site(.residPost, layer: model.configuration.layers - 1)]
    }

    /// Means over group A, per position.
    func means() throws -> NodeMeans {
      let layers = 0..<model.configuration.layers
      let sites = layers.flatMap {
        [Site(.residPre, layer: $0), Site(.residPost, layer: $0), Site(.z, layer: $0)]
      }
      var means = ActivationMeans()
      for golden in cases where golden.group == "A" {
        let request = ForwardRequest(capture: Set(sites + [Site(.embed)]))
        let result = try model.forward(golden.batch, request, check: {})
        means.add(result.activations.mapValues { $0[0] }, length: golden.ids.count)
      }
      return NodeMeans(
        means, of: Set(sites + [Site(.embed)]), in: model.configuration.blocks, scope: .position)
    }
  }

  private static let tolerance = 5e-5

  /// Largest differences found: logits 6e-6, log-probabilities 8e-6, quantities 7e-6, sums of states 2e-6.
  @Test(arguments: ["tiny-mlm", "tiny-cls"]) func masksGiveTheGoldenNumbers(_ name: String) throws {
    let golden = try GoldenSet(name)
    let means = try golden.means()
    var worst: [String: Double] = [:]
    var count = 0
    for sentence in golden.cases {
      for ablation in sentence.ablations ?? [] {
        let interventions =
          ablation.replace == "mean"
          ? ablation.mask.interventions(by: .means(means))
          : ablation.mask.interventions()
        let found = try differences(golden, sentence, ablation, interventions)
        for (what, difference) in found {
          #expect(
            difference <= Self.tolerance, "\(what) of \(ablation.name), \(ablation.replace): \(difference)")
          worst[what] = max(worst[what] ?? 0, difference)
        }
        count += 1
      }
    }
    #expect(count > 30)
    let shown = worst.sorted { $0.key < $1.key }.map { "\($0.key) \(String(format: "%.1e", $0.value))" }
    print("golden ablations \(name): \(shown.joined(separator: ", ")) (\(count) ablations)")
  }

  private func differences(
    _ golden: GoldenSet, _ sentence: Golden, _ ablation: Golden.Ablation, _ interventions: Interventions
  ) throws -> [String: Double] {
    var request = ForwardRequest(
      wordPositions: golden.isClassifier ? [] : [(0, sentence.target)], classify: golden.isClassifier,
      interventions: [interventions])
    let short = try golden.model.forward(sentence.batch, request, check: {})
    request.capture = Set(golden.hidden)
    let whole = try golden.model.forward(sentence.batch, request, check: {})
    let logits = try #require(golden.isClassifier ? short.classLogits : short.wordLogits)[0]
    let outputs = sentence.pair.map {
      golden.isClassifier ? QuantityOfInterest.Output.label($0) : .token($0)
    }
    let logs = outputs.map {
      QuantityOfInterest(terms: [.init(coefficient: 1, readout: .logProbability, output: $0)])
        .value(logits: logits)
    }
    let states = try golden.hidden.flatMap { site in
      let states = try #require(whole.activations[site])[0]
      return (0..<sentence.ids.count).map { states[$0].values.reduce(0.0) { $0 + Double($1) } }
    }
    func largest(_ a: [Double], _ b: [Double]) -> Double {
      a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
    }
    return [
      "logits": largest(
        sentence.pair.map { Double(logits.values[$0]) }, ablation.logits.map(Double.init)),
      "logp": largest(logs, ablation.logp), "qoi": largest([logs[0] - logs[1]], [ablation.qoi]),
      "hidden_sum": largest(states, ablation.hidden_sum.flatMap { $0 }),
    ]
  }

  @Test(arguments: ["tiny-mlm", "tiny-cls"]) func ourPatternsGiveTheGoldenMasks(_ name: String) throws {
    let golden = try GoldenSet(name)
    let inputs = try goldenCases(name).1
    var count = 0
    for (sentence, input) in zip(golden.cases, inputs) {
      guard let ablations = sentence.ablations, !ablations.isEmpty else { continue }
      let found = try #require(
        try Attributor(model: golden.model).patterns(
          [input.input(isClassifier: golden.isClassifier)],
          options: AttributionOptions(points: input.K, words: input.words), check: {}
        ).first)
      for ablation in ablations {
        guard let mask = mask(ablation.name, found, golden.model.configuration, sentence.ids.count) else {
          continue
        }
        let expected = ablation.mask
        #expect(mask.hidden == expected.hidden, "\(ablation.name) of \(input.text)")
        #expect(
          mask.removedNodes.filter { !isHidden($0) } == expected.removedNodes.filter { !isHidden($0) },
          "\(ablation.name) of \(input.text)")
        count += 1
      }
    }
    #expect(count > 15)
  }

  private func isHidden(_ node: Node) -> Bool { node.component == .embedding || node.component == .block }

  /// nil for an ablation that is not of patterns.
  private func mask(
    _ name: String, _ patterns: SentencePatterns, _ configuration: TransformerConfiguration, _ length: Int
  ) -> KeepMask? {
    let strongest = patterns.words.max { abs($0.embedding.influence) < abs($1.embedding.influence) }
    func mask(_ words: [WordPattern], _ level: PatternLevel, _ kept: KeepMask.KeptTarget = .statesAndSkips)
      -> KeepMask
    {
      KeepMask(
        patterns: SentencePatterns(target: patterns.target, inputs: patterns.inputs, words: words),
        level: level, length: length, layers: configuration.layers, heads: configuration.heads,
        keeping: kept)
    }
    return switch name {
    case "embedding patterns of all words": mask(patterns.words, .embedding)
    case "embedding pattern of the strongest word": strongest.map { mask([$0], .embedding) }
    case "embedding patterns, target position not added":
      mask(patterns.words, .embedding, .nothing)
    case "attention patterns of all words": mask(patterns.words, .attention)
    case "attention pattern of the strongest word": strongest.map { mask([$0], .attention) }
    default: nil
    }
  }

  @Test func namedNodesStayAndOthersOfTheirKindGo() throws {
    let model = try GoldenSet("tiny-mlm").model
    let c = model.configuration
    let heads = KeepMask(nodes: [Node(layer: 1, component: .head(2))], length: 5, c).removedNodes
    #expect(heads.count == (c.layers * c.heads - 1) * 5 + c.layers * 5)
    #expect(!heads.contains { $0.component == .head(2) && $0.layer == 1 })
    let states = KeepMask(
      nodes: [
        Node(layer: nil, component: .embedding), Node(layer: 0, component: .block, position: 3),
      ], length: 5, c
    ).removedNodes
    #expect(states.count == c.layers * 5 - 1)
    #expect(states.allSatisfy { $0.component == .block })
    #expect(!states.contains(Node(layer: 0, component: .block, position: 3)))
    #expect(KeepMask(nodes: [], length: 5, c).removedNodes.isEmpty)
    let branches = KeepMask(nodes: [.feedForward(layer: 1, position: 2)], length: 5, c).removedNodes
    #expect(branches.count == 2 * c.layers * 5 - 1)
    #expect(branches.allSatisfy { $0.component.isInFeedForward })
    #expect(!branches.contains(.feedForward(layer: 1, position: 2)))
  }

  @Test func meansOverSequencesOfSeveralLengths() {
    let site = Site(.z, layer: 0)
    var means = ActivationMeans()
    means.add([site: Tensor(shape: [2, 1, 2], [1, 2, 3, 4])], length: 2)
    means.add([site: Tensor(shape: [1, 1, 2], [5, 8])], length: 1)
    #expect(means.perPosition(site) == Tensor(shape: [2, 1, 2], [3, 5, 3, 4]))
    #expect(means.overall(site) == Tensor(shape: [1, 1, 2], [3, Float(14.0 / 3)]))
    #expect(means.length == 2 && means.shortest == 1)
  }

  @Test func baselineWordsAreTheTokenOrZeroOrTheirOwn() throws {
    let model = try GoldenSet("tiny-mlm").model
    let table = model.embeddings.words
    let words = Baseline(.token(4), keep: [1]).words(for: [7, 8, 9], in: model)
    #expect(words[0] == table[4] && words[1] == table[8] && words[2] == table[4])
    let zero = Baseline(.zero, keep: [2]).words(for: [7, 8, 9], in: model)
    #expect(zero[0].values.allSatisfy { $0 == 0 } && zero[2] == table[9])
  }
}
