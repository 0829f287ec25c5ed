import Attribution
import FamilyFixtures
import Testing
import Transformers

/// What no path leads through, since it is replaced, is never chosen where another path is left.
@Suite struct ReplacedPathTests {
  private static let names = ["bert", "gpt2", "mistral", "modernbert", "gpt_neox_parallel", "gemma2"]

  /// Which nodes are replaced, and which steps from row to row that leaves.
  private struct Closed {
    let nodes: Set<Node>
    let configuration: TransformerConfiguration
    let length: Int

    func has(_ component: Node.Component, _ layer: Int?, _ position: Int) -> Bool {
      nodes.contains(Node(layer: layer, component: component))
        || nodes.contains(Node(layer: layer, component: component, position: position))
    }

    private func closesBranches(_ layer: Int, _ to: Int) -> Bool {
      has(.feedForward, layer, to) && has(.feedForwardSkip, layer, to)
    }

    func takes(head: Int, _ layer: Int, _ to: Int) -> Bool {
      !has(.head(head), layer, to) && !has(.attention, layer, to)
    }

    func takesSkip(_ layer: Int, _ to: Int) -> Bool {
      !has(.skip, layer, to) && !(configuration.blocks.isParallel && closesBranches(layer, to))
    }

    func leads(_ layer: Int, _ from: Int, _ to: Int) -> Bool {
      let isParallel = configuration.blocks.isParallel
      guard !has(.block, layer, to), isParallel || !closesBranches(layer, to) else { return false }
      let reads = configuration.blocks.mask(layer).keys(of: to, length: length).contains(from)
      let heads = (0..<configuration.heads).contains { takes(head: $0, layer, to) }
      return reads && heads || from == to && takesSkip(layer, to)
    }

    /// (L+1, n)
    func leading(to target: Int) -> [[Bool]] {
      var rows = [(0..<length).map { $0 == target }]
      for layer in (0..<configuration.layers).reversed() {
        let next = rows[0]
        rows.insert(
          (0..<length).map { from in (0..<length).contains { next[$0] && leads(layer, from, $0) } }, at: 0)
      }
      return rows
    }
  }

  private static func replaced(_ c: TransformerConfiguration, _ target: Int, _ length: Int) -> [[Node]] {
    func node(_ layer: Int, _ component: Node.Component, _ position: Int? = nil) -> Node {
      Node(layer: layer, component: component, position: position)
    }
    let (last, heads) = (c.layers - 1, 0..<c.heads)
    let others = (0..<length).filter { $0 != target }
    return [
      [node(0, .block, 0)],
      others.map { node(0, .block, $0) },
      heads.map { node(0, .head($0), target) },
      [node(0, .skip)],
      heads.dropFirst().map { node(last, .head($0)) } + [node(last, .skip)],
      [node(0, .attention)],
      [node(last, .attention, target)],
      others.flatMap { [node(0, .feedForward, $0), node(0, .feedForwardSkip, $0)] },
      [node(0, .feedForwardSkip), node(last, .feedForward)],
      [Node(layer: nil, component: .embedding, position: 1), node(0, .block, 1)],
      [node(0, .block)],
    ]
  }

  @Test(arguments: names) func chosenNodesAreOnPaths(_ name: String) throws {
    let model = try FamilyFixture.load(name).model
    var input = try #require(try familyCases(in: FamilyFixture.folder.appending(path: name)).first).input
    let (c, length, target) = (model.configuration, input.ids.count, input.target)
    var checked = 0
    for nodes in Self.replaced(c, target, length) {
      input.interventions = Interventions(nodes.map { Replacement(node: $0, value: .zero) })
      let closed = Closed(nodes: Set(nodes), configuration: c, length: length)
      for (kept, beam) in [(1, 1), (2, 1), (length, 1), (1, 3), (1, 30)] {
        let options = AttributionOptions(points: 3, kept: kept, beam: beam, level: .feedForward)
        for word in try Attributor(model: model).patterns([input], options: options, check: {})[0].words {
          checked += expectPath(word, closed, closed.leading(to: target), "\(nodes.map(\.name))") ? 1 : 0
        }
      }
    }
    #expect(checked > 100)
  }

  /// Whether a path is left for the word; all values are 0 where none is.
  private func expectPath(
    _ word: WordPattern, _ closed: Closed, _ leading: [[Bool]], _ nodes: String
  ) -> Bool {
    guard leading[0][word.position], !closed.has(.embedding, nil, word.position) else {
      #expect(word.influence == 0 && word.embedding.steps.allSatisfy { $0.allSatisfy { $0 == 0 } })
      return false
    }
    let rows = word.embedding.nodes
    for (layer, (from, to)) in zip(rows, rows.dropFirst()).enumerated() {
      for node in to {
        #expect(
          leading[layer + 1][node] && from.contains { closed.leads(layer, $0, node) },
          "\(nodes): \(node) in row \(layer + 1) of word \(word.position)")
      }
    }
    for (layer, choice) in (word.attention?.choices ?? []).enumerated() {
      let to = rows[layer + 1][0]
      #expect(
        choice < 0
          ? rows[layer][0] == to && closed.takesSkip(layer, to) : closed.takes(head: choice, layer, to),
        "\(nodes): \(choice) in layer \(layer) of word \(word.position)")
    }
    for (layer, step) in (word.feedForward?.steps ?? []).enumerated() {
      guard let step else { continue }
      #expect(
        !closed.has(step == .skip ? .feedForwardSkip : .feedForward, layer, rows[layer + 1][0]),
        "\(nodes): \(step) in layer \(layer) of word \(word.position)")
    }
    return true
  }
}
