import Encoders
import Tensors
import Testing

/// Small enough for the reference, odd enough that no size is a multiple of a vector.
let oddConfiguration = BertConfiguration(
  layers: 2, hidden: 30, heads: 3, intermediate: 50, vocabulary: 37, maxPositions: 40, types: 2,
  labels: ["no", "yes", "maybe"])

func tinyModel(
  _ activation: Activation = .gelu, _ base: BertConfiguration = oddConfiguration
) throws -> (BertModel, RandomWeights) {
  var configuration = base
  configuration.activation = activation
  let weights = RandomWeights(
    configuration: configuration, seed: 7, maskedLM: true, classifier: true, deviation: 0.25)
  return (try BertModel(configuration: configuration, weights: weights), weights)
}

func sequence(_ length: Int, seed: Int = 1) -> (ids: [Int32], types: [Int32]) {
  ((0..<length).map { Int32(($0 * 11 + seed * 5) % 37) }, (0..<length).map { $0 * 2 < length ? 0 : 1 })
}

func maximumDifference(_ a: Tensor, _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a.values, b).reduce(0) { most, pair in
    pair.1.isNaN || pair.0.isNaN ? .infinity : max(most, abs(Double(pair.0) - pair.1))
  }
}

@Suite struct ForwardTests {
  @Test(arguments: Activation.allCases, [1, 2, 11, 35])
  func everySiteAgreesWithTheReference(_ activation: Activation, _ length: Int) throws {
    let (model, weights) = try tinyModel(activation)
    let (ids, types) = sequence(length)
    let expected = try ReferenceEncoder(configuration: model.configuration, weights: weights)
      .sites(ids: ids, types: types)
    let batch = TokenBatch(sequences: [(ids, types)], padToken: 0)
    let all = Site.all(in: model.configuration)
    let result = try model.forward(batch, ForwardRequest(capture: Set(all)), check: {})
    var worst = (difference: 0.0, site: "")
    for site in all {
      let tensor = try #require(result.activations[site])
      let difference = maximumDifference(tensor, try #require(expected[site]))
      #expect(tensor.shape == site.shape(in: model.configuration, rows: 1, length: length))
      #expect(difference < 2e-5, "\(site.name)")
      if difference > worst.difference { worst = (difference, site.name) }
    }
    print("\(activation) n=\(length): maximum difference \(worst.difference) at \(worst.site)")
  }
}
