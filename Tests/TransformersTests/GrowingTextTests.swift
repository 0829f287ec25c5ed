import FamilyFixtures
import Faults
import Tensors
import Testing
import Transformers

/// Texts that grow token by token beside passes over the whole text.
@Suite struct GrowingTextTests {
  static let causal = FamilyFixture.names.filter {
    FamilyFixture.all[$0].map { $0.causal && $0.kind == "lm" } ?? false
  }

  private func begin(
    _ model: Transformer, _ ids: [Int32], capacity: Int, _ interventions: Interventions = .none
  ) throws -> (text: GrowingText, logits: Tensor) {
    try GrowingText.plan(model, ids: ids, capacity: capacity, interventions: interventions, check: {}).run()
  }

  /// Logits behind the last of some tokens, by a pass over all of them.
  private func whole(
    _ model: Transformer, _ ids: [Int32], _ interventions: Interventions = .none
  ) throws -> Tensor {
    let request = ForwardRequest(wordPositions: [(0, ids.count - 1)], interventions: [interventions])
    return try #require(try model.forward(single(ids), request, check: {}).wordLogits)[0]
  }

  @Test func everyCausalFamilyIsThere() {
    let families = Set(Self.causal.compactMap { FamilyFixture.all[$0]?.architecture })
    #expect(families.count >= 10, "\(families)")
  }

  /// Each number of tokens that run together, against transformers.
  @Test(arguments: causal) func logitsAreThoseOfTransformers(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    var worst = 0.0
    for (ids, numbers) in zip(fixture.ids, [fixture.logits, fixture.second.logits]) {
      let expected = try #require(numbers).tensor
      for first in 1...ids.count {
        var (text, logits) = try begin(model, Array(ids[..<first]), capacity: ids.count)
        for position in first - 1..<ids.count {
          if position >= first { logits = try text.append(ids[position], check: {}) }
          worst = max(worst, relativeDifference(logits, expected[position]))
        }
        #expect(text.length == ids.count)
      }
    }
    print("grown \(name): maximum \(worst)")
    #expect(worst <= FamilySiteTests.tolerance)
  }

  /// Through windows and up to the last position that the model has, or far.
  @Test(arguments: causal) func everyStepIsAWholePass(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let vocabulary = Int32(model.configuration.vocabulary)
    let count = min(model.configuration.maxPositions, 48)
    let ids = (0..<Int32(count)).map { ($0 * $0 * 7 + 3) % vocabulary }
    var (text, logits) = try begin(model, Array(ids[..<3]), capacity: count)
    var worst = relativeDifference(logits, try whole(model, Array(ids[..<3])))
    for position in 3..<count {
      logits = try text.append(ids[position], check: {})
      worst = max(worst, relativeDifference(logits, try whole(model, Array(ids[...position]))))
    }
    print("grown far \(name), \(fixture.architecture): maximum \(worst)")
    #expect(worst <= 2e-5)
  }

  /// Hooks on transformers' modules.
  @Test(arguments: FamilyFixture.intervened.filter(causal.contains))
  func interventionsAreThoseOfTransformers(_ name: String) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (ids, target) = (fixture.ids[0], fixture.targets[0])
    var worst = 0.0
    for one in try #require(fixture.interventions) {
      let interventions = Interventions(one.replace.map(\.replacement))
      for first in [1, max(1, target / 2), target + 1] {
        var (text, logits) = try begin(model, Array(ids[..<first]), capacity: ids.count, interventions)
        for id in ids[first..<max(first, target + 1)] { logits = try text.append(id, check: {}) }
        worst = max(worst, relativeDifference(logits, one.logits.tensor))
      }
    }
    print("grown under interventions \(name): maximum \(worst)")
    #expect(worst <= FamilySiteTests.tolerance)
  }

  /// Those at all positions act on tokens that come, those at one when it is there; later ones win.
  @Test(arguments: causal) func interventionsActOnEveryStep(_ name: String) throws {
    let (model, _) = try FamilyFixture.load(name)
    let (c, last) = (model.configuration, model.configuration.layers - 1)
    func vector(_ width: Int, _ value: Float) -> Replacement.Value {
      .vector(Tensor(shape: [width], (0..<width).map { value * Float($0 % 3 - 1) }))
    }
    let interventions = Interventions([
      Replacement(node: .head(layer: 0, head: 1), value: vector(c.headSize, 0.3)),
      Replacement(node: .head(layer: 0, head: 1, position: 6), value: .zero),
      Replacement(node: Node(layer: last, component: .neuron(3)), value: vector(1, -2)),
      Replacement(node: .skip(layer: last, position: 5), value: vector(c.hidden, 0.1)),
      Replacement(node: .feedForward(layer: 0, position: 7), value: .zero),
      Replacement(node: .feedForward(layer: 0, isSkip: true, position: 8), value: vector(c.hidden, 0.2)),
      Replacement(node: Node(layer: nil, component: .embedding, position: 4), value: vector(c.hidden, 0.5)),
      Replacement(node: Node(layer: last, component: .attention, position: 9), value: .zero),
      Replacement(node: .hidden(row: 1, position: 9), value: vector(c.hidden, 0.4)),
      Replacement(node: .head(layer: 0, head: 1, position: 1), value: vector(c.headSize, 1)),
      Replacement(node: Node(layer: 0, component: .key(0), position: 2), value: vector(c.headSize, 0.6)),
      Replacement(node: Node(layer: 0, component: .value(0), position: 4), value: .zero),
      Replacement(node: Node(layer: last, component: .query(1)), value: vector(c.headSize, 0.7)),
      Replacement(node: Node(layer: last, component: .key(0), position: 10), value: vector(c.headSize, 0.8)),
    ])
    let ids = (0..<11).map { Int32($0 * 5 + 2) % Int32(c.vocabulary) }
    var (text, logits) = try begin(model, Array(ids[..<3]), capacity: ids.count, interventions)
    for position in 3..<ids.count {
      logits = try text.append(ids[position], check: {})
      // A pass over fewer tokens has no later positions.
      let own = Interventions(
        interventions.replacements.filter { ($0.node.position ?? 0) <= position })
      let difference = relativeDifference(logits, try whole(model, Array(ids[...position]), own))
      #expect(difference <= 2e-5, "\(name) at \(position): \(difference)")
    }
  }

  @Test func anInterruptedStepLeavesTheText() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let ids = fixture.ids[0]
    let (text, _) = try begin(model, Array(ids[..<2]), capacity: ids.count)
    let looks = Looks(most: 5)
    #expect(throws: Interrupted.self) { try text.append(ids[2], check: { try looks.look() }) }
    #expect(text.length == 2)
    let logits = try text.append(ids[2], check: {})
    #expect(relativeDifference(logits, try whole(model, Array(ids[...2]))) <= 2e-5)
  }

  @Test func whatTheModelCannotTakeIsAFault() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let (ids, most) = (fixture.ids[0], model.configuration.maxPositions)
    #expect(throws: TransformerFault.self) {
      _ = try GrowingText.plan(model, ids: ids, capacity: most + 1, check: {})
    }
    let (text, _) = try begin(model, ids, capacity: ids.count + 1)
    #expect(throws: TransformerFault.self) {
      _ = try text.append(Int32(model.configuration.vocabulary), check: {})
    }
    let bare = try FamilyFixture.load("gpt2_encoder").model
    #expect(throws: TransformerFault.self) {
      _ = try GrowingText.plan(bare, ids: ids, capacity: ids.count, check: {})
    }
  }
}

/// A user who stops a computation when it has looked so often.
private final class Looks: @unchecked Sendable {
  private var left: Int

  init(most: Int) { left = most }

  func look() throws {
    left -= 1
    if left == 0 { throw Interrupted() }
  }
}
