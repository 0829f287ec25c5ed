import Transformers
import Tensors

/// The second level of guided pattern refinement: along a fixed embedding-level pattern, layer by layer the head or
/// skip connection through which most of the influence flows.
///
/// The influence through head m is <dQ/dz_m, dz_m>: the gradient comes from a chain back along the pattern with
/// later layers free, the tangent from a chain forward along the choices made. Nothing flows through what is replaced, which is
/// chosen only where everything is.
struct AttentionSearch {
  let sentences: [Sentence]
  let words: [Carrier]
  let signs: [Double]
  /// Positions of rows 0 ... L for each word.
  let nodes: [[Int]]

  struct Found {
    var choices: [Int] = []
    var heads: [[Float]] = []
    var skips: [Float] = []
    var values: [Double] = []
  }

  func run(_ blocks: [CarrierTangents], layers: Int, advance: () -> Void) throws -> [Found] {
    guard !words.isEmpty else { return [] }
    let plan = ChainPlan(words: words, nodes: nodes, layers: layers)
    let chains = try blocks.map { block in
      let chains = GradientChains(plan, block.block)
      try chains.run(advance: {})
      return chains
    }
    advance()
    for block in blocks { try block.start(words) }
    var found = words.map { _ in Found() }
    let blockKind = blocks.first?.block.model.configuration.blocks ?? BlockKind()
    for layer in 0..<layers {
      let values = try candidates(layer, blocks, chains)
      for word in words.indices { choose(layer, word, values[word], blockKind, &found[word]) }
      if layer < layers - 1 { try push(layer, blocks, found.map { $0.choices[layer] }) }
      advance()
    }
    return found
  }

  private func moves(_ layer: Int) -> [Move] {
    words.indices.map {
      Move(sentence: words[$0].sentence, position: nodes[$0][layer + 1], sources: [$0])
    }
  }

  /// Influence through each head and, last, the skip connection, for each word.
  private func candidates(
    _ layer: Int, _ blocks: [CarrierTangents], _ chains: [GradientChains]
  ) throws -> [[Double]] {
    var sums: [[Double]] = []
    for (block, chains) in zip(blocks, chains) {
      let values = try block.pathCandidates(layer, moves(layer), chains)
      sums = sums.isEmpty ? values : zip(sums, values).map { zip($0, $1).map(+) }
    }
    return sums
  }

  /// The best head (the first of equals), unless the skip connection is at least as good: where the pattern moves or that is
  /// replaced, unless nothing at all flows.
  private func choose(
    _ layer: Int, _ word: Int, _ values: [Double], _ blocks: BlockKind, _ found: inout Found
  ) {
    let (sign, end, sentence) = (signs[word], nodes[word][layer + 1], sentences[words[word].sentence])
    let (heads, skip) = (values.dropLast().map { sign * $0 }, sign * (values.last ?? 0))
    let (replaced, position) = (sentence.replaced, sentence.positions[end])
    let isSkipOpen =
      nodes[word][layer] == end && !replaced.closesSkip(layer: layer, position: position, in: blocks)
    var best: Int?
    if !replaced.contains(.attention, layer: layer, position: position) {
      for head in heads.indices
      where !replaced.contains(.head(head), layer: layer, position: position)
        && best.map({ heads[head] > heads[$0] }) ?? true
      { best = head }
    }
    if let head = best, !(heads[head] > skip || (!isSkipOpen && heads[head] != 0)) { best = nil }
    found.choices.append(best ?? -1)
    found.heads.append(heads.map { Float($0) })
    found.skips.append(Float(skip))
    found.values.append(sign * (best.map { heads[$0] } ?? skip))
  }

  private func push(_ layer: Int, _ blocks: [CarrierTangents], _ choices: [Int]) throws {
    for block in blocks {
      let tape = try block.block.tape(layer)
      let contexts = block.restrictedContexts(to: choices)
      try block.advance(layer, tape, moves(layer), contexts: contexts, skips: { choices[$0] < 0 })
    }
  }
}

extension CarrierTangents {
  /// Influence of each carrier through each head and the skip connection at its move's end, summed over this block's
  /// points with their weights: (A + 1) for each carrier.
  func pathCandidates(_ layer: Int, _ moves: [Move], _ chains: GradientChains) throws -> [[Double]] {
    let (layout, heads) = (block.layout, block.layout.heads)
    let tape = try block.tape(layer)
    let contexts = try contextTangents(layer, tape, moves)
    let rows = moves.indices.flatMap { chains.rows(layer, word: $0) }
    let headSize = block.model.configuration.headSize
    let byHead = rowDots(
      contexts, chains.context(layer), at: rows, rows: rows.count, heads: heads, headSize: headSize)
    let skipRows = zip(moves, moves.indices).flatMap { move, word in
      let stays = carriers[word].position == move.position
      return chains.rows(layer, word: word).map { stays ? $0 : -1 }
    }
    let bySkip = rowDots(
      tangents, chains.skip(layer), at: skipRows, rows: rows.count, heads: 1, headSize: block.hidden)
    return moves.indices.map { word in
      var sums = [Double](repeating: 0, count: heads + 1)
      for k in 0..<layout.points {
        let row = word * layout.points + k
        for head in 0..<heads { sums[head] += layout.weights[k] * Double(byHead[row * heads + head]) }
        sums[heads] += layout.weights[k] * Double(bySkip[row])
      }
      return sums
    }
  }

  /// The tangents of z that ``pathCandidates(_:_:_:)`` has left, with those of all heads but the chosen one set to 0;
  /// of all when the skip connection (-1) is chosen.
  func restrictedContexts(to choices: [Int]) -> MutableFloats {
    let contexts = latestContexts
    let (points, heads) = (block.layout.points, block.layout.heads)
    let size = block.model.configuration.headSize
    for (move, choice) in choices.enumerated() {
      for row in move * points..<(move + 1) * points {
        for head in 0..<heads where head != choice {
          (contexts + (row * heads + head) * size).update(repeating: 0, count: size)
        }
      }
    }
    return contexts
  }
}
