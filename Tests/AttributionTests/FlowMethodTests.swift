import Attribution
import FixtureFiles
import Foundation
import Tensors
import Testing
import Transformers

/// ALTI, information flow routes and DecompX against `scripts/fixtures/make-flow-method-fixtures.py`: transformers in float64.
@Suite struct FlowMethodTests {
  struct Fixture: Decodable {
    /// [part, from, to, importance]
    struct Edge: Decodable {
      let name: String
      let from: Int
      let to: Int
      let importance: Double

      init(from decoder: any Decoder) throws {
        var container = try decoder.unkeyedContainer()
        name = try container.decode(String.self)
        (from, to) = (try container.decode(Int.self), try container.decode(Int.self))
        importance = try container.decode(Double.self)
      }
    }

    let model: String
    let ids: [Int32]
    let target: Int
    let alti: [[[Double]]]?
    let alti_rollout: [[Double]]?
    let decompx: [[[Double]]]?
    let ifr: [[[Double]]]?
    let ifr_rollout: [[Double]]?
    let edges: [Edge]?

    static func read() throws -> [Fixture] {
      let file = FixtureFiles.folder.appending(path: "attribution/flow-methods.json")
      return try JSONDecoder().decode([Fixture].self, from: Data(contentsOf: file))
    }

    func analysis(_ method: FlowMethod, interventions: Interventions = .none) throws -> FlowAnalysis {
      let folder =
        model == "demo" ? FixtureFiles.demo : FixtureFiles.folder.appending(path: "families/\(model)")
      let input = FlowInput(
        ids: ids, types: ids.map { _ in 0 }, target: target, interventions: interventions)
      return try FlowAnalyzer(model: try AttributionTests.model(in: folder)).analyze(
        input, options: FlowOptions(method: method), check: {})
    }
  }

  private func difference(_ a: [[Double]], _ b: [[Double]]) -> Double {
    guard a.map(\.count) == b.map(\.count) else { return .infinity }
    return zip(a.joined(), b.joined()).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test func alti() throws {
    let fixtures = try Fixture.read().filter { $0.alti != nil }
    #expect(fixtures.map(\.model) == ["roberta", "distilbert", "demo"])
    for fixture in fixtures {
      let found = try fixture.analysis(.alti)
      let worst = max(
        difference(found.rows, (fixture.alti ?? []).flatMap { $0 }),
        difference(found.layers, fixture.alti_rollout ?? []))
      #expect(worst < 2e-5)
      print("alti of \(fixture.model): \(worst)")
    }
  }

  @Test func decompX() throws {
    for fixture in try Fixture.read() where fixture.decompx != nil {
      let found = try fixture.analysis(.decompx)
      let expected = fixture.decompx ?? []
      let worst = difference(found.rows, expected.flatMap { $0 })
      #expect(worst < 2e-5)
      #expect(difference(found.layers, expected.map { $0[fixture.target] }) < 2e-5)
      print("decompx of \(fixture.model): \(worst)")
    }
  }

  @Test func routes() throws {
    let fixtures = try Fixture.read().filter { $0.ifr != nil }
    #expect(fixtures.map(\.model) == ["gpt2", "gpt_neo", "gpt_neox", "llama", "qwen2"])
    for fixture in fixtures {
      let (found, expected) = (try fixture.analysis(.ifr), fixture.edges ?? [])
      var worst = max(
        difference(found.rows, (fixture.ifr ?? []).flatMap { $0 }),
        difference(found.layers, fixture.ifr_rollout ?? []))
      #expect(found.routes.count == expected.count)
      for (edge, other) in zip(found.routes, expected) {
        let name = Node(layer: edge.layer, component: edge.component).name
        #expect(name == other.name && edge.from == other.from && edge.to == other.to)
        worst = max(worst, abs(edge.importance - other.importance))
      }
      #expect(worst < 2e-5)
      print("ifr of \(fixture.model): \(worst), \(expected.count) edges")
    }
  }

  /// The parts of a state add up to 1 on the way back from the target.
  @Test func sharesAddUp() throws {
    for fixture in try Fixture.read() {
      for method in [FlowMethod.alti, .ifr, .decompx] {
        guard let found = try? fixture.analysis(method) else { continue }
        for layer in found.layers { #expect(abs(layer.reduce(0, +) - 1) < 1e-6) }
      }
    }
  }

  /// What is replaced comes from no token; a replaced state has no way back.
  @Test func interventions() throws {
    let fixture = try #require(try Fixture.read().first { $0.model == "gpt2" })
    let head = Interventions([Replacement(node: Node(layer: 1, component: .head(0)), value: .zero)])
    let changed = try fixture.analysis(.ifr, interventions: head)
    #expect(!changed.routes.contains { $0.layer == 1 && $0.component == .head(0) })
    let last = Interventions([
      Replacement(node: .hidden(row: 3, position: fixture.target), value: .zero)
    ])
    let closed = try fixture.analysis(.ifr, interventions: last)
    #expect(closed.routes.isEmpty && closed.scores.allSatisfy { $0 == 0 })
    let encoder = try #require(try Fixture.read().first { $0.model == "roberta" })
    #expect(throws: AttributionFault.self) { try encoder.analysis(.decompx, interventions: head) }
  }

  @Test func refusals() throws {
    let fixtures = try Fixture.read()
    for (name, methods) in [("roberta", [FlowMethod.ifr]), ("gpt2", [.alti, .decompx])] {
      let fixture = try #require(fixtures.first { $0.model == name })
      for method in methods {
        let fault = #expect(throws: AttributionFault.self) { try fixture.analysis(method) }
        #expect(fault?.code == "flow-undefined" && fault?.remedy != nil)
      }
    }
    for family in ["gpt_neox_parallel", "gemma2"] {
      let model = try model(in: FixtureFiles.folder.appending(path: "families/\(family)"))
      let input = FlowInput(ids: [1, 2, 3], types: [0, 0, 0], target: 2)
      #expect(throws: AttributionFault.self) {
        try FlowAnalyzer(model: model).analyze(input, options: FlowOptions(method: .ifr), check: {})
      }
    }
  }

  @Test func smallBudget() throws {
    let model = try model(in: FixtureFiles.demo)
    let input = FlowInput(ids: [1, 2, 3], types: [0, 0, 0], target: 2)
    let fault = #expect(throws: AttributionFault.self) {
      try FlowAnalyzer(model: model).analyze(
        input, options: FlowOptions(method: .decompx, memoryBudget: 1000), check: {})
    }
    #expect(fault?.code == "memory-budget-too-small")
  }
}
