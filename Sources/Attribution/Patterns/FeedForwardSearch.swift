import Tensors
import Transformers

/// The third level of guided pattern refinement: along a fixed attention-level pattern, layer by layer the feed-forward branch
/// or its skip connection, whichever more of the influence flows through.
///
/// Both add up to the layer's output, so the influence through each is the product of its tangent, from a chain forward along
/// the choices made, with the gradient of that sum, from a chain back along the attention-level pattern with later layers free.
/// A pattern that enters a parallel block by a head passes neither: there is no choice.
struct FeedForwardSearch {
  let words: [Carrier]
  let signs: [Double]
  /// Positions of rows 0 ... L, and the head or skip connection of each layer, for each word.
  let nodes: [[Int]]
  let choices: [[Int]]

  struct Found {
    /// nil where there is no choice.
    var takes: [FeedForwardPattern.Step?] = []
    var feedForwards: [Float?] = []
    var skips: [Float?] = []
    /// Of the whole pattern so far.
    var value = 0.0
  }

  /// - Parameter values: the influence of each attention-level pattern
  func run(
    _ blocks: [CarrierTangents], layers: Int, values: [Double], advance: () -> Void
  ) throws -> [Found] {
    guard !words.isEmpty else { return [] }
    let plan = ChainPlan(words: words, nodes: nodes, choices: choices, layers: layers)
    let chains = try blocks.map { block in
      let chains = GradientChains(plan, block.block)
      try chains.run(advance: {})
      return chains
    }
    advance()
    for block in blocks { try block.start(words) }
    var found = values.map { Found(value: $0) }
    for layer in 0..<layers {
      try search(layer, blocks, chains, &found)
      advance()
    }
    return found
  }

  private func search(
    _ layer: Int, _ blocks: [CarrierTangents], _ chains: [GradientChains], _ found: inout [Found]
  ) throws {
    let moves = words.indices.map {
      Move(sentence: words[$0].sentence, position: nodes[$0][layer + 1], sources: [$0])
    }
    let isParallel = blocks.first?.block.model.configuration.blocks.isParallel ?? false
    let own = choices.map { $0[layer] }
    var sums = [(feedForward: Double, skip: Double)](repeating: (0, 0), count: words.count)
    // A choice needs the sum over all blocks before any can go on.
    let branches = try zip(blocks, chains).map { block, chains in
      let branches = try block.branches(layer, moves, own)
      let values = try block.influences(of: branches, layer, chains)
      for word in words.indices {
        sums[word].feedForward += values[word].feedForward
        sums[word].skip += values[word].skip
      }
      return branches
    }
    for word in words.indices {
      choose(sums[word], hasChoice: !isParallel || own[word] < 0, signs[word], &found[word])
    }
    for (block, branches) in zip(blocks, branches) {
      block.close(branches, found.map { $0.takes[layer] })
      block.join(branches, layer, try block.block.tape(layer), moves)
    }
  }

  /// The feed-forward branch only where more flows through it.
  private func choose(
    _ values: (feedForward: Double, skip: Double), hasChoice: Bool, _ sign: Double, _ found: inout Found
  ) {
    guard hasChoice else {
      found.takes.append(nil)
      found.feedForwards.append(nil)
      found.skips.append(nil)
      return
    }
    let takesFeedForward = sign * values.feedForward > sign * values.skip
    found.takes.append(takesFeedForward ? .feedForward : .skip)
    found.feedForwards.append(Float(sign * values.feedForward))
    found.skips.append(Float(sign * values.skip))
    found.value = takesFeedForward ? values.feedForward : values.skip
  }
}

extension CarrierTangents {
  /// Tangents of both branches at the moves' ends, by way of the chosen heads and skip connections, in memory of this block:
  /// the workspace is that of all blocks.
  fileprivate func branches(
    _ layer: Int, _ moves: [Move], _ choices: [Int]
  ) throws -> BlockDerivatives.Branches {
    let tape = try block.tape(layer)
    _ = try contextTangents(layer, tape, moves)
    let branches = try branchTangents(
      layer, tape, moves, contexts: restrictedContexts(to: choices), skips: { choices[$0] < 0 })
    return BlockDerivatives.Branches(
      mid: keptMid.copy(of: branches.mid, rows * block.hidden),
      feedForward: keptFeedForward.copy(of: branches.feedForward, rows * block.hidden))
  }

  /// Influence through each branch, summed over this block's points with their weights.
  fileprivate func influences(
    of branches: BlockDerivatives.Branches, _ layer: Int, _ chains: GradientChains
  ) throws -> [(feedForward: Double, skip: Double)] {
    let (layout, tape) = (block.layout, try block.tape(layer))
    let gradient = block.derivatives(layer).sumGradient(
      chains.node(layer), tape, at: chains.outputs(layer, tape),
      rows: chains.plan.endings[layer].count * layout.points)
    let chainRows = carriers.indices.flatMap { chains.rows(layer, word: $0) }
    func dots(_ x: Floats) -> [Float] {
      rowDots(x, gradient, at: chainRows, rows: rows, heads: 1, headSize: block.hidden)
    }
    let (feedForwards, skips) = (dots(branches.feedForward), dots(branches.mid))
    return carriers.indices.map { word in
      (0..<layout.points).reduce(into: (feedForward: 0.0, skip: 0.0)) { values, k in
        let row = word * layout.points + k
        values.feedForward += layout.weights[k] * Double(feedForwards[row])
        values.skip += layout.weights[k] * Double(skips[row])
      }
    }
  }

  /// Sets what was not taken to 0, for each carrier; with nil both stay.
  func close(_ branches: BlockDerivatives.Branches, _ takes: [FeedForwardPattern.Step?]) {
    let size = block.layout.points * block.hidden
    for (word, step) in takes.enumerated() {
      guard let step else { continue }
      let closed = step == .feedForward ? branches.mid : branches.feedForward
      (closed + word * size).update(repeating: 0, count: size)
    }
  }
}

extension Buffer {
  fileprivate func copy(of values: Floats, _ count: Int) -> MutableFloats {
    let copy = floats(count)
    copy.update(from: values, count: count)
    return copy
  }
}
