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

  /// All patterns when there are at most `count`, else `count` random ones: nodes of rows 1 ... L-1 drawn uniformly, then
  /// at the attention level one of the heads, or the skip connection where the pattern stays.
  func routes(_ count: Int, _ generator: SplitMix64) -> RouteIterator {
    RouteIterator(self, random: self.count > Double(count) ? count : nil, generator)
  }

  /// How many patterns there are; exact up to 2^53.
  var count: Double {
    var ways = (0..<length).map { $0 == word ? 1.0 : 0 }
    for _ in 0..<layers {
      let sum = ways.reduce(0, +)
      ways = ways.map { level == .attention ? Double(heads) * sum + $0 : sum }
    }
    return ways[target]
  }

  fileprivate func random(_ generator: inout SplitMix64) -> Route {
    let inner = (1..<layers).map { _ in Int.random(in: 0..<length, using: &generator) }
    let nodes = [word] + inner + [target]
    guard level == .attention else { return Route(nodes: nodes) }
    let choices = zip(nodes, nodes.dropFirst()).map { from, to in
      Int.random(in: (from == to ? -1 : 0)..<heads, using: &generator)
    }
    return Route(nodes: nodes, choices: choices)
  }

  /// The beginnings that are a row longer than `start`.
  fileprivate func extended(_ start: Route) -> [Route] {
    let (row, from) = (start.nodes.count, start.nodes[start.nodes.count - 1])
    return (row == layers ? target..<target + 1 : 0..<length).flatMap { next -> [Route] in
      guard let choices = start.choices else { return [Route(nodes: start.nodes + [next])] }
      return ((from == next ? -1 : 0)..<heads).map {
        Route(nodes: start.nodes + [next], choices: choices + [$0])
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
  /// Beginnings that are still to be completed, the next one last: at most L n (A + 1).
  private var open: [Route]

  fileprivate init(_ sampler: RouteSampler, random: Int?, _ generator: SplitMix64) {
    (self.sampler, missing, self.generator) = (sampler, random, generator)
    open = [Route(nodes: [sampler.word], choices: sampler.level == .attention ? [] : nil)]
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
