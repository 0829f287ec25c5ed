import Transformers

/// The plans of all questions: each divides its work by a ``MemoryPlan``, and is run or counted by that.
extension Request {
  func inputInfluence() throws -> Plan<[InputInfluence]> {
    let parts = try MemoryPlan(self).sequential()
    return Plan(
      work: { work(of: parts, each: gradientWork) + endsWork }, form: { sentences.map(influenceForm) },
      run: { try inputInfluence(parts) })
  }

  func patterns() throws -> Plan<[SentencePatterns]> {
    let words = try sentences.map(wordsOf)
    let groups = try MemoryPlan(self).search(words: words.map(\.count))
    return Plan(
      work: {
        groups.reduce(endsWork) { sum, group in
          sum + searchWork(group, words: words.map(\.count))
            + Work(bytes: group.bytes, sequences: group.sentences.count * options.points)
        }
      }, form: { zip(sentences, words).map { patternsForm($0, words: $1) } },
      run: { try patterns(groups, words) })
  }

  /// Influence of each pattern in the only sentence.
  func influence(of patterns: [PathPattern]) throws -> Plan<[Double]> {
    let masks = try patterns.map { try PathMask($0, sentences[0], model.configuration) }
    let parts = try MemoryPlan(self).sequential()
    return Plan(
      work: {
        work(of: parts) {
          gradientWork($0, points: $1) + Double(masks.count) * forwardWork($0, points: $1)
        }
      }, form: { masks.map { _ in 0 } }, run: { try influence(masks, parts) })
  }

  func influence(of routes: [[Route]]) throws -> Plan<[[Double]]> {
    let units = try routes.enumerated().flatMap { s, list in
      try list.enumerated().map { try unit($1, place: $0, sentence: s) }
    }
    let configuration = model.configuration
    let parts = try MemoryPlan(self).sequential(
      extra: 4 * (12 * configuration.hidden + configuration.intermediate))
    return Plan(
      work: {
        work(of: parts) { members, points in
          let count = members.reduce(0) { $0 + routes[$1].count }
          let longest = members.map { sentences[$0].length }.max() ?? 0
          return forwardWork(members, points: points)
            + carrierWork(count, points: points, layers: layers, length: longest)
        }
      }, form: { routes.map { $0.map { _ in 0 } } },
      run: { try influence(units, counts: routes.map(\.count), parts) })
  }

  func conductance() throws -> Plan<[Conductance]> {
    try conductances { _ in [nil] }.map { $0.map { $0[0] } }
  }

  func wordConductance() throws -> Plan<[[NodeScores?]]> {
    let words = sentences.map { sentence in (0..<sentence.length).filter(sentence.moves) }
    return try conductances { words[$0.index] }.map { sums in
      sentences.enumerated().map { s, sentence in
        var scores = [NodeScores?](repeating: nil, count: sentence.paddedLength)
        for (word, conductance) in zip(words[s], sums[s]) {
          scores[sentence.positions[word]] = NodeScores(conductance)
        }
        return scores
      }
    }
  }

  /// Conductances of single words, or (nil) of all words together.
  ///
  /// - Parameter words: for each sentence, as indices of real tokens
  private func conductances(_ words: (Sentence) -> [Int?]) throws -> Plan<[[Conductance]]> {
    let parts = try MemoryPlan(self).sequential(extra: 4 * layers * model.configuration.hidden)
    let chosen = sentences.map(words)
    return Plan(
      work: {
        work(of: parts) { members, points in
          let passes = members.map { chosen[$0].count }.max() ?? 0
          return gradientWork(members, points: points)
            + Double(passes) * forwardWork(members, points: points)
        }
      }, form: { emptySums(chosen).map { $0.map(\.result) } }, run: { try conductances(chosen, parts) })
  }

  func internalInfluence() throws -> Plan<[NodeScores]> {
    let parts = try MemoryPlan(self).sequential(extra: 4 * (layers + 2) * model.configuration.hidden)
    return Plan(
      work: {
        // Gradients at heads and skip connections take as long as the reverse pass.
        sentences.reduce(work(of: parts) { 1.5 * gradientWork($0, points: $1) }) { $0 + changesWork($1) }
      }, form: { sentences.map(scoresForm) }, run: { try internalInfluence(parts) })
  }
}

// MARK: Work
extension Request {
  /// That of parts that follow one another.
  private func work(
    of parts: [MemoryPlan.Part], each work: (_ sentences: [Int], _ points: Int) -> Work
  ) -> Work {
    parts.reduce(Work()) { sum, part in
      sum + work(part.sentences, part.points.count)
        + Work(bytes: part.bytes, sequences: part.sentences.count * part.points.count)
    }
  }

  /// What `ends` computes beside the path.
  private var endsWork: Work {
    guard !options.quadrature.containsEnds else { return Work() }
    return forwardWork(Array(sentences.indices), points: 2) + Work(sequences: 2 * sentences.count)
  }
}

// MARK: Forms
extension Request {
  /// Influences that do not add up to the change, so that what is said of such a result is there too.
  private func influenceForm(_ sentence: Sentence) -> InputInfluence {
    result(sentence, (0..<sentence.length).map { sentence.moves($0) ? 1 : 0 }, (start: 0, end: 0))
  }

  private func patternsForm(_ sentence: Sentence, words: [Int]) -> SentencePatterns {
    SentencePatterns(
      target: sentence.positions[sentence.target], inputs: influenceForm(sentence),
      words: words.map { wordForm(sentence, word: $0) })
  }

  /// A word that stays in its place up to the last layer.
  private func wordForm(_ sentence: Sentence, word: Int) -> WordPattern {
    let row = (0..<sentence.length).filter { $0 != word }
    let nodes = (0..<layers).map { $0 == 0 ? [word] : Array(([word] + row).prefix(options.kept)) }
    let zeros = [Float](repeating: 0, count: sentence.length)
    let found = EmbeddingSearch.Partial(
      word: 0, nodes: nodes, value: 0, total: 0, steps: Array(repeating: zeros, count: layers - 1))
    let choices = choicesForm(from: word, to: sentence.target)
    return pattern(
      sentence, word, 1, 1, found, searchesAttention ? choices : nil,
      searchesFeedForward ? stepsForm(choices.choices) : nil)
  }

  private func choicesForm(from word: Int, to target: Int) -> AttentionSearch.Found {
    let heads = [Float](repeating: 0, count: model.configuration.heads)
    return AttentionSearch.Found(
      choices: Array(repeating: -1, count: layers - 1) + [word == target ? -1 : 0],
      heads: Array(repeating: heads, count: layers), skips: Array(repeating: 0, count: layers),
      values: Array(repeating: 0, count: layers))
  }

  private func stepsForm(_ choices: [Int]) -> FeedForwardSearch.Found {
    let isParallel = model.configuration.blocks.isParallel
    let hasChoice = choices.map { !isParallel || $0 < 0 }
    return FeedForwardSearch.Found(
      takes: hasChoice.map { $0 ? .skip : nil }, feedForwards: hasChoice.map { $0 ? 0 : nil },
      skips: hasChoice.map { $0 ? 0 : nil }, value: 0)
  }

  private func scoresForm(_ sentence: Sentence) -> NodeScores {
    let row = Array(repeating: 0.0, count: sentence.paddedLength)
    let heads = Array(
      repeating: Array(repeating: 0.0, count: model.configuration.heads), count: sentence.paddedLength)
    return NodeScores(
      hidden: Array(repeating: row, count: layers + 1), heads: Array(repeating: heads, count: layers),
      skips: Array(repeating: row, count: layers))
  }
}
