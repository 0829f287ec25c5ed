import Faults

/// Maximum flow from one token before the first layer to one token after the last.
///
/// Dinic's algorithm (1970): as long as the residual graph has a way to the target, find every node's distance from the
/// word and saturate all shortest ways. Arcs join neighbouring layers, all tokens of the one with all of the other, so
/// they need no lists: capacities are the graph.
///
/// - Complexity: O(V² E) at most, V = (L-1) n and E = (L-1) n²; in practice a few dozen times E.
struct LayeredFlow {
  private let layers: Int
  private let length: Int
  private let word: Int
  private let target: Int
  /// (L, n, n), [l][j][k]: what more the arc (l, j) -> (l+1, k) can carry.
  private var ahead: [Double]
  /// What it carries, which can be taken back.
  private var carried: [Double]
  /// (L+1, n): arcs from the word; -1 when it cannot be reached.
  private var distance: [Int] = []
  /// For each node the arc to try next, of 2n: n ahead, n back.
  private var arc: [Int] = []

  /// - Parameter layers: How many of the first layers the graph has.
  init(_ mixing: ContextMixing, layers: Int, from word: Int, to target: Int) {
    (self.layers, self.word, self.target) = (layers, word, target)
    let n = mixing.length
    length = n
    ahead = [Double](repeating: 0, count: layers * n * n)
    carried = ahead
    for layer in 0..<layers {
      for from in layer == 0 ? word..<word + 1 : 0..<n {
        for to in layer == layers - 1 ? target..<target + 1 : 0..<n {
          ahead[(layer * n + from) * n + to] = mixing[layer, to, from]
        }
      }
    }
  }

  private var sink: Int { layers * length + target }

  /// - Parameter check: Called between phases.
  mutating func maximum(check: InterruptionCheck) throws -> Double {
    var total = 0.0
    while reachesSink() {
      try check()
      arc = [Int](repeating: 0, count: (layers + 1) * length)
      total += saturateShortestWays()
    }
    return total
  }

  /// Measures the distance of the nodes that are nearer than the target; false when that cannot be reached.
  private mutating func reachesSink() -> Bool {
    distance = [Int](repeating: -1, count: (layers + 1) * length)
    distance[word] = 0
    var queue = [word]
    var first = 0
    while first < queue.count {
      let node = queue[first]
      first += 1
      if node == sink { return true }
      for arc in 0..<2 * length {
        guard let next = head(of: arc, from: node), distance[next] < 0 else { continue }
        distance[next] = distance[node] + 1
        queue.append(next)
      }
    }
    return false
  }

  /// Where an arc leads; nil when it can carry no more.
  private func head(of arc: Int, from node: Int) -> Int? {
    let (layer, token) = (node / length, node % length)
    if arc < length {
      guard layer < layers, ahead[node * length + arc] > 0 else { return nil }
      return (layer + 1) * length + arc
    }
    let previous = (layer - 1) * length + arc - length
    guard layer > 0, carried[previous * length + token] > 0 else { return nil }
    return previous
  }

  private mutating func saturateShortestWays() -> Double {
    var total = 0.0
    var way = [word]
    while let node = way.last {
      if node == sink {
        total += push(along: way)
        way = [word]
      } else if let next = advance(from: node) {
        way.append(next)
      } else {
        way.removeLast()
        if let before = way.last { arc[before] += 1 }
      }
    }
    return total
  }

  /// The next node of a shortest way, from the arc that was tried last.
  private mutating func advance(from node: Int) -> Int? {
    while arc[node] < 2 * length {
      if let next = head(of: arc[node], from: node), distance[next] == distance[node] + 1 { return next }
      arc[node] += 1
    }
    return nil
  }

  /// Sends along `way` what its narrowest arc can carry, which is exactly 0 afterwards.
  private mutating func push(along way: [Int]) -> Double {
    let arcs = zip(way, way.dropFirst()).map { from, to in
      from < to
        ? (isAhead: true, index: from * length + to % length)
        : (isAhead: false, index: to * length + from % length)
    }
    let amount = arcs.map { $0.isAhead ? ahead[$0.index] : carried[$0.index] }.min() ?? 0
    for (isAhead, index) in arcs {
      ahead[index] += isAhead ? -amount : amount
      carried[index] += isAhead ? amount : -amount
    }
    return amount
  }
}

extension ContextMixing {
  /// Attention flow (Abnar and Zuidema, ACL 2020, section 3): the maximum flow from `word` to `target`, the shares being
  /// the capacities of the arcs.
  ///
  /// The paper's program divides the flows of a target by their sum; this is the flow itself, at most 1.
  ///
  /// - Parameters:
  ///   - layers: How many of the first layers to go through; all when nil.
  ///   - check: Called between phases of the search.
  /// - Returns: NaN when a share is.
  public func maximumFlow(
    from word: Int, to target: Int, layers: Int? = nil, check: InterruptionCheck
  ) throws -> Double {
    let layers = layers ?? self.layers
    precondition(0..<length ~= word && 0..<length ~= target, "\(word), \(target) of \(length) tokens")
    precondition(1...self.layers ~= layers, "\(layers) of \(self.layers) layers")
    guard !shares[..<(layers * length * length)].contains(where: \.isNaN) else { return .nan }
    var flow = LayeredFlow(self, layers: layers, from: word, to: target)
    return try flow.maximum(check: check)
  }
}
