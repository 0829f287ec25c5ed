import Transformers

/// Divides sentences and points into parts that fit the memory budget.
struct MemoryPlan {
  /// Sentences and points that are computed together.
  struct Part {
    let sentences: [Int]
    let points: Range<Int>
    /// That are held meanwhile.
    let bytes: Int
  }

  /// Sentences whose patterns are searched together.
  ///
  /// A choice needs the mean over all points before the next layer can begin, so with more than one part of the points
  /// the parts take turns in the memory of the tapes: each keeps only the input and the gradient of every layer (2 rows
  /// of d for each token and layer instead of about 13), and a layer's tape is computed again when the search comes to
  /// it. That is at most one reverse and five forward passes more than the two passes and the chains of a whole search.
  struct Group {
    let sentences: [Int]
    let parts: [Range<Int>]
    /// That are held meanwhile.
    let bytes: Int
  }

  private let request: Request
  private let budget: Int
  private let count: Int

  init(_ request: Request) {
    self.request = request
    (budget, count) = (request.options.memoryBudget, request.points.count)
  }

  /// For computations that add up over points, so that parts follow one another: no larger than groups of sentences are,
  /// however large the budget. Beyond the tapes `extra` is bytes per token and point, `fixed` per token whatever the points.
  func sequential(extra: Int = 0, fixed: Int = 0) throws -> [Part] {
    let perPoint = request.sentences.map { tapeBytes([$0]) + extra * $0.length + $0.editBytes }
    let lengths = request.sentences.map(\.length)
    let whole = zip(perPoint, lengths).map { $0 * count + fixed * $1 }
    return try groups(whole).flatMap { group -> [Part] in
      let bytes = group.reduce(0) { $0 + perPoint[$1] }
      let held = fixed * group.reduce(0) { $0 + lengths[$1] }
      let size = min(count, max(0, budget - held) / max(1, bytes))
      guard size > 0 else {
        throw AttributionFault.budgetTooSmall(needed: held + bytes, budget: budget, points: 1)
      }
      let tokens = group.reduce(0) { $0 + request.sentences[$1].length }
      let pointsPerPart = min(size, max(1, Self.tokensPerGroup / tokens))
      return split(count, by: pointsPerPart).map {
        Part(sentences: group, points: $0, bytes: held + bytes * $0.count)
      }
    }
  }

  /// For searches, of which every choice needs all points.
  func search(words: [Int]) throws -> [Group] {
    let whole = request.sentences.indices.map { s in
      count * (tapeBytes([request.sentences[s]]) + searchBytes(request.sentences[s], words: words[s]))
    }
    return try groups(whole).map { group in
      let bytes = group.reduce(0) { $0 + whole[$1] }
      guard bytes > budget, let sentence = group.first else {
        return Group(sentences: group, parts: [0..<count], bytes: bytes)
      }
      let kept =
        count * (keptBytes(sentence) + searchBytes(request.sentences[sentence], words: words[sentence]))
      let tape = tapeBytes([request.sentences[sentence]])
      let size = min(count, (budget - kept) / tape)
      guard size > 0 else {
        throw AttributionFault.budgetTooSmall(needed: kept + tape, budget: budget, points: count)
      }
      return Group(sentences: group, parts: split(count, by: size), bytes: kept + size * tape)
    }
  }

  /// Products of this many rows are as fast as larger ones, more memory only costs time, and interruptions are looked for
  /// between operations on so many rows.
  private static let tokensPerGroup = 2048

  /// Consecutive sentences that fit together and are worth it; at least one in each group.
  private func groups(_ bytes: [Int]) -> [[Int]] {
    var groups: [[Int]] = []
    var (sum, tokens) = (0, 0)
    for (sentence, size) in bytes.enumerated() {
      let length = count * request.sentences[sentence].length
      (sum, tokens) = (sum + size, tokens + length)
      if sum <= budget, tokens <= Self.tokensPerGroup, !groups.isEmpty {
        groups[groups.count - 1].append(sentence)
      } else {
        groups.append([sentence])
        (sum, tokens) = (size, length)
      }
    }
    return groups
  }

  private func split(_ count: Int, by size: Int) -> [Range<Int>] {
    let parts = (count + size - 1) / size
    return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
  }

  private var configuration: TransformerConfiguration { request.model.configuration }

  /// Bytes of one point: tapes, workspace and the block's own.
  private func tapeBytes(_ sentences: [Sentence]) -> Int {
    let tokens = sentences.reduce(0) { $0 + $1.length }
    let workspace = DerivativeWorkspace.size(configuration)
    return TapeSet.bytesPerPoint(sentences, request.model) + 4 * tokens
      * (workspace + configuration.embeddingSize + configuration.hidden + 1)
  }

  /// Bytes of one point that carriers and chains take: tangents, projections, contexts and those that wait for a choice of a layer,
  /// and two rows for each layer of the chains with three of the layer at hand.
  private func searchBytes(_ sentence: Sentence, words: Int) -> Int {
    let carriers = words * max(request.options.kept, request.options.beam)
    let chains = request.options.level == .embedding ? 0 : (2 * configuration.layers + 3) * words
    let wide =
      max(0, carriers - sentence.length)
      * ((configuration.blocks.isGated ? 3 : 1) * configuration.intermediate + 4 * configuration.hidden)
    let waiting = request.options.level == .feedForward ? words : 0
    let rows =
      (carriers * 6 + waiting + chains) * max(configuration.hidden, configuration.queryWidth)
    return 4 * (rows + carriers * sentence.length + wide) + sentence.editBytes
  }

  /// Bytes of one point that stay when its tapes are given up: inputs and gradients of each layer.
  private func keptBytes(_ sentence: Int) -> Int {
    4 * request.sentences[sentence].length * (2 * configuration.layers + 3) * configuration.hidden
  }
}
