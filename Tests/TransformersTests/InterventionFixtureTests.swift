import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// Passes with replaced activations, against hooks on Hugging Face transformers in float64; made by
/// scripts/fixtures/make-intervention-fixtures.py, which describes the fields.
@Suite struct InterventionFixtureTests {
  struct Fixture: Decodable {
    let classifies: Bool
    let ids: [Int32]
    let types: [Int32]
    let target: Int
    let outputs: [Int]?
    let cases: [Case]

    var batch: TokenBatch { TokenBatch(sequences: [(ids, types)], padToken: 0) }
  }

  struct Case: Decodable {
    let replacements: [Edit]
    let logits: [Float]
    let state_sums: [Float]
  }

  struct Edit: Decodable {
    let component: String
    let layer: Int?
    let index: Int?
    let position: Int?
    let value: Int?

    func replacement(_ configuration: TransformerConfiguration, length: Int) throws -> Replacement {
      let node = Node(layer: layer, component: try node(), position: position)
      guard let value else { return Replacement(node: node, value: .zero) }
      let width = node.width(in: configuration)
      if value >= 0 { return Replacement(node: node, value: .vector(vector(value, width))) }
      let rows = (0..<length).flatMap { vector($0 - value, width).values }
      return Replacement(node: node, value: .positions(Tensor(shape: [length, width], rows)))
    }

    private func node() throws -> Node.Component {
      switch component {
      case "embedding": .embedding
      case "block": .block
      case "head": .head(try #require(index))
      case "skip": .skip
      case "attention": .attention
      case "feedForward": .feedForward
      default: .neuron(try #require(component == "neuron" ? index : nil))
      }
    }

    private func vector(_ k: Int, _ width: Int) -> Tensor {
      Tensor(shape: [width], (0..<width).map { Float((7 * $0 + 3 * k) % 11 - 5) / 8 })
    }
  }

  static func fixture(_ name: String) throws -> (model: Transformer, fixture: Fixture) {
    let file = FixtureFiles.folder.appending(path: "interventions/\(name).json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    return (try loadFixtureModel(name.replacingOccurrences(of: "-classifier", with: "")), fixture)
  }

  static let names = ["demo", "demo-classifier", "gelu-pytorch-tanh", "relu", "three-classes"]

  /// Largest differences found: 8e-6 for the embedded model, 2e-6 for the small ones.
  @Test(arguments: names) func everyComponentAndCombination(of name: String) throws {
    let (model, fixture) = try Self.fixture(name)
    var differences = Differences()
    for expected in fixture.cases {
      let result = try run(model, fixture, expected)
      let logits = try #require(fixture.classifies ? result.classLogits : result.wordLogits)[0].values
      differences.add("logits", fixture.outputs.map { $0.map { logits[$0] } } ?? logits, expected.logits)
    }
    print(differences.report("interventions-\(name)"), terminator: "")
    #expect(fixture.cases.count == 72)
    #expect(try #require(differences.maxima["logits"]) <= FixtureTests.tolerance)
  }

  /// The last layer whole. Largest differences of the sums over hidden components found: 2.1e-5 for the embedded model,
  /// 2e-6 for the small ones.
  @Test(arguments: names) func lastStates(of name: String) throws {
    let (model, fixture) = try Self.fixture(name)
    var differences = Differences()
    let last = Site(.residPost, layer: model.configuration.layers - 1)
    for expected in fixture.cases {
      let result = try run(model, fixture, expected, capturing: [last])
      let states = try #require(result.activations[last])[0]
      let sums = (0..<fixture.ids.count).map { states[$0].values.reduce(0.0) { $0 + Double($1) } }
      differences.add("state_sums", sums.map { Float($0) }, expected.state_sums)
    }
    print(differences.report("interventions-\(name)"), terminator: "")
    #expect(try #require(differences.maxima["state_sums"]) <= FixtureTests.tolerance)
  }

  private func run(
    _ model: Transformer, _ fixture: Fixture, _ expected: Case, capturing sites: Set<Site> = []
  ) throws -> ForwardResult {
    let edits = try expected.replacements.map {
      try $0.replacement(model.configuration, length: fixture.ids.count)
    }
    let request = ForwardRequest(
      capture: sites, wordPositions: fixture.classifies ? [] : [(0, fixture.target)],
      classify: fixture.classifies, interventions: [Interventions(edits)])
    return try model.forward(fixture.batch, request, check: {})
  }
}
