import Tensors
import Transformers

/// Gradients along fixed patterns, from the target back.
///
/// What flows along a pattern from row l on depends on the pattern's nodes from there on only, so words whose patterns
/// end alike share the work: there is one chain for each distinct ending.
struct ChainPlan {
  /// A distinct ending of patterns: the node of row l+1, how the pattern enters it, and what follows it.
  struct Ending: Hashable {
    let sentence: Int
    let position: Int
    /// The head, or -1 for the skip connection; nil where all are open.
    let choice: Int?
    /// Index among the endings of the next layer.
    let next: Int
  }

  /// For each layer l, endings that begin at row l+1, by their choices.
  private(set) var endings: [[Ending]]
  /// For each layer and word, its ending.
  private(set) var ofWord: [[Int]]

  /// - Parameters:
  ///   - nodes: positions of rows 0 ... L for each word
  ///   - choices: of each layer for each word; nil where all heads and skip connections are open
  init(words: [Carrier], nodes: [[Int]], choices: [[Int]]? = nil, layers: Int) {
    endings = Array(repeating: [], count: layers)
    ofWord = Array(repeating: Array(repeating: -1, count: words.count), count: layers)
    for layer in (0..<layers).reversed() {
      var places: [Ending: Int] = [:]
      let order = words.indices.sorted { a, b in
        (choices?[a][layer] ?? -1, a) < (choices?[b][layer] ?? -1, b)
      }
      for word in order {
        let next = layer == layers - 1 ? -1 : ofWord[layer + 1][word]
        let ending = Ending(
          sentence: words[word].sentence, position: nodes[word][layer + 1], choice: choices?[word][layer],
          next: next)
        let place = places[ending, default: endings[layer].count]
        if place == endings[layer].count { endings[layer].append(ending) }
        places[ending] = place
        ofWord[layer][word] = place
      }
    }
  }

  /// Of some endings the row of the tape at each point.
  func outputs(_ endings: some Sequence<Ending>, _ tape: BlockTape) -> [Int32] {
    endings.flatMap { ending in
      (0..<tape.layout.points).map { Int32(tape.output(ending.sentence, $0, ending.position)) }
    }
  }

  func tokens(_ endings: some Sequence<Ending>, _ layout: PathLayout) -> [Int32] {
    endings.flatMap { ending in
      (0..<layout.points).map { Int32(layout.token(ending.sentence, $0, ending.position)) }
    }
  }

  /// dQ/dh^L for the endings of the last layer, (endings K, d).
  func targetGradients(_ block: PointBlock) -> Storage {
    let own = endings.last ?? []
    let size = block.layout.points * block.hidden
    let result = Storage(uninitializedCount: own.count * size)
    for (e, ending) in own.enumerated() {
      let row = block.layout.row(ending.sentence, 0) * block.hidden
      (result.base + e * size).update(from: block.targetGradient.base + row, count: size)
    }
    return result
  }
}
