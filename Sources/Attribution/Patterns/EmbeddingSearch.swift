import CKernels
import Transformers
import Tensors

/// Guided pattern refinement over hidden states: layer by layer, the node through which most of a word's influence
/// flows, given the nodes before it.
///
/// A word's tangent lives on the kept tokens only, so what reaches the quantity through each token j of the next
/// row has a closed form in the gradients of one reverse pass, which do not depend on the word:
///
///     c_j = sum_m P_ji <g_j, dv> + S_ji <q_j, dk>, and for j = i also <own_i, t>
///
/// with g = dQ/dz, S = dQ/dscores and own the gradient by way of i's query and skip connection. Only the chosen
/// token is then pushed through the rest of the layer.
///
/// Only tokens that some path leads through are candidates: others have c_j = 0, which may be more than what paths carry.
struct EmbeddingSearch {
  /// A word's pattern up to some row.
  struct Partial {
    let word: Int
    /// Kept positions of each row so far.
    var nodes: [[Int]]
    /// sign * influence, of the best node of the last row.
    var value: Double
    /// sign * influence of the whole pattern.
    var total: Double
    var steps: [[Float]]
  }

  let words: [Carrier]
  let signs: [Double]
  /// Of each word.
  let reaches: [PathReach]
  let kept: Int
  let beam: Int

  /// The best pattern of each word, rows 0 ... L-1.
  func run(_ blocks: [CarrierTangents], layers: Int, advance: () -> Void) throws -> [Partial] {
    var partials = words.enumerated().map {
      Partial(word: $0, nodes: [[$1.position]], value: 0, total: 0, steps: [])
    }
    for block in blocks { try block.start(words) }
    for layer in 0..<max(0, layers - 1) {
      let choices = choose(layer, partials, try candidates(layer, partials, blocks))
      if layer < layers - 2 { try push(layer, choices, from: partials, blocks) }
      partials = choices.map(\.partial)
      advance()
    }
    return words.indices.compactMap { word in partials.first { $0.word == word } }
  }

  /// sign * influence through each position of the next row, for each partial pattern.
  private func candidates(
    _ layer: Int, _ partials: [Partial], _ blocks: [CarrierTangents]
  ) throws -> [[Double]] {
    var sums: [[Double]] = []
    for block in blocks {
      let values = try block.candidates(layer)
      sums = sums.isEmpty ? values : zip(sums, values).map { zip($0, $1).map(+) }
    }
    var carrier = 0
    return partials.map { partial in
      let own = carrier..<carrier + (partial.nodes.last?.count ?? 0)
      carrier = own.upperBound
      let length = sums[own.lowerBound].count
      return (0..<length).map { j in signs[partial.word] * own.reduce(0) { $0 + sums[$1][j] } }
    }
  }

  private struct Choice {
    let partial: Partial
    let parent: Int
  }

  private func choose(_ layer: Int, _ partials: [Partial], _ values: [[Double]]) -> [Choice] {
    let ends = partials.map { partial in
      reaches[partial.word].ends(after: partial.nodes.last ?? [], row: layer)
    }
    return words.indices.flatMap { word in
      let own = partials.indices.filter { partials[$0].word == word }
      return kept > 1
        ? own.map { keepBest(partials, values, ends, $0) } : bestOfBeam(partials, values, ends, own)
    }
  }

  /// The `kept` positions with the largest values of those that paths lead through, best first; the lower position where they
  /// are equal.
  private func keepBest(
    _ partials: [Partial], _ values: [[Double]], _ ends: [[Int]], _ parent: Int
  ) -> Choice {
    let c = values[parent]
    let best = ends[parent].sorted { (c[$1], $0) < (c[$0], $1) }.prefix(kept)
    return Choice(
      partial: extended(partials[parent], best.map { $0 }, values: c), parent: parent)
  }

  /// The `beam` best extensions of the patterns in the beam.
  private func bestOfBeam(
    _ partials: [Partial], _ values: [[Double]], _ ends: [[Int]], _ own: [Int]
  ) -> [Choice] {
    let candidates = own.flatMap { parent in ends[parent].map { (parent: parent, position: $0) } }
    func value(_ candidate: (parent: Int, position: Int)) -> Double {
      values[candidate.parent][candidate.position]
    }
    let order = candidates.indices.sorted {
      (value(candidates[$1]), $0) < (value(candidates[$0]), $1)
    }
    return order.prefix(beam).map { index in
      let (parent, position) = candidates[index]
      return Choice(
        partial: extended(partials[parent], [position], values: values[parent]), parent: parent)
    }
  }

  private func extended(_ partial: Partial, _ positions: [Int], values: [Double]) -> Partial {
    Partial(
      word: partial.word, nodes: partial.nodes + [positions], value: values[positions[0]],
      total: positions.reduce(0) { $0 + values[$1] }, steps: partial.steps + [values.map { Float($0) }])
  }

  private func push(
    _ layer: Int, _ choices: [Choice], from partials: [Partial], _ blocks: [CarrierTangents]
  ) throws {
    var starts = [0]
    for partial in partials { starts.append((starts.last ?? 0) + (partial.nodes.last?.count ?? 0)) }
    let moves = choices.flatMap { choice in
      (choice.partial.nodes.last ?? []).map { position in
        Move(
          sentence: words[choice.partial.word].sentence, position: position,
          sources: Array(starts[choice.parent]..<starts[choice.parent + 1]))
      }
    }
    for block in blocks {
      let tape = try block.block.tape(layer)
      let contexts = try block.contextTangents(layer, tape, moves)
      try block.advance(layer, tape, moves, contexts: contexts, skips: { _ in true })
    }
  }
}

extension CarrierTangents {
  /// The influence of each carrier's tangent through each position of the layer's output, summed over this block's
  /// points with their weights; all other layers free.
  func candidates(_ layer: Int) throws -> [[Double]] {
    let tape = try block.tape(layer, gradients: true)
    let keys = try project(layer).keys
    let (layout, points, c) = (block.layout, block.layout.points, block.model.configuration)
    let groups = carriersOfSentences
    let starts = groups.reduce(into: [0]) { starts, group in
      starts.append((starts.last ?? 0) + group.count * points * layout.sentences[starts.count - 1].length)
    }
    let values = Storage(uninitializedCount: starts.last ?? 0)
    let scratch = tape.scratch(sources: groups.map(\.count).max() ?? 0)
    layout.forEachRow(scratch: scratch) { s, k, scratch in
      let group = groups[s]
      guard !group.isEmpty else { return }
      var row = tape.attention(s, k)
      let positions = carriers[group].map { Int32($0.position) }
      let key = keys + (group.lowerBound * points + k) * 2 * c.keyWidth
      ck_attention_candidates(
        &row, tape.contextGradient + layout.token(s, k, 0) * c.queryWidth,
        tape.scoreGradient + layout.square(s, k), group.count, positions, key, key + c.keyWidth,
        points * 2 * c.keyWidth,
        values.base + starts[s] + k * group.count * row.keys, scratch)
    }
    let own = rowDots(
      tangents, tape.ownGradient, at: indices { s, k, p in layout.token(s, k, p) }, rows: rows, heads: 1,
      headSize: c.hidden)
    return sum(values, starts, groups, own: own)
  }

  /// The carriers of each sentence, which lie one after another.
  private var carriersOfSentences: [Range<Int>] {
    var next = 0
    return block.layout.sentences.indices.map { s in
      let start = next
      while next < carriers.count, carriers[next].sentence == s { next += 1 }
      return start..<next
    }
  }

  private func sum(
    _ values: Storage, _ starts: [Int], _ groups: [Range<Int>], own: [Float]
  ) -> [[Double]] {
    let (layout, points) = (block.layout, block.layout.points)
    return carriers.enumerated().map { c, carrier in
      let (n, group) = (layout.sentences[carrier.sentence].length, groups[carrier.sentence])
      var sums = [Double](repeating: 0, count: n)
      for k in 0..<points {
        let row = values.base + starts[carrier.sentence] + (k * group.count + c - group.lowerBound) * n
        for j in 0..<n { sums[j] += layout.weights[k] * Double(row[j]) }
        sums[carrier.position] += layout.weights[k] * Double(own[c * points + k])
      }
      return sums
    }
  }
}
