import Attribution
import Transformers

/// Other patterns of a word than the one a search found, some at a time.
struct RouteSampler {
  let word: Int
  let target: Int
  /// n, L, A
  let length: Int
  let layers: Int
  let heads: Int
  let level: PatternLevel
  /// (L): what each position reads, and whether heads lead past the feed-forward branches.
  let masks: [AttentionMask]
  let isParallel: Bool
  private let reach: PathReach

  init(
    word: Int, target: Int, length: Int, heads: Int, level: PatternLevel, masks: [AttentionMask],
    isParallel: Bool = false
  ) {
    (self.word, self.target, self.length, self.heads) = (word, target, length, heads)
    (layers, self.level, self.masks, self.isParallel) = (masks.count, level, masks, isParallel)
    reach = PathReach(to: target, masks: masks, places: Array(0..<length))
  }

  /// All patterns when there are at most `count`, else `count` random ones: nodes of rows 1 ... L-1 drawn one after the other,
  /// uniformly of those that read the one before and lead to the target; then at the attention level one of the heads, or the
  /// skip connection where the pattern stays; then at the third the feed-forward branch or the skip connection beside it.
  ///
  /// None for a word that no path leads from.
  func routes(_ count: Int, _ generator: SplitMix64) -> RouteIterator {
    RouteIterator(self, random: self.count > Double(count) ? count : nil, generator)
  }

  /// How many patterns there are; exact up to 2^53.
  var count: Double {
    var ways = (0..<length).map { $0 == word ? 1.0 : 0 }
    for mask in masks {
      ways = ways.indices.map { to in
        let sum = ways[mask.keys(of: to, length: length)].reduce(0, +)
        switch level {
        case .embedding: return sum
        case .attention: return Double(heads) * sum + ways[to]
        case .feedForward: return (isParallel ? 1 : 2) * Double(heads) * sum + 2 * ways[to]
        }
      }
    }
    return ways[target]
  }

  /// Where a path that is to reach the target may go from a position of a row.
  private func ends(after from: Int, row: Int) -> [Int] { reach.ends(after: [from], row: row) }

  fileprivate func random(_ generator: inout SplitMix64) -> Route {
    var nodes = [word]
    for row in 0..<layers - 1 {
      let ends = ends(after: nodes[row], row: row)
      nodes.append(ends[Int.random(in: ends.indices, using: &generator)])
    }
    nodes.append(target)
    guard level >= .attention else { return Route(nodes: nodes) }
    let choices = zip(nodes, nodes.dropFirst()).map { from, to in
      Int.random(in: (from == to ? -1 : 0)..<heads, using: &generator)
    }
    guard level == .feedForward else { return Route(nodes: nodes, choices: choices) }
    let drawn = choices.map { choice in
      let steps = steps(after: choice)
      return steps[Int.random(in: steps.indices, using: &generator)]
    }
    return Route(nodes: nodes, choices: choices, steps: drawn)
  }

  /// What a head or skip connection leads to.
  private func steps(after choice: Int) -> [FeedForwardPattern.Step?] {
    isParallel && choice >= 0 ? [nil] : [.feedForward, .skip]
  }

  /// The beginnings that are a row longer than `start`.
  fileprivate func extended(_ start: Route) -> [Route] {
    let (row, from) = (start.nodes.count, start.nodes[start.nodes.count - 1])
    return ends(after: from, row: row - 1).flatMap { next -> [Route] in
      let nodes = start.nodes + [next]
      guard let choices = start.choices else { return [Route(nodes: nodes)] }
      return ((from == next ? -1 : 0)..<heads).flatMap { choice -> [Route] in
        guard let steps = start.steps else { return [Route(nodes: nodes, choices: choices + [choice])] }
        return self.steps(after: choice).map {
          Route(nodes: nodes, choices: choices + [choice], steps: steps + [$0])
        }
      }
    }
  }
}

/// The patterns of a ``RouteSampler``, made as they are asked for.
struct RouteIterator: IteratorProtocol {
  private let sampler: RouteSampler
  private var generator: SplitMix64
  /// Random patterns still to be drawn; nil when all are gone through.
  private var missing: Int?
  /// Beginnings that are still to be completed, the next one last: at most 2 L n (A + 1).
  private var open: [Route]

  fileprivate init(_ sampler: RouteSampler, random: Int?, _ generator: SplitMix64) {
    (self.sampler, missing, self.generator) = (sampler, random, generator)
    open = [
      Route(
        nodes: [sampler.word], choices: sampler.level >= .attention ? [] : nil,
        steps: sampler.level == .feedForward ? [] : nil)
    ]
  }

  mutating func next() -> Route? {
    if let missing {
      guard missing > 0 else { return nil }
      self.missing = missing - 1
      return sampler.random(&generator)
    }
    while let start = open.popLast() {
      if start.nodes.count > sampler.layers { return start }
      open += sampler.extended(start).reversed()
    }
    return nil
  }

  /// At most `count` of those that are left.
  mutating func next(_ count: Int) -> [Route] {
    var routes: [Route] = []
    while routes.count < count, let route = next() { routes.append(route) }
    return routes
  }
}
