import Encoders

/// Work that is logged instead of done, and results in the form of real ones, whose numbers mean nothing.
extension Request {
  /// Logs the work of parts that follow one another.
  func rehearse(
    _ plan: [MemoryPlan.Part], _ log: WorkLog, work: (_ sentences: [Int], _ points: Int) -> Work
  ) {
    for part in plan {
      log.add(
        work(part.sentences, part.points.count)
          + Work(bytes: part.bytes, sequences: part.sentences.count * part.points.count))
    }
  }

  /// Logs what `ends` computes beside the path.
  private func rehearseEnds(_ log: WorkLog) {
    guard options.quadrature == .gauss else { return }
    log.add(
      forwardWork(Array(sentences.indices), points: 2) + Work(sequences: 2 * sentences.count))
  }

  func rehearseInfluence(_ plan: [MemoryPlan.Part], _ log: WorkLog) -> [InputInfluence] {
    rehearse(plan, log, work: gradientWork)
    rehearseEnds(log)
    return sentences.map(standIn)
  }

  /// Influences that do not add up to the change, so that what is said of such a result is there too.
  private func standIn(_ sentence: Sentence) -> InputInfluence {
    result(sentence, (0..<sentence.length).map { sentence.moves($0) ? 1 : 0 }, (start: 0, end: 0))
  }

  func rehearsePatterns(_ plan: [MemoryPlan.Group], _ words: [[Int]], _ log: WorkLog) -> [SentencePatterns] {
    for group in plan {
      log.add(
        searchWork(group, words: words.map(\.count))
          + Work(bytes: group.bytes, sequences: group.sentences.count * options.points))
    }
    rehearseEnds(log)
    return zip(sentences, words).map { sentence, words in
      SentencePatterns(
        target: sentence.positions[sentence.target], inputs: standIn(sentence),
        words: words.map { standIn(sentence, word: $0) })
    }
  }

  /// A word that stays in its place up to the last layer.
  private func standIn(_ sentence: Sentence, word: Int) -> WordPattern {
    let row = (0..<sentence.length).filter { $0 != word }
    let nodes = (0..<layers).map { $0 == 0 ? [word] : Array(([word] + row).prefix(options.kept)) }
    let zeros = [Float](repeating: 0, count: sentence.length)
    let found = EmbeddingSearch.Partial(
      word: 0, nodes: nodes, value: 0, total: 0, steps: Array(repeating: zeros, count: layers - 1))
    return pattern(
      sentence, word, 1, 1, found, searchesAttention ? standIn(from: word, to: sentence.target) : nil)
  }

  private func standIn(from word: Int, to target: Int) -> AttentionSearch.Found {
    let heads = [Float](repeating: 0, count: model.configuration.heads)
    return AttentionSearch.Found(
      choices: Array(repeating: -1, count: layers - 1) + [word == target ? -1 : 0],
      heads: Array(repeating: heads, count: layers), skips: Array(repeating: 0, count: layers),
      values: Array(repeating: 0, count: layers))
  }
}
