import Attribution
import FixtureFiles
import Foundation
import Testing
import Transformers

/// Scores, exact edges and circuits against the oracle on transformers' own modules in float64.
@Suite struct ScoreGoldenTests {
  struct Integrated: Decodable {
    let points: Int
    let rule: String?
    let scores: [String: [Double]]
  }

  struct IntegratedEdges: Decodable {
    let rule: String
    let points: Int
    let scores: [String: Double]
  }

  struct Edges: Decodable {
    let edges: [String]
    let value: Double
  }

  struct Fixture: Decodable {
    let ids: [Int32]
    let counterfactual: [Int32]
    let target: Int
    let correct: Int
    let wrong: Int?
    let clean: Double
    let corrupt: Double
    let atp: [String: [Double]]
    let ig: Integrated
    let relp: [String: [Double]]?
    let relp_attention: [String: [Double]]?
    let eap: [String: Double]?
    let eap_ig: [IntegratedEdges]?
    let exact_edges: [Edges]?
    let circuit: Edges?
    let lens: [[[Double]]]?
    let contributions: [String: Double]?

    var input: AttributionInput {
      let terms = [(id: correct, coefficient: 1.0)] + (wrong.map { [(id: $0, coefficient: -1.0)] } ?? [])
      let quantity = QuantityOfInterest(
        terms: terms.map { .init(coefficient: $0.coefficient, readout: .logit, output: .token($0.id)) })
      return AttributionInput(
        ids: ids, types: ids.map { _ in 0 }, target: target, quantity: quantity,
        baseline: Baseline(.tokens(counterfactual)))
    }
  }

  static let names = [
    "distilbert", "gpt2", "gpt_neo", "gpt_neox", "gpt_neox_parallel", "llama", "modernbert", "qwen2",
    "roberta",
  ]
  static let preNorm = names.filter { $0 != "distilbert" && $0 != "roberta" }

  private func load(_ name: String) throws -> (Attributor, Fixture) {
    let file = FixtureFiles.folder.appending(path: "attribution/scores/\(name).json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    return (
      Attributor(model: try model(in: FixtureFiles.folder.appending(path: "families/\(name)"))), fixture
    )
  }

  private func sites(_ model: Transformer, _ kinds: [Site.Kind]) -> Set<Site> {
    Set(kinds.flatMap { kind in (0..<model.configuration.layers).map { Site(kind, layer: $0) } })
  }

  /// The largest difference, of the largest value.
  private func difference(
    _ scores: SiteScores, _ expected: [String: [Double]], _ model: Transformer
  ) -> Double {
    let largest = expected.values.flatMap { $0.map(abs) }.max() ?? 1
    var worst = 0.0
    for (name, values) in expected {
      guard let source = ResidualEdge.Source(name: name) else { return .infinity }
      let node: Node
      switch source {
      case .head(let layer, let head): node = Node(layer: layer, component: .head(head))
      case .feedForward(let layer): node = Node(layer: layer, component: .feedForward)
      case .embedding: return .infinity
      }
      for (position, value) in values.enumerated() {
        let own = Node(layer: node.layer, component: node.component, position: position)
        let found = scores.score(of: own, in: model.configuration.blocks) ?? .infinity
        worst = found.isNaN ? .infinity : max(worst, abs(found - value) / largest)
      }
    }
    return worst
  }

  private func difference(_ scores: EdgeScores, _ expected: [String: Double]) -> Double {
    let largest = expected.values.map(abs).max() ?? 1
    return expected.reduce(0) { worst, entry in
      let found = ResidualEdge(name: entry.key).flatMap { scores[$0] } ?? .infinity
      return found.isNaN ? .infinity : max(worst, abs(found - entry.value) / largest)
    }
  }

  @Test(arguments: names)
  func scoresOfNodesAgree(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let model = attributor.model
    let sites = sites(model, [.z, .mlpOut])
    let plain = try attributor.patchingScores(of: sites, [fixture.input], check: {})[0]
    var found = ["atp": difference(plain, fixture.atp, model)]
    let integrated = try attributor.conductanceScores(
      of: sites, [fixture.input], options: AttributionOptions(points: fixture.ig.points), check: {})[0]
    found["ig"] = difference(integrated, fixture.ig.scores, model)
    for (key, expected, holds) in [
      ("relp", fixture.relp, false), ("relp attention", fixture.relp_attention, true),
    ] {
      guard let expected else { continue }
      let scores = try attributor.patchingScores(
        of: sites, [fixture.input], rule: .relevance(holdsAttention: holds), check: {})[0]
      found[key] = difference(scores, expected, model)
    }
    print("\(name): \(found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
    for (key, value) in found { #expect(value < 1e-4, "\(key)") }
  }

  @Test(arguments: preNorm)
  func edgesAgree(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let space = try EdgeSpace(attributor.model.configuration)
    #expect(space.edgeCount == fixture.eap?.count)
    let plain = try attributor.edgeScores([fixture.input], isIntegrated: false, check: {})[0]
    var found = ["eap": difference(plain, try #require(fixture.eap))]
    for expected in try #require(fixture.eap_ig) {
      let options = AttributionOptions(
        points: expected.points, quadrature: try #require(Quadrature(rawValue: expected.rule)))
      let scores = try attributor.edgeScores([fixture.input], isIntegrated: true, options: options, check: {})
      found["eap-ig \(expected.rule)"] = difference(scores[0], expected.scores)
    }
    let exact = try #require(fixture.exact_edges)
    let sets = try exact.map { one in
      EdgeSet(try one.edges.map { try #require(ResidualEdge(name: $0)) }, in: space)
    }
    let circuit = try #require(fixture.circuit)
    let kept = EdgeSet(try circuit.edges.map { try #require(ResidualEdge(name: $0)) }, in: space)
    let all = [EdgeSet(space), EdgeSet(space).complement, kept.complement]
    let values = try attributor.quantities(of: fixture.input, withEdges: sets + all, check: {})
    let wanted = exact.map(\.value) + [fixture.clean, fixture.corrupt, circuit.value]
    found["exact"] = zip(values, wanted).map { abs($0 - $1) }.max()
    print("\(name): \(found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
    for (key, value) in found { #expect(value < (key == "exact" ? 5e-5 : 1e-4), "\(key)") }
  }

  @Test(arguments: preNorm)
  func lensAgrees(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let input = fixture.input
    let found = try attributor.model.lens(
      ids: input.ids, types: input.types, quantity: input.quantity, check: {}
    ).run()
    let expected = try #require(fixture.lens)
    #expect(found.count == expected.count)
    let largest = expected.joined().map { abs($0[0]) }.max() ?? 1
    var worst = 0.0
    for (found, expected) in zip(found.joined(), expected.joined()) {
      worst = max(worst, abs(try #require(found.quantity) - expected[0]) / largest)
      worst = max(worst, abs(found.probability - expected[2]))
      #expect(found.token == Int(expected[1]))
    }
    print("\(name): lens \(worst)")
    #expect(worst < 1e-4)
  }

  @Test(arguments: preNorm)
  func contributionsAgree(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let input = fixture.input
    let plan = {
      try attributor.model.contributions(
        to: input.quantity, at: input.target, ids: input.ids, types: input.types, withNeurons: true, check: {}
      )
    }
    guard let expected = fixture.contributions else {
      #expect(throws: ContributionFault.self) { try plan() }
      return
    }
    let found = try plan().run()
    var named: [String: Double] = [
      "embed": found.embedding, "biases": found.biases, "norm and head": found.head,
    ]
    for layer in found.heads.indices {
      for (head, value) in found.heads[layer].enumerated() { named["L\(layer)H\(head)"] = value }
      named["L\(layer).mlp"] = found.feedForwards[layer]
    }
    #expect(Set(named.keys) == Set(expected.keys))
    let largest = expected.values.map(abs).max() ?? 1
    let worst = expected.map { abs(($0.value) - (named[$0.key] ?? .infinity)) / largest }.max() ?? 0
    print("\(name): contributions \(worst), sum \(abs(found.sum - found.quantity))")
    #expect(worst < 1e-4)
    #expect(abs(found.sum - fixture.clean) < 5e-5)
    // Where the last product has no bias its neurons make the branch.
    for layer in found.neurons.indices where name == "llama" || name == "qwen2" {
      #expect(abs(found.feedForwards[layer] - found.neurons[layer].reduce(0, +)) / largest < 1e-5)
    }
  }

  /// The embedded decoder: scores, exact edges, greedy circuits, what layers say.
  @Test func theEmbeddedDecoderAgrees() throws {
    struct Decoder: Decodable {
      let ids: [Int32], counterfactual_ids: [Int32]
      let target: Int, correct: Int, wrong: Int
      let qoi: Double, corrupt: Double
      let atp: [String: [Double]], relp: [String: [Double]]
      let edges: Int
      let eap_top: [String: Double], eap_ig_left5_top: [String: Double], exact_edges: [String: Double]
      let circuits: [String: Double]
      let lens: [[Double]]
      let contributions: [String: Double]
    }
    let file = FixtureFiles.folder.appending(path: "golden/demo-gpt2.json")
    let cases = try JSONDecoder().decode([Decoder].self, from: Data(contentsOf: file))
    let attributor = Attributor(model: try model(in: FixtureFiles.model("demo-gpt2")))
    let model = attributor.model
    let space = try EdgeSpace(model.configuration)
    var worst: [String: Double] = [:]
    func note(_ what: String, _ difference: Double) { worst[what] = max(worst[what] ?? 0, difference) }
    for one in cases {
      let terms: [QuantityOfInterest.Term] = [(one.correct, 1.0), (one.wrong, -1.0)].map {
        .init(coefficient: $0.1, readout: .logit, output: .token($0.0))
      }
      let input = AttributionInput(
        ids: one.ids, types: one.ids.map { _ in 0 }, target: one.target,
        quantity: QuantityOfInterest(terms: terms), baseline: Baseline(.tokens(one.counterfactual_ids)))
      let sites = sites(model, [.z, .mlpOut])
      note("atp", difference(try attributor.patchingScores(of: sites, [input], check: {})[0], one.atp, model))
      let relevance = try attributor.patchingScores(
        of: sites, [input], rule: .relevance(holdsAttention: false), check: {})[0]
      note("relp", difference(relevance, one.relp, model))
      let eap = try attributor.edgeScores([input], isIntegrated: false, check: {})[0]
      note("eap", difference(eap, one.eap_top))
      let options = AttributionOptions(points: 5, quadrature: .left)
      let integrated = try attributor.edgeScores([input], isIntegrated: true, options: options, check: {})[0]
      note("eap-ig", difference(integrated, one.eap_ig_left5_top))
      #expect(space.edgeCount == one.edges)
      let exact = one.exact_edges.sorted { $0.key < $1.key }
      let sets = try exact.map { EdgeSet([try #require(ResidualEdge(name: $0.key))], in: space) }
      let circuits = one.circuits.sorted { $0.key < $1.key }
      let kept = try circuits.map { circuit in
        // The N of the largest score, connected or not.
        let best = integrated.list.sorted { abs($0.score) > abs($1.score) }
        return EdgeSet(best.prefix(try #require(Int(circuit.key))).map(\.edge), in: space).complement
      }
      let values = try attributor.quantities(of: input, withEdges: sets + kept, check: {})
      for (value, wanted) in zip(values, exact.map(\.value) + circuits.map(\.value)) {
        note("exact", abs(value - wanted))
      }
      let lens = try model.lens(ids: input.ids, types: input.types, quantity: input.quantity, check: {}).run()
      for (row, wanted) in zip(lens, one.lens) {
        let reading = row[one.target]
        note("lens", abs((reading.quantity ?? .infinity) - wanted[0]))
        #expect(reading.token == Int(wanted[1]))
        note("lens", abs(reading.probability - wanted[2]))
      }
      let parts = try model.contributions(
        to: input.quantity, at: one.target, ids: input.ids, types: input.types, check: {}
      ).run()
      for (layer, heads) in parts.heads.enumerated() {
        for (head, value) in heads.enumerated() {
          note("contributions", abs(value - (one.contributions["L\(layer)H\(head)"] ?? .infinity)))
        }
      }
      note("contributions", abs(parts.sum - one.qoi))
    }
    print("demo-gpt2: \(worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
    for (key, value) in worst { #expect(value < 1e-4, "\(key)") }
  }

  /// Edges patched by an intervention give what the scores' own runs give; nothing patched changes nothing.
  @Test(arguments: preNorm)
  func patchedEdgesActInForwardPasses(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let model = attributor.model
    let circuit = try #require(fixture.circuit)
    let space = try EdgeSpace(model.configuration)
    let kept = EdgeSet(try circuit.edges.map { try #require(ResidualEdge(name: $0)) }, in: space)
    let types = fixture.ids.map { _ in Int32(0) }
    let batch = TokenBatch(
      sequences: Array(repeating: (ids: fixture.ids, types: types), count: 3) + [
        (ids: [5, 6, 7], types: [0, 0, 0])
      ],
      padToken: 0)
    func patch(_ edges: EdgeSet) -> Interventions {
      Interventions(edges: EdgePatch(edges, ids: fixture.counterfactual, types: types))
    }
    let request = ForwardRequest(
      wordPositions: [(3, 2)], quantities: (0..<3).map { ($0, fixture.target, fixture.input.quantity) },
      interventions: [patch(kept.complement), .none, patch(EdgeSet(space).complement), .none])
    let result = try model.forward(batch, request, check: {})
    for (value, wanted) in zip(result.quantities, [circuit.value, fixture.clean, fixture.corrupt]) {
      #expect(abs(value - wanted) < 5e-5)
    }
    let alone = try model.forward(
      TokenBatch(sequences: [(ids: [5, 6, 7], types: [0, 0, 0])], padToken: 0),
      ForwardRequest(wordPositions: [(0, 2)]), check: {})
    let difference = zip(try #require(result.wordLogits).values, try #require(alone.wordLogits).values).map {
      abs($0 - $1)
    }.max()
    #expect(try #require(difference) < 1e-4)
    #expect(throws: EdgeFault.noActivations) {
      try model.forward(
        batch, ForwardRequest(capture: [Site(.embed)], interventions: request.interventions), check: {})
    }
  }

  /// Greedy choice against the rule taken at its word: again and again the best edge into what is kept; and what is left of the
  /// best of all when edges that lead nowhere go.
  @Test(arguments: ["gpt2", "gpt_neox_parallel", "qwen2"])
  func choicesOfEdgesFollowTheirRules(_ name: String) throws {
    let (attributor, fixture) = try load(name)
    let scores = try attributor.edgeScores([fixture.input], isIntegrated: false, check: {})[0]
    func part(_ target: ResidualEdge.Target) -> ResidualEdge.Source? {
      switch target {
      case .query(let layer, let head), .key(let layer, let head), .value(let layer, let head):
        .head(layer: layer, head: head)
      case .feedForward(let layer): .feedForward(layer: layer)
      case .output: nil
      }
    }
    for count in [1, 7, 40] {
      var kept: [ResidualEdge] = []
      while kept.count < count {
        let read = Set(kept.map(\.source))
        let open = scores.list.filter { entry in
          !kept.contains(entry.edge) && part(entry.edge.target).map(read.contains) ?? true
        }
        guard let best = open.max(by: { abs($0.score) < abs($1.score) }) else { break }
        kept.append(best.edge)
      }
      #expect(Set(scores.best(count, by: .greedy).edges) == Set(kept))
      let least = abs(try #require(kept.first.flatMap { scores[$0] })) / 4
      let above = scores.best(.max, atLeast: least, by: .greedy).edges
      #expect(!above.isEmpty && above.allSatisfy { abs(scores[$0] ?? 0) >= least })
      var top = Set(scores.list.sorted { abs($0.score) > abs($1.score) }.prefix(count).map(\.edge))
      while true {
        let (fed, read) = (Set(top.compactMap { part($0.target) }), Set(top.map(\.source)))
        let left = top.filter { edge in
          (edge.source == .embedding || fed.contains(edge.source))
            && part(edge.target).map(read.contains) ?? true
        }
        if left == top { break }
        top = left
      }
      #expect(Set(scores.best(count, by: .top).edges) == top)
    }
  }

  @Test func setsOfEdgesAreNamed() throws {
    let space = try EdgeSpace(try load("gpt2").0.model.configuration)
    #expect(space.edges(named: "L2H* -> out")?.map(\.name) == (0..<4).map { "L2H\($0) -> out" })
    #expect(space.edges(named: "embed -> L*.mlp")?.count == 3)
    #expect(space.edges(named: "L0-1H1-2 -> L2H0.q")?.count == 4)
    #expect(space.edges(named: "L2H0 -> L1H0.q") == [])
    #expect(space.edges(named: "L2H* - out") == nil && space.edges(named: "L2Hx -> out") == nil)
  }
}
