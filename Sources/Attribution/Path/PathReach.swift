import Transformers

/// Which hidden states paths lead through, from words to the token that the quantity reads: not those that it cannot read by
/// way of causal masks and windows.
package struct PathReach: Sendable {
  /// (L, n): the tokens that each token of a layer's output reads, itself among them.
  private let readers: [[Range<Int>]]
  /// (L+1, n): from which tokens of a row some path leads to the target.
  private let leading: [[Bool]]

  /// - Parameters:
  ///   - masks: of each layer
  ///   - places: (n): of each token for the model, ascending
  package init(to target: Int, masks: [AttentionMask], places: [Int]) {
    let length = 1 + (places.last ?? -1)
    readers = masks.map { mask in
      places.map { place in
        let keys = mask.keys(of: place, length: length)
        let start = places.firstIndex { $0 >= keys.lowerBound } ?? places.count
        return start..<max(start, places.firstIndex { $0 >= keys.upperBound } ?? places.count)
      }
    }
    var leading = [places.indices.map { $0 == target }]
    for layer in readers.reversed() {
      var row = Array(repeating: false, count: places.count)
      for to in places.indices where leading[0][to] {
        for from in layer[to] { row[from] = true }
      }
      leading.insert(row, at: 0)
    }
    self.leading = leading
  }

  /// Whether some path leads from a word to the target.
  package func leads(from word: Int) -> Bool { leading[0][word] }

  /// Where paths to the target go on from tokens of a row, ascending: none only where none leads from there.
  package func ends(after nodes: [Int], row: Int) -> [Int] {
    leading[row + 1].indices.filter { to in
      leading[row + 1][to] && nodes.contains { readers[row][to].contains($0) }
    }
  }
}

extension Sentence {
  func reach(_ configuration: TransformerConfiguration) -> PathReach {
    PathReach(
      to: target, masks: (0..<configuration.layers).map(configuration.blocks.mask),
      places: positions.indices.map(place))
  }
}
