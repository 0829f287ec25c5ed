import Attribution
import Transformers
import SystemCalls
import Tensors

/// Times the patterns of all words of a sentence beside plain forward passes over the same points and tokens: up to the level of
/// hidden states, of heads (the default) or of feed-forward branches.
///
///     ipsh-bench patterns length=11 points=50 repeats=5
///     ipsh-bench patterns folder=PATH length=11 levels=3 megabytes=500
struct PatternsBenchmark {
  private let model: Transformer
  private let attributor: Attributor
  let length: Int
  let points: Int
  let repeats: Int
  let levels: Int
  /// Bytes, or nil for the default.
  let budget: Int?

  init(_ sizes: Sizes, _ source: ModelSource) throws {
    model = try source.model(sizes)
    attributor = Attributor(model: model)
    (length, points) = (sizes["length"] ?? 11, sizes["points"] ?? 50)
    (repeats, levels) = (sizes["repeats"] ?? 5, sizes["levels"] ?? 2)
    budget = sizes["megabytes"].map { $0 * 1_000_000 }
  }

  /// The two are timed in turns, so that both see the same machine.
  func run() throws {
    print("\(BLAS.coreName) kernels, \(BLAS.threads) threads, n = \(length), K = \(points), \(levels) levels")
    let (batch, words, request) = plainForward()
    var (forward, patterns): ([Double], [Double]) = ([], [])
    for _ in 0...repeats {
      forward.append(try seconds { _ = try model.forward(batch, words: words, request, check: {}) })
      patterns.append(try seconds { _ = try findPatterns() })
    }
    let (plain, found) = (median(forward.dropFirst()), median(patterns.dropFirst()))
    print("forward  \(milliseconds(plain)) ms")
    print("patterns \(milliseconds(found)) ms (the first time \(milliseconds(patterns[0])) ms)")
    print("ratio    \((found / plain * 100).rounded() / 100)")
    print("peak memory \(peakMegabytes()) MB")
  }

  private var target: Int { model.configuration.usualTarget(length: length) }

  private func ids() -> [Int32] {
    (0..<length).map { Int32(($0 + 1) * 7919 % model.configuration.vocabulary) }
  }

  private func findPatterns() throws -> [SentencePatterns] {
    let quantity = QuantityOfInterest(terms: [
      .init(coefficient: 1, readout: .logit, output: .token(2003 % model.configuration.vocabulary)),
      .init(coefficient: -1, readout: .logit, output: .token(2024 % model.configuration.vocabulary)),
    ])
    let input = AttributionInput(
      ids: ids(), types: Array(repeating: 0, count: length), target: target, quantity: quantity,
      baseline: Baseline(.token(Int(ids()[target]))))
    var options = AttributionOptions(
      points: points, level: levels > 2 ? .feedForward : levels > 1 ? .attention : .embedding)
    if let budget { options.memoryBudget = budget }
    return try attributor.patterns([input], options: options, check: {})
  }

  private func plainForward() -> (TokenBatch, Tensor, ForwardRequest) {
    let count = points * length
    let batch = TokenBatch(
      ids: (0..<points).flatMap { _ in ids() }, types: Array(repeating: 0, count: count),
      mask: Array(repeating: true, count: count), rows: points, length: length)
    let words = Tensor(shape: [points, length, model.configuration.embeddingSize]) { values in
      for i in values.indices { values[i] = Float(i % 97) / 97 - 0.5 }
    }
    let positions = (0..<points).map { (row: $0, position: target) }
    return (batch, words, ForwardRequest(wordPositions: positions))
  }
}

private func seconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body) / .seconds(1)
}

private func median(_ values: some Collection<Double>) -> Double {
  let sorted = values.sorted()
  return sorted[sorted.count / 2]
}

private func milliseconds(_ seconds: Double) -> Double { (seconds * 10000).rounded() / 10 }

func peakMegabytes() -> Int {
  var usage = rusage()
  getrusage(0, &usage)  // RUSAGE_SELF, which the two systems import differently
  return usage.ru_maxrss / 1024
}
