import FamilyFixtures
import Tensors
import Testing
import Transformers

/// What each family's model gives out, for one sentence and in a batch padded on either side, against transformers.
@Suite struct FamilyOutputTests {
  private static let tolerance = FamilySiteTests.tolerance

  /// What the fixture's kind of model gives out, and of each sentence's real tokens the expected numbers.
  private func output(
    _ model: Transformer, _ fixture: FamilyFixture
  ) throws -> (site: Site, expected: [Tensor]) {
    func both(_ first: Numbers?, _ second: Numbers?) throws -> [Tensor] {
      [try #require(first).tensor, try #require(second).tensor]
    }
    switch fixture.kind {
    case "lm": return (Site(.logits), try both(fixture.logits, fixture.second.logits))
    case "classifier":
      return (Site(.classLogits), try both(fixture.class_logits, fixture.second.class_logits))
    default:
      #expect(fixture.kind == "encoder")
      let last = Site(.residPost, layer: model.configuration.layers - 1)
      return (
        model.configuration.blocks.hasFinalNorm ? Site(.final) : last,
        try both(fixture.states, fixture.second.states)
      )
    }
  }

  @Test(arguments: FamilyFixture.names) func modelsHaveTheHeadsOfTheirClass(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    #expect(model.hasLanguageHead == (fixture.kind == "lm"))
    #expect(model.hasClassifier == (fixture.kind == "classifier"))
    #expect(model.configuration.isCausal == fixture.causal)
    #expect(model.configuration.architectures.map(\.name) == [fixture.architecture])
    #expect(fixture.sites.pooled == nil || model.hasPooler)
  }

  @Test(arguments: FamilyFixture.names) func eachSentenceAlone(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (site, expected) = try output(model, fixture)
    var worst = 0.0
    for (ids, expected) in zip(fixture.ids, expected) {
      let found = try model.forward(single(ids), ForwardRequest(capture: [site]), check: {}).activations[site]
      worst = max(worst, relativeDifference(found?[0], expected))
    }
    print("output \(name): \(site.name) maximum \(worst)")
    #expect(worst <= Self.tolerance)
  }

  /// Both sentences in one batch. Classes are read at the first real token, in causal models at the last.
  @Test(arguments: FamilyFixture.names, Side.allCases) func bothPadded(_ name: String, _ side: Side) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (site, expected) = try output(model, fixture)
    #expect(fixture.second.padding_agrees)
    let batch = padded(fixture.ids, side, with: model.configuration.fillingToken)
    let found = try #require(
      try model.forward(batch, ForwardRequest(capture: [site]), check: {}).activations[site])
    for (row, expected) in expected.enumerated() {
      let gap = fixture.ids[0].count - fixture.ids[row].count
      let start = side == .left ? gap : 0
      let own =
        site.kind == .classLogits
        ? found[row] : try found[row].sliced([.range(start..<start + fixture.ids[row].count), .all])
      let difference = relativeDifference(own, expected)
      #expect(difference <= Self.tolerance, "\(name) padded \(side), sentence \(row): \(difference)")
    }
  }

  /// The last layer runs at the wanted positions alone; capturing everything makes it run whole.
  @Test(arguments: FamilyFixture.names) func wantedPositionsAreThoseOfAWholeRun(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    guard fixture.kind != "encoder" else { return }
    let batch = padded(fixture.ids, .left, with: model.configuration.fillingToken)
    let (site, expected) = try output(model, fixture)
    let isWords = site.kind == .logits
    let gap = fixture.ids[0].count - fixture.ids[1].count
    let places = [(0, 1), (1, gap + fixture.targets[1]), (0, fixture.targets[0]), (0, 1)]
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: isWords ? .token(7) : .label(0)),
      .init(coefficient: -0.5, readout: .logProbability, output: isWords ? .token(3) : .label(1)),
    ])
    var request = ForwardRequest(
      wordPositions: isWords ? places.map { (row: $0.0, position: $0.1) } : [], classify: !isWords,
      quantities: places.map { ($0.0, $0.1, quantity) })
    for whole in [false, true] {
      if whole { request.capture = [Site(.residPost, layer: model.configuration.layers - 1), site] }
      let found = try model.forward(batch, request, check: {})
      for (index, (row, position)) in places.enumerated() {
        let wanted = isWords ? expected[row][position - (row == 1 ? gap : 0)] : expected[row]
        let logits = isWords ? found.wordLogits?[index] : found.classLogits?[row]
        #expect(relativeDifference(logits, wanted) <= Self.tolerance, "\(name) \(row) \(position)")
        let value = quantity.value(logits: wanted)
        #expect(abs(found.quantities[index] - value) <= 2 * Self.tolerance * max(1, abs(value)))
      }
    }
  }

  @Test(arguments: ["gpt2_classifier", "llama_classifier"])
  func causalClassifiersReadTheLastTokenThatIsNoPadding(_ name: String) throws {
    let model = try FamilyFixture.load(name).model
    #expect(model.configuration.padToken == 0)
    #expect(model.configuration.classifiedPosition([5, 6, 7, 8], [false, true, true, false]) == 2)
    #expect(model.configuration.classifiedPosition([5, 6, 7], [true, true, true]) == 2)
    #expect(model.configuration.classifiedPosition([5, 6, 0], [true, true, true]) == 1)
    #expect(model.configuration.classifiedPosition([0, 0, 0, 0], [false, true, true, false]) == 1)
    let encoder = try FamilyFixture.load("bert_classifier").model
    #expect(encoder.configuration.classifiedPosition([5, 0, 7, 8], [false, true, true, false]) == 1)
  }
}
