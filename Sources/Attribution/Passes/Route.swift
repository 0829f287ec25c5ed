import Transformers
import Faults
import Tensors

/// One node in each row of hidden states: a pattern of ``EmbeddingPattern`` or, with choices, ``AttentionPattern``, with
/// steps ``FeedForwardPattern``, that need not be the result of a search.
public struct Route: Sendable, Hashable {
  /// (L+1) positions: row 0 the word, row L the target.
  public let nodes: [Int]
  /// (L): a head, or -1 for the skip connection; nil when all heads and skip connections are open.
  public let choices: [Int]?
  /// (L): the feed-forward branch or its skip connection, nil where both are open or a parallel block is entered by a head;
  /// nil when all are open.
  public let steps: [FeedForwardPattern.Step?]?

  /// - Precondition: steps come with choices.
  public init(nodes: [Int], choices: [Int]? = nil, steps: [FeedForwardPattern.Step?]? = nil) {
    precondition(steps == nil || choices != nil, "steps of feed-forward branches without heads")
    (self.nodes, self.choices, self.steps) = (nodes, choices, steps)
  }

  /// The hidden state of each row, then with choices the head or skip connection that leads to each, then with steps the
  /// feed-forward branch or its skip connection.
  public var path: [Node] { Node.path(through: nodes.map { [$0] }, choices: choices, steps: steps) }

  /// The same, without what is finer than `level`.
  ///
  /// - Precondition: it goes to the level.
  public func coarsened(to level: PatternLevel) -> Route {
    precondition(level == .embedding || choices != nil, "a pattern without heads")
    precondition(level != .feedForward || steps != nil, "a pattern without feed-forward branches")
    return Route(
      nodes: nodes, choices: level == .embedding ? nil : choices, steps: level == .feedForward ? steps : nil)
  }

  /// The route of a pattern with one node in each row.
  ///
  /// - Precondition: `pattern` has one node in each row, and goes to the level.
  public init(_ pattern: WordPattern, level: PatternLevel) {
    precondition(pattern.embedding.nodes.allSatisfy { $0.count == 1 }, "several nodes in a row")
    precondition(level <= pattern.finestLevel, "a pattern that does not go to the level")
    self.init(
      nodes: pattern.embedding.nodes.map { $0[0] },
      choices: level == .embedding ? nil : pattern.attention?.choices,
      steps: level == .feedForward ? pattern.feedForward?.steps : nil)
  }
}

extension Node {
  /// The nodes of a pattern.
  ///
  /// - Parameters:
  ///   - positions: (L+1) of each row
  ///   - choices: (L): the head, or -1 for the skip connection, that leads to the only position of the next row
  ///   - steps: (L): the feed-forward branch or its skip connection there
  static func path(
    through positions: [[Int]], choices: [Int]?, steps: [FeedForwardPattern.Step?]? = nil
  ) -> [Node] {
    let hidden = positions.enumerated().flatMap { row, own in own.map { Node.hidden(row: row, position: $0) }
    }
    let heads = zip(choices ?? [], positions.dropFirst()).enumerated().map { layer, step in
      step.0 < 0
        ? Node.skip(layer: layer, position: step.1[0])
        : Node.head(layer: layer, head: step.0, position: step.1[0])
    }
    let branches = zip(steps ?? [], positions.dropFirst()).enumerated().compactMap { layer, step in
      step.0.map { Node.feedForward(layer: layer, isSkip: $0 == .skip, position: step.1[0]) }
    }
    return hidden + heads + branches
  }
}

extension Attributor {
  /// The influence of many routes of each input, with their own signs.
  ///
  /// The same as ``influence(of:in:options:check:progress:)`` of the routes as patterns, but a route's tangent lives on one
  /// token, so it costs a token's share of a forward pass instead of a whole one.
  ///
  /// - Parameter routes: for each input
  /// - Throws: `PlaceFault` for nodes that the model or an input does not have, ``AttributionFault`` for one at padding or
  ///   a route that does not end at the target.
  public func influence(
    of routes: [[Route]], in inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [[Double]] {
    precondition(routes.count == inputs.count, "\(routes.count) lists of routes for \(inputs.count) inputs")
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.influence(of: routes))
  }
}

extension Request {
  struct Unit {
    let sentence: Int
    let place: Int
    /// Positions as indices of real tokens.
    let nodes: [Int]
    let choices: [Int]?
    let steps: [FeedForwardPattern.Step?]?
  }

  /// - Parameter counts: how many routes each sentence has
  func influence(_ units: [Unit], counts: [Int], _ parts: [MemoryPlan.Part]) throws -> [[Double]] {
    let progress = Progress(total: parts.count * (layers + 1), report)
    var sums = counts.map { Array(repeating: 0.0, count: $0) }
    for part in parts {
      let layout = layout(part.sentences.map { sentences[$0] }, points[part.points])
      let block = PointBlock(
        model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: [], workspace, check: check)
      try block.forwardOnly(advance: progress.advance)
      let members = Dictionary(uniqueKeysWithValues: zip(part.sentences, part.sentences.indices))
      let own = units.filter { members[$0.sentence] != nil }
      // At a time as many routes as there are tokens, which take about as much memory as a forward pass.
      for kind in [own.filter { $0.choices == nil }, own.filter { $0.choices != nil }] {
        for start in stride(from: 0, to: kind.count, by: layout.tokensPerPoint) {
          let chunk = Array(kind[start..<min(start + layout.tokensPerPoint, kind.count)])
          let values = try influence(chunk, members, block)
          for (unit, value) in zip(chunk, values) { sums[unit.sentence][unit.place] += value }
        }
      }
      progress.advance()
    }
    progress.finish()
    return sums
  }

  /// The influences over the points of a block; all of the routes have choices, or none.
  private func influence(_ units: [Unit], _ members: [Int: Int], _ block: PointBlock) throws -> [Double] {
    let (layout, d) = (block.layout, block.hidden)
    let tangents = CarrierTangents(block)
    let owners = units.map { members[$0.sentence] ?? 0 }
    try tangents.start(zip(units, owners).map { Carrier(sentence: $1, position: $0.nodes[0]) })
    for layer in 0..<layers {
      let tape = try block.tape(layer)
      let moves = units.indices.map {
        Move(sentence: owners[$0], position: units[$0].nodes[layer + 1], sources: [$0])
      }
      var contexts = try tangents.contextTangents(layer, tape, moves)
      if units[0].choices != nil {
        contexts = tangents.restrictedContexts(to: units.map { $0.choices?[layer] ?? -1 })
      }
      let branches = try tangents.branchTangents(
        layer, tape, moves, contexts: contexts, skips: { (units[$0].choices?[layer] ?? -1) < 0 })
      tangents.close(branches, units.map { $0.steps?[layer] ?? nil })
      tangents.join(branches, layer, tape, moves)
    }
    let rows = owners.flatMap { s in (0..<layout.points).map { Int32(layout.row(s, $0)) } }
    let dots = rowDots(
      tangents.tangents, block.targetGradient.base, at: rows, rows: rows.count, heads: 1, headSize: d)
    return units.indices.map { unit in
      (0..<layout.points).reduce(0) { $0 + layout.weights[$1] * Double(dots[unit * layout.points + $1]) }
    }
  }

  func unit(_ route: Route, place: Int, sentence: Int) throws -> Unit {
    let own = sentences[sentence]
    let bounds = PlaceBounds(model.configuration, length: own.paddedLength)
    precondition(
      route.nodes.count == layers + 1 && route.choices?.count ?? layers == layers
        && route.steps?.count ?? layers == layers,
      "a route of \(route.nodes.count) nodes for \(layers) layers")
    let nodes = try route.nodes.map { position in
      try bounds.check(.position, position)
      return try own.token(at: position)
    }
    guard nodes[layers] == own.target else {
      throw AttributionFault.routeMissesTarget(route.nodes[layers], target: own.positions[own.target])
    }
    for head in route.choices ?? [] where head != -1 { try bounds.check(.head, head) }
    let isParallel = model.configuration.blocks.isParallel
    precondition(
      !isParallel || zip(route.choices ?? [], route.steps ?? []).allSatisfy { $0 < 0 || $1 == nil },
      "a head of a parallel block leads past its feed-forward branch")
    return Unit(
      sentence: sentence, place: place, nodes: nodes, choices: route.choices, steps: route.steps)
  }
}
