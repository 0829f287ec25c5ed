import Transformers

/// Which hidden states paths lead through, from words to the token that the quantity reads: not those that it cannot read by
/// way of causal masks and windows, nor those that are replaced.
package struct PathReach: Sendable {
  /// What leads to a token of a layer's output.
  package struct Entrances: Sendable {
    package var heads = true
    package var skip = true

    package init(heads: Bool = true, skip: Bool = true) { (self.heads, self.skip) = (heads, skip) }
  }

  /// (L, n): the tokens that the heads of each token of a layer's output read, itself among them; none where they are closed.
  private let readers: [[Range<Int>]]
  /// (L, n)
  private let skips: [[Bool]]
  /// (L+1, n): from which tokens of a row some path leads to the target.
  private let leading: [[Bool]]

  /// - Parameters:
  ///   - masks: of each layer
  ///   - places: (n): of each token for the model, ascending
  package init(
    to target: Int, masks: [AttentionMask], places: [Int],
    entrances: (_ layer: Int, _ token: Int) -> Entrances = { _, _ in Entrances() }
  ) {
    let length = 1 + (places.last ?? -1)
    let open = masks.indices.map { layer in places.indices.map { entrances(layer, $0) } }
    readers = zip(masks, open).map { mask, open in
      zip(places, open).map { place, open in
        let keys = open.heads ? mask.keys(of: place, length: length) : 0..<0
        let start = places.firstIndex { $0 >= keys.lowerBound } ?? places.count
        return start..<max(start, places.firstIndex { $0 >= keys.upperBound } ?? places.count)
      }
    }
    skips = open.map { $0.map(\.skip) }
    var leading = [places.indices.map { $0 == target }]
    for (layer, skips) in zip(readers, skips).reversed() {
      var row = Array(repeating: false, count: places.count)
      for to in places.indices where leading[0][to] {
        for from in layer[to] { row[from] = true }
        if skips[to] { row[to] = true }
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
      leading[row + 1][to]
        && nodes.contains { readers[row][to].contains($0) || ($0 == to && skips[row][to]) }
    }
  }
}

extension Sentence {
  /// As far as masks and windows let tokens read, whatever is replaced.
  func reach(_ configuration: TransformerConfiguration) -> PathReach {
    reach(configuration) { _, _ in PathReach.Entrances() }
  }

  /// For each word what its paths lead through, past everything that is replaced; as ``reach(_:)`` where no path is left: all
  /// influences are 0 then.
  func reaches(of words: [Int], _ configuration: TransformerConfiguration) -> [PathReach] {
    let whole = reach(configuration)
    guard !replaced.isEmpty else { return words.map { _ in whole } }
    let open = reach(configuration) { entrances(layer: $0, token: $1, configuration) }
    return words.map { word in
      open.leads(from: word) && !replaced.contains(.embedding, layer: nil, position: positions[word])
        ? open : whole
    }
  }

  private func reach(
    _ configuration: TransformerConfiguration, _ entrances: (Int, Int) -> PathReach.Entrances
  ) -> PathReach {
    PathReach(
      to: target, masks: (0..<configuration.layers).map(configuration.blocks.mask),
      places: positions.indices.map(place), entrances: entrances)
  }

  private func entrances(
    layer: Int, token: Int, _ configuration: TransformerConfiguration
  ) -> PathReach.Entrances {
    let (position, blocks) = (positions[token], configuration.blocks)
    let isOpen = !replaced.closesBlock(layer: layer, position: position, in: blocks)
    return PathReach.Entrances(
      heads: isOpen
        && !replaced.closesAttention(layer: layer, position: position, heads: configuration.heads),
      skip: isOpen && !replaced.closesSkip(layer: layer, position: position, in: blocks))
  }
}
