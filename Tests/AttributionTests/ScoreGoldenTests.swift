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
    "distilbert", "gpt2", "gpt_neo", "gpt_neox", "gpt_neox_parallel", "llama", "modernbert", "qwen2", "roberta",
  ]
  static let preNorm = names.filter { $0 != "distilbert" && $0 != "roberta" }

  private func load(_ name: String) throws -> (Attributor, Fixture) {
    let file = FixtureFiles.folder.appending(path: "attribution/scores/\(name).json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    return (Attributor(model: try model(in: FixtureFiles.folder.appending(path: "families/\(name)"))), fixture)
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
        worst = max(worst, abs(found - value) / largest)
      }
    }
    return worst
  }

  private func difference(_ scores: EdgeScores, _ expected: [String: Double]) -> Double {
    let largest = expected.values.map(abs).max() ?? 1
    return expected.reduce(0) { worst, entry in
      let found = ResidualEdge(name: entry.key).flatMap { scores[$0] } ?? .infinity
      return max(worst, abs(found - entry.value) / largest)
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
}
