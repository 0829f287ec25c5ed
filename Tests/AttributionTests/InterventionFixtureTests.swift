import Attribution
import Transformers
import FixtureFiles
import Foundation
import Tensors
import Testing

/// The embedded model under interventions against `scripts/fixtures/make-intervened-influence-fixtures.py`: Hugging Face's model with
/// hooks, differentiated by autograd in float64. The largest difference is 2.7e-6 of the largest input influence.
@Suite struct InterventionFixtureTests {
  private struct Fixture: Decodable {
    struct Replaced: Decodable {
      let node: String
      let layer: Int?
      let index: Int?
      let position: Int?
      let value: Double
    }

    struct Case: Decodable {
      let replacements: [Replaced]
      let quantity: Double
      let quantity_at_baseline: Double
      let influence: [Double]
    }

    let ids: [Int32]
    let mask_id: Int
    let target: Int
    let pair: [Int]
    let points: Int
    let cases: [Case]
  }

  private func component(_ replaced: Fixture.Replaced) throws -> Node.Component {
    switch replaced.node {
    case "head": .head(try #require(replaced.index))
    case "neuron": .neuron(try #require(replaced.index))
    case "query": .query(try #require(replaced.index))
    case "key": .key(try #require(replaced.index))
    case "value": .value(try #require(replaced.index))
    default:
      try #require(
        [
          "embedding": .embedding, "block": .block, "skip": .skip, "attention": .attention,
          "feedForward": .feedForward,
        ][replaced.node])
    }
  }

  /// A value s other than 0 stands for sin(s + i) / 2.
  private func replacement(
    _ replaced: Fixture.Replaced, _ configuration: TransformerConfiguration
  ) throws -> Replacement {
    let node = Node(
      layer: replaced.layer, component: try component(replaced), position: replaced.position)
    if replaced.value == 0 { return Replacement(node: node, value: .zero) }
    let values = (0..<node.width(in: configuration)).map { Float(sin(replaced.value + Double($0)) / 2) }
    return Replacement(node: node, value: .vector(Tensor(shape: [values.count], values)))
  }

  /// All cases as one batch.
  @Test func agreesWithAutograd() throws {
    let file = FixtureFiles.folder.appending(path: "attribution/interventions.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    let model = try model(in: FixtureFiles.demo)
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .token(fixture.pair[0])),
      .init(coefficient: -1, readout: .logit, output: .token(fixture.pair[1])),
    ])
    let inputs = try fixture.cases.map { given in
      AttributionInput(
        ids: fixture.ids, types: Array(repeating: 0, count: fixture.ids.count), target: fixture.target,
        quantity: quantity, baseline: Baseline(.token(fixture.mask_id)),
        interventions: Interventions(
          try given.replacements.map { try replacement($0, model.configuration) }))
    }
    let found = try Attributor(model: model).inputInfluence(
      inputs, options: AttributionOptions(points: fixture.points), check: {})
    var worst = 0.0
    for (found, expected) in zip(found, fixture.cases) {
      let scale = expected.influence.map(abs).max() ?? 0
      worst = max(worst, abs(found.quantity - expected.quantity) / scale)
      worst = max(worst, abs(found.quantityAtBaseline - expected.quantity_at_baseline) / scale)
      #expect(found.influence.count == expected.influence.count)
      for (a, b) in zip(found.influence, expected.influence) { worst = max(worst, abs(a - b) / scale) }
    }
    #expect(found.count == fixture.cases.count && worst < 1e-4, "\(worst)")
    print("demo under interventions: \(worst)")
  }
}
