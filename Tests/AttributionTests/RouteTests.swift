import Transformers
import Testing

@testable import Attribution

/// The token-by-token evaluation of routes beside whole masked passes.
@Suite struct RouteTests {
  private static let points = 4

  private static func routes(_ length: Int, _ target: Int, layers: Int, heads: Int) -> [Route] {
    (0..<10).map { index in
      let inner = (1..<layers).map { ($0 * 5 + index * 3 + index / 4) % length }
      let nodes = [index % length] + inner + [target]
      guard index % 2 == 1 else { return Route(nodes: nodes) }
      let choices = zip(nodes, nodes.dropFirst()).enumerated().map { layer, step in
        step.0 == step.1 && (index + layer) % 3 != 0 ? -1 : (index + layer) % heads
      }
      guard index % 4 == 1 else { return Route(nodes: nodes, choices: choices) }
      let steps = (0..<layers).map { layer -> FeedForwardPattern.Step? in
        [.feedForward, .skip, nil][(index / 4 + layer) % 3]
      }
      return Route(nodes: nodes, choices: choices, steps: steps)
    }
  }

  private static func pattern(_ route: Route) -> PathPattern {
    let hidden = route.nodes.enumerated().map { Node.hidden(row: $0, position: $1) }
    let steps = (route.choices ?? []).enumerated().map { layer, choice -> Node in
      let position = route.nodes[layer + 1]
      return choice < 0
        ? .skip(layer: layer, position: position) : .head(layer: layer, head: choice, position: position)
    }
    let branches = (route.steps ?? []).enumerated().compactMap { layer, step in
      step.map { Node.feedForward(layer: layer, isSkip: $0 == .skip, position: route.nodes[layer + 1]) }
    }
    return PathPattern(word: route.nodes[0], nodes: hidden + steps + branches)
  }

  /// Largest difference 1e-6 of the largest influence.
  @Test(arguments: RandomCase.all) func agreesWithMaskedPasses(random: RandomCase) throws {
    let attributor = Attributor(model: try random.model())
    let inputs = [random.input(length: 5), random.input(length: 7, seed: 1)]
    let options = AttributionOptions(points: Self.points, quadrature: random.quadrature)
    let routes = inputs.map { Self.routes($0.ids.count, $0.target, layers: 3, heads: 2) }
    let values = try attributor.influence(of: routes, in: inputs, options: options, check: {})
    for (s, input) in inputs.enumerated() {
      let expected = try attributor.influence(
        of: routes[s].map(Self.pattern), in: input, options: options, check: {})
      let scale = expected.map(abs).max() ?? 0
      #expect(scale > 1e-6)
      for (value, expected) in zip(values[s], expected) { #expect(abs(value - expected) <= 1e-5 * scale) }
    }
  }

  @Test func givesThePatternsThatASearchFinds() throws {
    let random = RandomCase.all[0]
    let attributor = Attributor(model: try random.model())
    let input = random.input(length: 6)
    // Little memory: points and routes come in parts.
    let small = AttributionOptions(points: 9, memoryBudget: 60_000)
    let options = AttributionOptions(points: 9, level: .feedForward)
    let found = try attributor.patterns([input], options: options, check: {})[0]
    let routes = PatternLevel.allCases.flatMap { level in found.words.map { Route($0, level: level) } }
    let values = try attributor.influence(of: [routes], in: [input], options: small, check: {})[0]
    let expected = PatternLevel.allCases.flatMap { level in found.words.compactMap { $0.influence(at: level) }
    }
    #expect(expected.count == routes.count)
    let scale = expected.map(abs).max() ?? 0
    for (value, expected) in zip(values, expected) { #expect(abs(value - expected) <= 1e-5 * scale) }
  }

  @Test func refusesRoutesThatDoNotFit() throws {
    let random = RandomCase.all[0]
    let attributor = Attributor(model: try random.model())
    let input = random.input(length: 5)
    func influence(_ route: Route) throws {
      _ = try attributor.influence(of: [[route]], in: [input], check: {})
    }
    #expect(throws: AttributionFault.routeMissesTarget(1, target: 2)) {
      try influence(Route(nodes: [0, 1, 1, 1]))
    }
    #expect(throws: PlaceFault(place: nil, part: .position, number: 5, count: 5)) {
      try influence(Route(nodes: [0, 5, 1, 2]))
    }
    #expect(throws: PlaceFault(place: nil, part: .head, number: 2, count: 2)) {
      try influence(Route(nodes: [0, 1, 1, 2], choices: [0, -1, 2]))
    }
  }
}
