import Attribution
import Faults
import Testing

/// Laws of the flows on random graphs and models.
@Suite struct FlowPropertyTests {
  private func mixing(layers: Int, length: Int, seed: UInt64, zeros: Bool = false) -> ContextMixing {
    var state = seed
    func next() -> UInt64 {
      // The multiplier and increment of Knuth's MMIX.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let weights = (0..<layers * length * length).map { _ in
      zeros && next() % 3 == 0 ? 0 : Double(next() % 1000) / 1000
    }
    return ContextMixing(layers: layers, length: length, weights: weights)
  }

  private let graphs: [(layers: Int, length: Int)] = [(1, 4), (2, 5), (3, 4), (4, 3), (5, 4)]

  @Test func rolloutIsAMatrixProductOfRowsThatAddUpToOne() {
    for (layers, length) in graphs {
      let mixing = mixing(layers: layers, length: length, seed: 5)
      for target in 0..<length {
        for (last, row) in mixing.rollout(to: target).enumerated() {
          #expect(abs(row.reduce(0, +) - 1) < 1e-12)
          for word in 0..<length {
            let sum = paths(from: word, to: target, layers: last + 1, length: length)
              .reduce(0) { $0 + product(of: $1, mixing) }
            #expect(abs(sum - row[word]) < 1e-12, "all paths from \(word)")
          }
        }
      }
    }
  }

  @Test(arguments: PathDirection.allCases)
  func bestPathIsTheBestOfAllPaths(_ direction: PathDirection) {
    for (layers, length) in graphs {
      let mixing = mixing(layers: layers, length: length, seed: 9, zeros: true)
      for (word, found) in mixing.bestPaths(to: 1, direction: direction).enumerated() {
        #expect(found.nodes.count == layers + 1 && found.nodes[0] == word && found.nodes[layers] == 1)
        #expect(abs(mixing.score(of: found.nodes, direction: direction) - found.score) < 1e-15)
        let best = paths(from: word, to: 1, layers: layers, length: length)
          .map { mixing.score(of: $0, direction: direction) }.max()
        #expect(abs((best ?? -1) - found.score) < 1e-15)
      }
    }
  }

  /// No flow exceeds a cut, and in small graphs the smallest cut is the flow.
  @Test func maximumFlowIsTheSmallestCut() throws {
    for (layers, length, seed) in [(2, 4, 1), (3, 3, 2), (3, 4, 3), (4, 3, 4), (2, 6, 5)]
      as [(Int, Int, UInt64)]
    {
      let mixing = mixing(layers: layers, length: length, seed: seed, zeros: true)
      for word in 0..<length {
        let flow = try mixing.maximumFlow(from: word, to: 1, check: {})
        let cut = smallestCut(mixing, from: word, to: 1)
        #expect(abs(flow - cut) < 1e-12, "\(layers) layers of \(length), word \(word)")
      }
    }
  }

  @Test func maximumFlowOfOneLayerIsTheShare() throws {
    let mixing = mixing(layers: 3, length: 5, seed: 2)
    for word in 0..<5 {
      #expect(try mixing.maximumFlow(from: word, to: 3, layers: 1, check: {}) == mixing[0, 3, word])
      let flow = try mixing.maximumFlow(from: word, to: 3, check: {})
      let best = mixing.bestPaths(to: 3)[word]
      #expect(flow <= 1 + 1e-12 && flow >= best.score)
    }
  }

  @Test func interruptsAMaximumFlow() {
    let mixing = mixing(layers: 3, length: 5, seed: 2)
    #expect(throws: Interrupted.self) {
      try mixing.maximumFlow(from: 0, to: 1, check: { throw Interrupted() })
    }
  }

  @Test func rowsOfZerosAndNaN() throws {
    let silent = ContextMixing(layers: 2, length: 2, weights: [0, 0, 1, 3, 1, 1, 1, 1])
    #expect(silent[0, 0, 0] == 0 && silent[0, 1, 1] == 0.75)
    #expect(silent.rollout(to: 0) == [[0, 0], [0.125, 0.375]])
    let broken = ContextMixing(layers: 2, length: 2, weights: [.nan, 1, 1, 3, 1, 1, 1, 1])
    #expect(try broken.maximumFlow(from: 0, to: 1, check: {}).isNaN)
    #expect(broken.bestPaths(to: 1)[0].score.isNaN)
  }

  /// All node lists from `word` to `target`.
  private func paths(from word: Int, to target: Int, layers: Int, length: Int) -> [[Int]] {
    var paths = [[word]]
    for _ in 1..<max(1, layers) where layers > 1 {
      paths = paths.flatMap { path in (0..<length).map { path + [$0] } }
    }
    return paths.map { $0 + [target] }
  }

  private func product(of nodes: [Int], _ mixing: ContextMixing) -> Double {
    zip(nodes, nodes.dropFirst()).enumerated().reduce(1) {
      $0 * mixing[$1.offset, $1.element.1, $1.element.0]
    }
  }

  /// Over all sets of inner nodes on the word's side.
  private func smallestCut(_ mixing: ContextMixing, from word: Int, to target: Int) -> Double {
    let (layers, n) = (mixing.layers, mixing.length)
    var smallest = Double.infinity
    for set in 0..<1 << ((layers - 1) * n) {
      func isNear(_ layer: Int, _ token: Int) -> Bool {
        if layer == 0 { return token == word }
        if layer == layers { return false }
        return set >> ((layer - 1) * n + token) & 1 == 1
      }
      var cut = 0.0
      for layer in 0..<layers {
        for from in 0..<n where isNear(layer, from) {
          for to in 0..<n where !isNear(layer + 1, to) && (layer + 1 < layers || to == target) {
            cut += mixing[layer, to, from]
          }
        }
      }
      smallest = min(smallest, cut)
    }
    return smallest
  }
}
