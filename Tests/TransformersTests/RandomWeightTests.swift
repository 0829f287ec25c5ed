import Checkpoints
import FamilyFixtures
import Testing
import Transformers

@Suite struct RandomWeightTests {
  /// Those of a model of each family have the names and shapes of its checkpoint.
  @Test(arguments: FamilyFixture.names) func tensorsAreThoseOfCheckpoints(_ name: String) throws {
    let model = try FamilyFixture.load(name).model
    let path = FamilyFixture.folder.appending(path: name).path
    let checkpoint = try ModelFolder(path: path).checkpoint
    let weights = try RandomWeights(
      configuration: model.configuration, seed: 3, words: model.hasLanguageHead,
      classifier: model.hasClassifier)
    #expect(weights.names.count > 10)
    for tensor in weights.names {
      // Those of a bare model have no prefix.
      let bare = String(tensor.drop { $0 != "." }.dropFirst())
      let shape = checkpoint.shape(of: tensor) ?? checkpoint.shape(of: bare)
      #expect(weights.shape(of: tensor) == shape, "\(tensor)")
    }
    let random = try Transformer(configuration: model.configuration, weights: weights)
    #expect(random.hasLanguageHead == model.hasLanguageHead)
    #expect(random.hasClassifier == model.hasClassifier)
    let (ids, last) = (
      [Int32](arrayLiteral: 5, 6, 7), Site(.residPost, layer: model.configuration.layers - 1)
    )
    let found = try random.forward(single(ids), ForwardRequest(capture: [last]), check: {})
    #expect(try #require(found.activations[last]).values.allSatisfy(\.isFinite))
  }

  @Test func gainsLeaveValuesAsTheyAre() throws {
    for (name, gain) in [("llama", 1 as Float), ("gemma", 0), ("gpt2", 1)] {
      let configuration = try FamilyFixture.load(name).model.configuration
      let weights = try RandomWeights(
        configuration: configuration, seed: 3, words: true, classifier: false, deviation: 0)
      let last = try #require(
        weights.names.first { $0.hasSuffix("ln_f.weight") || $0.hasSuffix("model.norm.weight") })
      #expect(try weights.tensor(named: last).values.allSatisfy { $0 == gain })
    }
  }
}
