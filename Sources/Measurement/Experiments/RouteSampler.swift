import Attribution

/// Other patterns of a word than the one a search found.
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
  func routes(_ count: Int, using generator: inout some RandomNumberGenerator) -> [Route] {
    if let all = all(atMost: count) { return all }
    return (0..<count).map { _ in
      let inner = (1..<layers).map { _ in Int.random(in: 0..<length, using: &generator) }
      let nodes = [word] + inner + [target]
      guard level == .attention else { return Route(nodes: nodes) }
      let choices = zip(nodes, nodes.dropFirst()).map { from, to in
        Int.random(in: (from == to ? -1 : 0)..<heads, using: &generator)
      }
      return Route(nodes: nodes, choices: choices)
    }
  }

  /// nil when there are more.
  private func all(atMost count: Int) -> [Route]? {
    var found: [(nodes: [Int], choices: [Int])] = [([word], [])]
    for row in 1...layers {
      var longer: [(nodes: [Int], choices: [Int])] = []
      for (nodes, choices) in found {
        for next in row == layers ? target..<target + 1 : 0..<length {
          let first = nodes.last == next ? -1 : 0
          for choice in level == .attention ? first..<heads : 0..<1 {
            longer.append((nodes + [next], choices + [choice]))
          }
          guard longer.count <= count else { return nil }
        }
      }
      found = longer
    }
    return found.map { Route(nodes: $0.nodes, choices: level == .attention ? $0.choices : nil) }
  }
}
