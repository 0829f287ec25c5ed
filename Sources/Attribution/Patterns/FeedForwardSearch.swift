import Tensors
import Transformers

/// The third level of guided pattern refinement: along a fixed attention-level pattern, layer by layer the feed-forward branch
/// or its skip connection, whichever more of the influence flows through.
///
/// The influence through each is the product of the tangent of what both read, from a chain forward along the choices made, with
/// the gradient there by way of each, from a chain back along the attention-level pattern with later layers free: the branch itself
/// is passed forward only where it is chosen. A pattern that enters a parallel block by a head passes neither: there is no choice.
struct FeedForwardSearch {
  let sentences: [Sentence]
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
      let chains = ChosenChains(plan, block.block)
      try chains.run()
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
    _ layer: Int, _ blocks: [CarrierTangents], _ chains: [ChosenChains], _ found: inout [Found]
  ) throws {
    let moves = words.indices.map {
      Move(sentence: words[$0].sentence, position: nodes[$0][layer + 1], sources: [$0])
    }
    let isParallel = blocks.first?.block.model.configuration.blocks.isParallel ?? false
    let own = choices.map { $0[layer] }
    let hasChoice = own.map { !isParallel || $0 < 0 }
    var sums = [(feedForward: Double, skip: Double)](repeating: (0, 0), count: words.count)
    // A choice needs the sum over all blocks before any can go on.
    let tangents = try zip(blocks, chains).map { block, chains in
      let tangents = try block.chosenSums(layer, moves, own)
      for (word, values) in block.influences(of: tangents, layer, chains, hasChoice).enumerated() {
        sums[word].feedForward += values.feedForward
        sums[word].skip += values.skip
      }
      return tangents
    }
    for word in words.indices {
      choose(layer, word, sums[word], hasChoice: hasChoice[word], &found[word])
    }
    for (block, tangents) in zip(blocks, tangents) where layer < nodes[0].count - 2 {
      try block.pass(tangents, layer, moves, found.map { $0.takes[layer] })
    }
  }

  /// The feed-forward branch only where more flows through it, or the skip connection is replaced; never where it is itself.
  private func choose(
    _ layer: Int, _ word: Int, _ values: (feedForward: Double, skip: Double), hasChoice: Bool,
    _ found: inout Found
  ) {
    guard hasChoice else {
      found.takes.append(nil)
      found.feedForwards.append(nil)
      found.skips.append(nil)
      return
    }
    let (sign, sentence) = (signs[word], sentences[words[word].sentence])
    func isReplaced(_ component: Node.Component) -> Bool {
      sentence.replaced.contains(
        component, layer: layer, position: sentence.positions[nodes[word][layer + 1]])
    }
    let takesFeedForward =
      !isReplaced(.feedForward)
      && (sign * values.feedForward > sign * values.skip || isReplaced(.feedForwardSkip))
    found.takes.append(takesFeedForward ? .feedForward : .skip)
    found.feedForwards.append(Float(sign * values.feedForward))
    found.skips.append(Float(sign * values.skip))
    found.value = takesFeedForward ? values.feedForward : values.skip
  }
}

extension CarrierTangents {
  /// Influence through the feed-forward branch and the skip connection beside it, summed over this block's points with their
  /// weights, given the tangents of what they read (carriers K, d); 0 where there is no choice.
  fileprivate func influences(
    of tangents: Floats, _ layer: Int, _ chains: ChosenChains, _ hasChoice: [Bool]
  ) -> [(feedForward: Double, skip: Double)] {
    let layout = block.layout
    let chainRows = carriers.indices.flatMap { word in
      hasChoice[word] ? chains.rows(layer, word: word) : Array(repeating: -1, count: layout.points)
    }
    func dots(_ gradient: Floats) -> [Float] {
      rowDots(tangents, gradient, at: chainRows, rows: rows, heads: 1, headSize: block.hidden)
    }
    let (feedForwards, skips) = (dots(chains.feedForward(layer)), dots(chains.skip(layer)))
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
