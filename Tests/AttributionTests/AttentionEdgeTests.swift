import Attribution
import FixtureFiles
import Foundation
import Testing
import Transformers

/// Attention edges: cut in forward passes, in derivatives, and their scores.
@Suite struct AttentionEdgeTests {
  struct Cut: Decodable {
    let edges: [String]
    let by: String
    let value: Double
  }

  private struct Cuts: Decodable { let attention_edges: [Cut] }

  private func load(_ name: String) throws -> (Attributor, AttributionInput, [Cut]) {
    let file = FixtureFiles.folder.appending(path: "attribution/scores/\(name).json")
    let data = try Data(contentsOf: file)
    let fixture = try JSONDecoder().decode(ScoreGoldenTests.Fixture.self, from: data)
    let model = try model(in: FixtureFiles.folder.appending(path: "families/\(name)"))
    let cuts = try JSONDecoder().decode(Cuts.self, from: data).attention_edges
    return (Attributor(model: model), fixture.input, cuts)
  }

  private func quantity(_ model: Transformer, _ input: AttributionInput, _ cuts: [AttentionCut]) throws -> Double {
    let batch = TokenBatch(sequences: [(ids: input.ids, types: input.types)], padToken: 0)
    let request = ForwardRequest(
      quantities: [(0, input.target, input.quantity)], interventions: [Interventions(cuts: cuts)])
    return try model.forward(batch, request, check: {}).quantities[0]
  }

  /// Against hooks on transformers' softmaxes in float64.
  @Test(arguments: ScoreGoldenTests.names) func cutEdgesAgree(_ name: String) throws {
    let (attributor, input, cuts) = try load(name)
    #expect(cuts.count == 10)
    var worst = 0.0
    for cut in cuts {
      let mode = try #require(AttentionCut.Mode(rawValue: cut.by))
      let edges = try cut.edges.map { AttentionCut(try #require(AttentionEdge(name: $0)), by: mode) }
      worst = max(worst, abs(try quantity(attributor.model, input, edges) - cut.value))
      guard mode == .mask else { continue }
      var masked = input
      masked.interventions = Interventions(cuts: edges)
      let found = try attributor.inputInfluence(
        [masked], options: AttributionOptions(points: 3), check: {})[0]
      worst = max(worst, abs(found.quantity - cut.value))
    }
    print("\(name): attention edges \(worst)")
    #expect(worst < 5e-5)
  }

  /// Under masked edges influences add up to the change of the quantity, and patterns' steps to what they carry.
  @Test(arguments: ScoreGoldenTests.names) func influencesUnderMasksAreExact(_ name: String) throws {
    var (attributor, input, cuts) = try load(name)
    let edges = try #require(cuts.last { $0.by == "mask" }?.edges).compactMap(AttentionEdge.init)
    input.interventions = Interventions(cuts: edges.map { AttentionCut($0, by: .mask) })
    let options = AttributionOptions(points: 160, quadrature: .gauss)
    let found = try attributor.patterns([input], options: options, check: {})[0]
    let scale = found.inputs.influence.map(abs).max() ?? 1
    let sum = found.inputs.influence.reduce(0, +)
    let change = found.inputs.quantity - found.inputs.quantityAtBaseline
    #expect(abs(sum - change) < 1e-4 * scale, "\(name): \(sum) of \(change)")
    var worst = 0.0
    for word in found.words {
      var carried = Double(word.sign) * word.influence
      for (row, step) in word.embedding.steps.enumerated() {
        worst = max(worst, abs(step.reduce(0) { $0 + Double($1) } - carried) / scale)
        carried = Double(step[word.embedding.nodes[row + 1][0]])
      }
      guard let attention = word.attention else { continue }
      for (layer, heads) in attention.heads.enumerated() {
        let through = heads.reduce(Double(attention.skips[layer])) { $0 + Double($1) }
        worst = max(worst, abs(through - carried) / scale)
        carried = Double(word.sign) * attention.values[layer]
      }
    }
    print("\(name): influences under masks, completeness \(abs(sum - change) / scale), steps \(worst)")
    #expect(worst < 5e-5)
  }

  @Test func zeroedEdgesHaveNoDerivatives() throws {
    var (attributor, input, _) = try load("gpt2")
    let edge = AttentionEdge(layer: 0, head: 1, reader: 5, read: 2)
    input.interventions = Interventions(cuts: [AttentionCut(edge, by: .zero)])
    #expect(throws: AttentionEdgeFault.zeroedHasNoDerivatives("L0H1@5<-2")) {
      try attributor.inputInfluence([input], check: {})
    }
  }

  /// Scores are derivatives: what cutting an edge by a small part changes, from the contexts that the cut gives.
  @Test(arguments: ScoreGoldenTests.names, AttentionCut.Mode.allCases)
  func scoresAreDifferentialQuotients(_ name: String, _ mode: AttentionCut.Mode) throws {
    let (attributor, input, _) = try load(name)
    let (model, c) = (attributor.model, attributor.model.configuration)
    let scores = try attributor.attentionEdgeScores([input], by: mode, check: {})[0]
    let largest = allEdges(c, length: input.ids.count).map { abs(scores[$0]) }.filter(\.isFinite).max() ?? 1
    var (worst, count) = (0.0, 0)
    for edge in allEdges(c, length: input.ids.count).enumerated().filter({ $0.offset % 41 == 0 }).map(\.element) {
      guard scores[edge].isFinite else { continue }
      let quotient = try quotient(model, input, edge, mode)
      worst = max(worst, abs(quotient - scores[edge]) / largest)
      count += 1
    }
    print("\(name) \(mode): \(count) differential quotients, worst \(worst)")
    #expect(count > 10 && worst < 5e-3)
  }

  /// To first order the scores are the cuts' effects; small random models are little linear where their weights are large.
  @Test(arguments: ScoreGoldenTests.names, AttentionCut.Mode.allCases)
  func scoresCorrelateWithEffects(_ name: String, _ mode: AttentionCut.Mode) throws {
    let (attributor, input, _) = try load(name)
    let (model, c) = (attributor.model, attributor.model.configuration)
    let scores = try attributor.attentionEdgeScores([input], by: mode, check: {})[0]
    let clean = try quantity(model, input, [])
    let edges = allEdges(c, length: input.ids.count).enumerated()
      .filter { $0.offset % 13 == 0 && scores[$0.element].isFinite }.map(\.element)
    let effects = try edges.map { clean - (try quantity(model, input, [AttentionCut($0, by: mode)])) }
    let own = edges.map { scores[$0] }
    let means = (own.reduce(0, +) / Double(own.count), effects.reduce(0, +) / Double(own.count))
    let (x, y) = (own.map { $0 - means.0 }, effects.map { $0 - means.1 })
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let correlation = product(x, y) / (product(x, x) * product(y, y)).squareRoot()
    // Small effects are nearly linear: there signs agree.
    let small = zip(own, effects).filter { abs($0.0) < 0.02 * largest(own) && abs($0.0) > 1e-4 * largest(own) }
    let agreeing = small.count { ($0.0 > 0) == ($0.1 > 0) }
    print("\(name) \(mode): signs \(agreeing) of \(small.count), correlation of \(edges.count) scores with effects \(correlation)")
    #expect(correlation > (["gpt_neo", "qwen2"].contains(name) ? 0.2 : 0.7))
    #expect(agreeing * 4 > small.count * 3)
  }

  private func largest(_ values: [Double]) -> Double { values.map(abs).max() ?? 0 }

  private func allEdges(_ c: TransformerConfiguration, length: Int) -> [AttentionEdge] {
    (0..<c.layers).flatMap { layer in
      (0..<c.heads).flatMap { head in
        (0..<length).flatMap { reader in
          c.blocks.mask(layer).keys(of: reader, length: length).map {
            AttentionEdge(layer: layer, head: head, reader: reader, read: $0)
          }
        }
      }
    }
  }

  /// (Q(z + h (z - z')) - Q(z - h (z - z'))) / 2h with z' the head's context at the reader when the edge is cut.
  private func quotient(
    _ model: Transformer, _ input: AttributionInput, _ edge: AttentionEdge, _ mode: AttentionCut.Mode
  ) throws -> Double {
    let batch = TokenBatch(sequences: [(ids: input.ids, types: input.types)], padToken: 0)
    let node = Node(layer: edge.layer, component: .head(edge.head), position: edge.reader)
    func context(_ cuts: [AttentionCut]) throws -> [Float] {
      let site = Site(.z, layer: edge.layer)
      let found = try model.forward(
        batch, ForwardRequest(capture: [site], interventions: [Interventions(cuts: cuts)]), check: {})
      return node.values(in: try #require(found.activations[site])[0])[edge.reader].values
    }
    let (own, without) = (try context([]), try context([AttentionCut(edge, by: mode)]))
    func value(_ step: Float) throws -> Double {
      let moved = zip(own, without).map { $0 + step * ($0 - $1) }
      let replacement = Replacement(node: node, value: .vector(.init(shape: [moved.count], moved)))
      let request = ForwardRequest(
        quantities: [(0, input.target, input.quantity)], interventions: [Interventions([replacement])])
      return try model.forward(batch, request, check: {}).quantities[0]
    }
    let step: Float = 0.1
    return (try value(step) - value(-step)) / Double(2 * step)
  }
}
