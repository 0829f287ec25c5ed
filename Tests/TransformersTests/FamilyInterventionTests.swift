import FamilyFixtures
import Tensors
import Testing
import Transformers

/// Replaced activations in blocks of every order, against hooks on transformers' modules in float64.
@Suite struct FamilyInterventionTests {
  @Test func thereAreFixtures() {
    #expect(FamilyFixture.intervened == ["bert", "gemma2", "gpt2", "gpt_neox_parallel", "qwen3"])
    #expect(FamilyFixture.intervened.allSatisfy { FamilyFixture.all[$0]?.interventions?.count == 47 })
  }

  /// With the last layer at the target alone, whole, and in a batch in which another row is left as it is.
  @Test(arguments: FamilyFixture.intervened) func everyKind(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (ids, target) = (fixture.ids[0], fixture.targets[0])
    let last = Site(.residPost, layer: model.configuration.layers - 1)
    let plain = try model.forward(single(ids), ForwardRequest(wordPositions: [(0, target)]), check: {})
    var worst = (difference: 0.0, nodes: "")
    for one in try #require(fixture.interventions) {
      let interventions = Interventions(one.replace.map(\.replacement))
      let nodes = one.replace.map(\.node.name).joined(separator: " ")
      func compare(_ found: Tensor?) {
        let difference = relativeDifference(found, one.logits.tensor)
        #expect(difference <= FamilySiteTests.tolerance, "\(name) \(nodes): \(difference)")
        if difference > worst.difference { worst = (difference, nodes) }
      }
      for sites in [[], [last]] {
        let request = ForwardRequest(
          capture: Set(sites), wordPositions: [(0, target)], interventions: [interventions])
        compare(try model.forward(single(ids), request, check: {}).wordLogits?[0])
      }
      let beside = try model.forward(
        padded([ids, ids], .right, with: 0),
        ForwardRequest(wordPositions: [(0, target), (1, target)], interventions: [.none, interventions]),
        check: {})
      compare(beside.wordLogits?[1])
      #expect(relativeDifference(beside.wordLogits?[0], try #require(plain.wordLogits?[0])) < 1e-5)
    }
    print("interventions \(name): maximum \(worst.difference) at \(worst.nodes)")
  }

  /// A node's own value in its place changes nothing, in every family.
  @Test(arguments: FamilyFixture.full) func ownValuesChangeNothing(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (ids, target, blocks) = (fixture.ids[0], fixture.targets[0], model.configuration.blocks)
    let components: [Node.Component] = [
      .block, .head(1), .skip, .attention, .feedForward, .feedForwardSkip, .neuron(3),
    ]
    let nodes = (0..<model.configuration.layers).flatMap { layer in
      components.map { Node(layer: layer, component: $0) }
    }
    let all = [Node(layer: nil, component: .embedding)] + nodes
    let found = try model.forward(
      single(ids), ForwardRequest(capture: blocks.sites(of: all), wordPositions: [(0, target)]), check: {})
    let expected = try #require(found.wordLogits)
    for node in all {
      let own = node.values(in: try #require(found.activations[node.site(in: blocks)])[0])
      let request = ForwardRequest(
        wordPositions: [(0, target)],
        interventions: [Interventions([Replacement(node: node, value: .positions(own))])])
      let difference = relativeDifference(
        try model.forward(single(ids), request, check: {}).wordLogits, expected)
      #expect(difference < 1e-5, "\(name) \(node.name): \(difference)")
    }
  }
}
