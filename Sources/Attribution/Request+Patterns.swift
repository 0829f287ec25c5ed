import Transformers

extension Request {
  func patterns(_ plan: [MemoryPlan.Group], _ words: [[Int]]) throws -> [SentencePatterns] {
    let blocks = plan.reduce(0) { $0 + $1.parts.count }
    let searched = layers - 1 + (searchesAttention ? layers + 1 : 0) + (searchesFeedForward ? layers + 1 : 0)
    let progress = Progress(total: blocks * 2 * layers + plan.count * searched, report)
    var results: [SentencePatterns] = []
    for group in plan { results += try patterns(group, words, progress) }
    progress.finish()
    return results
  }

  var searchesAttention: Bool { options.level >= .attention && options.kept == 1 }
  var searchesFeedForward: Bool { options.level == .feedForward && options.kept == 1 }

  /// The words to analyse, as indices of real tokens: those that no path leads from have no pattern.
  func wordsOf(_ sentence: Sentence) throws -> [Int] {
    let reach = sentence.reach(model.configuration)
    guard let words = options.words else {
      return sentence.positions.indices.filter { sentence.moves($0) && reach.leads(from: $0) }
    }
    return try words.map { word in
      let token = try sentence.token(at: word)
      guard reach.leads(from: token) else {
        throw AttributionFault.wordOutOfReach(
          word, sentence: sentence.index, target: sentence.positions[sentence.target])
      }
      return token
    }
  }

  private func patterns(
    _ group: MemoryPlan.Group, _ words: [[Int]], _ progress: Progress
  ) throws -> [SentencePatterns] {
    let members = group.sentences.map { sentences[$0] }
    let blocks = try run(members, group.parts, progress)
    let influence = try sumOfInputInfluence(blocks, members)
    let ends = try ends(members, blocks)
    let carriers = group.sentences.enumerated().flatMap { s, index in
      words[index].map { Carrier(sentence: s, position: $0) }
    }
    let signs = carriers.map { influence[$0.sentence][$0.position] < 0 ? -1.0 : 1.0 }
    let tangents = blocks.map(CarrierTangents.init)
    let found = try EmbeddingSearch(
      words: carriers, signs: signs,
      reaches: zip(members, group.sentences).flatMap { $0.reaches(of: words[$1], model.configuration) },
      kept: options.kept, beam: options.beam
    ).run(tangents, layers: layers, advance: progress.advance)
    let nodes = found.map { partial in
      partial.nodes.map { $0[0] } + [members[carriers[partial.word].sentence].target]
    }
    let attention =
      searchesAttention
      ? try AttentionSearch(sentences: members, words: carriers, signs: signs, nodes: nodes)
        .run(tangents, layers: layers, advance: progress.advance) : nil
    let feedForward =
      searchesFeedForward
      ? try attention.map { attention in
        try FeedForwardSearch(
          sentences: members, words: carriers, signs: signs, nodes: nodes, choices: attention.map(\.choices)
        ).run(
          tangents, layers: layers, values: attention.map { $0.values.last ?? 0 },
          advance: progress.advance)
      } : nil
    return members.indices.map { s in
      let own = carriers.indices.filter { carriers[$0].sentence == s }
      return SentencePatterns(
        target: members[s].positions[members[s].target], inputs: result(members[s], influence[s], ends[s]),
        words: own.map { word in
          pattern(
            members[s], carriers[word].position, influence[s][carriers[word].position], signs[word],
            found[word],
            attention?[word], feedForward?[word])
        })
    }
  }

  private func run(
    _ members: [Sentence], _ parts: [Range<Int>], _ progress: Progress
  ) throws -> [PointBlock] {
    let layouts = parts.map { layout(members, points[$0]) }
    let largest = layouts.max { $0.points < $1.points }
    guard let largest else { return [] }
    let shared = TapeSet(largest, model, memory)
    let keeping: PointBlock.Keeping = parts.count > 1 ? [.inputs, .gradients] : []
    return try layouts.enumerated().map { index, layout in
      let block = PointBlock(
        model, layout, index: index, tapes: shared, keeping: keeping, workspace, check: check)
      try block.run(advance: progress.advance)
      return block
    }
  }

  private func sumOfInputInfluence(_ blocks: [PointBlock], _ members: [Sentence]) throws -> [[Double]] {
    try blocks.map { try $0.inputInfluence() }.reduce(members.map { Array(repeating: 0, count: $0.length) }) {
      sums, values in
      zip(sums, values).map { zip($0, $1).map(+) }
    }
  }

  func pattern(
    _ sentence: Sentence, _ word: Int, _ influence: Double, _ sign: Double, _ found: EmbeddingSearch.Partial,
    _ attention: AttentionSearch.Found?, _ feedForward: FeedForwardSearch.Found? = nil
  ) -> WordPattern {
    let nodes = (found.nodes + [[sentence.target]]).map { row in row.map { sentence.positions[$0] } }
    let isDirect = layers == 1
    var last = [Float](repeating: 0, count: sentence.length)
    last[sentence.target] = Float(isDirect ? sign * influence : found.total)
    return WordPattern(
      position: sentence.positions[word], influence: influence, sign: Int(sign),
      embedding: EmbeddingPattern(
        nodes: nodes, influence: isDirect ? influence : sign * found.value,
        steps: (found.steps + [last]).map { sentence.spread($0, filling: 0) }),
      attention: attention.map {
        AttentionPattern(
          choices: $0.choices, influence: $0.values.last ?? 0, heads: $0.heads, skips: $0.skips,
          values: $0.values)
      },
      feedForward: feedForward.map {
        FeedForwardPattern(
          steps: $0.takes, influence: $0.value, feedForwards: $0.feedForwards, skips: $0.skips)
      })
  }
}
