import Attribution
import Transformers

/// Patterns of one shape: they begin and end where a given one does, and go through heads and skip connections in the same
/// layers, by other heads and positions.
struct RouteShape {
  private let route: Route
  private let masks: [AttentionMask]
  private let heads: Int
  private let length: Int
  /// (L+1): from which positions of a row such a pattern can reach the target.
  private let open: [Set<Int>]

  /// - Precondition: the route has choices.
  init(_ route: Route, masks: [AttentionMask], heads: Int, length: Int) {
    (self.route, self.masks, self.heads, self.length) = (route, masks, heads, length)
    let choices = route.choices ?? []
    var open = [Set([route.nodes[choices.count]])]
    for layer in choices.indices.reversed() {
      let next = open[open.count - 1]
      open.append(choices[layer] < 0 ? next : Set(next.flatMap { masks[layer].keys(of: $0, length: length) }))
    }
    self.open = open.reversed()
  }

  /// One of them, nodes drawn one after the other, uniformly of those that read the one before and lead to the target; heads
  /// uniformly of all.
  func random(_ generator: inout SplitMix64) -> Route {
    var (nodes, choices) = ([route.nodes[0]], [Int]())
    for (layer, choice) in (route.choices ?? []).enumerated() {
      let from = nodes[layer]
      guard choice >= 0 else {
        nodes.append(from)
        choices.append(-1)
        continue
      }
      let ends = open[layer + 1].sorted().filter { masks[layer].keys(of: $0, length: length).contains(from) }
      nodes.append(ends[Int.random(in: ends.indices, using: &generator)])
      choices.append(Int.random(in: 0..<heads, using: &generator))
    }
    return Route(nodes: nodes, choices: choices)
  }
}
