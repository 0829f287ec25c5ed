import Transformers
import Tensors
import Testing

/// Small enough for the reference, odd enough that no size is a multiple of a vector.
let oddConfiguration = TransformerConfiguration(
  layers: 2, hidden: 30, heads: 3, intermediate: 50, vocabulary: 37, maxPositions: 40, types: 2,
  labels: ["no", "yes", "maybe"])

func randomWeights(_ configuration: TransformerConfiguration = oddConfiguration) throws -> RandomWeights {
  try RandomWeights(configuration: configuration, seed: 7, words: true, classifier: true, deviation: 0.25)
}

func tinyModel(
  _ activation: Activation = .gelu, _ base: TransformerConfiguration = oddConfiguration
) throws -> (Transformer, RandomWeights) {
  var configuration = base
  configuration.activation = activation
  let weights = try randomWeights(configuration)
  return (try Transformer(configuration: configuration, weights: weights), weights)
}

func sequence(_ length: Int, seed: Int = 1) -> (ids: [Int32], types: [Int32]) {
  ((0..<length).map { Int32(($0 * 11 + seed * 5) % 37) }, (0..<length).map { $0 * 2 < length ? 0 : 1 })
}

func maximumDifference(_ a: some Sequence<Float>, _ b: some Sequence<Double>) -> Double {
  zip(a, b).reduce(0) { most, pair in
    // Equal infinities do not differ; NaN differs from everything.
    Double(pair.0) == pair.1
      ? most : pair.0.isNaN || pair.1.isNaN ? .infinity : max(most, abs(Double(pair.0) - pair.1))
  }
}

@Suite struct ForwardTests {
  @Test(arguments: Activation.allCases, [1, 2, 11, 35])
  func everySiteAgreesWithTheReference(_ activation: Activation, _ length: Int) throws {
    let (model, weights) = try tinyModel(activation)
    let (ids, types) = sequence(length)
    let expected = try ReferenceEncoder(configuration: model.configuration, weights: weights)
      .sites(ids: ids, types: types)
    let all = Site.all(in: model.configuration)
    let batch = TokenBatch(sequences: [(ids, types)], padToken: 0)
    let result = try model.forward(batch, ForwardRequest(capture: Set(all)), check: {})
    #expect(result.activations.count == all.count)
    var worst = (difference: 0.0, site: "")
    for site in all {
      let (tensor, reference) = (try #require(result.activations[site]), try #require(expected[site]))
      let difference = maximumDifference(tensor.values, reference)
      #expect(tensor.shape == site.shape(in: model.configuration, rows: 1, length: length))
      #expect(tensor.count == reference.count && difference < 2e-5, "\(site.name): \(difference)")
      if difference > worst.difference { worst = (difference, site.name) }
    }
    print("\(activation) n=\(length): maximum difference \(worst.difference) at \(worst.site)")
  }

  /// Sizes with whole vectors, several query blocks and head widths, in one layer.
  @Test(arguments: [(64, 2, 70), (128, 2, 33), (48, 1, 16)])
  func otherWidthsAgreeWithTheReference(_ hidden: Int, _ heads: Int, _ length: Int) throws {
    let configuration = TransformerConfiguration(
      layers: 1, hidden: hidden, heads: heads, intermediate: 2 * hidden, vocabulary: 37, maxPositions: 80,
      labels: ["a"])
    let (model, weights) = try tinyModel(.gelu, configuration)
    let (ids, types) = sequence(length)
    let expected = try ReferenceEncoder(configuration: configuration, weights: weights)
      .sites(ids: ids, types: types)
    let sites = Site.all(in: configuration)
    let result = try model.forward(
      TokenBatch(sequences: [(ids, types)], padToken: 0), ForwardRequest(capture: Set(sites)), check: {})
    for site in sites {
      let reference = try #require(expected[site])
      let difference = maximumDifference(try #require(result.activations[site]).values, reference)
      // Queries and keys of such widths make scores above 1.
      let size = max(1, reference.lazy.filter(\.isFinite).map(abs).max() ?? 1)
      #expect(difference < 5e-5 * size, "\(site.name): \(difference) of \(size)")
    }
  }

  @Test func wordEmbeddingsCanBeGivenInsteadOfIDs() throws {
    let (model, weights) = try tinyModel()
    let batch = TokenBatch(sequences: [sequence(5), sequence(5, seed: 2)], padToken: 0)
    let table = try weights.tensor(named: "bert.embeddings.word_embeddings.weight")
    let words = Tensor(shape: [2, 5, 30], batch.ids.flatMap { table[Int($0)].values })
    let request = ForwardRequest(capture: [Site(.embed), Site(.residPost, layer: 1)])
    let fromWords = try model.forward(batch, words: words, request, check: {})
    let fromIDs = try model.forward(batch, request, check: {})
    #expect(fromWords.activations == fromIDs.activations)
  }

  @Test func nothingRequestedYieldsNothing() throws {
    let (model, _) = try tinyModel()
    let result = try model.forward(
      TokenBatch(sequences: [sequence(3)], padToken: 0), ForwardRequest(), check: {})
    #expect(result.activations.isEmpty && result.wordLogits == nil && result.classLogits == nil)
  }

  @Test func aNaNStaysInItsRow() throws {
    var weights = try NamedWeights(randomWeights())
    let name = "bert.embeddings.word_embeddings.weight"
    weights.tensors[name]?.withUnsafeMutableBufferPointer { $0[36 * 30] = .nan }
    let model = try Transformer(configuration: oddConfiguration, weights: weights)
    let batch = TokenBatch(sequences: [([1, 36, 3], [0, 0, 0]), ([1, 2, 3], [0, 0, 0])], padToken: 0)
    let site = Site(.residPost, layer: 1)
    let found = try model.forward(batch, ForwardRequest(capture: [site]), check: {})
    let tensor = try #require(found.activations[site])
    #expect(try tensor[0].statistics().nanCount == 90)
    #expect(try tensor[1].statistics().nanCount == 0)
  }
}
