import Attribution
import Transformers
import Faults
import Tensors

/// Sentences, a model, and what several experiments on them share: patterns are searched once, when first asked for.
public final class ExperimentContext {
  public let model: Transformer
  public let rows: [ExperimentRow]
  /// Points, quadrature, memory, and how far searches go: always at least to the attention level.
  public let options: AttributionOptions
  /// Of everything random; a row's random choices depend on this and the row alone.
  public let seed: UInt64
  let attributor: Attributor
  let evaluator: Evaluator
  let execution: Execution
  let check: InterruptionCheck

  private var found: [Int: SentencePatterns]
  private var influences: [Int: InputInfluence] = [:]
  private var nodeMeans: NodeMeans?

  /// Sentences that go through the network together: enough for full matrix products, few enough to stop soon.
  static let batch = 4

  /// - Parameters:
  ///   - patterns: Those that are known already, by row: of the same sentences, with one node in each row, and as far as the
  ///     options say.
  ///   - execution: Whether experiments are made, or their work only counted.
  ///   - check: Called between library calls; what it throws ends the computation.
  public init(
    model: Transformer, rows: [ExperimentRow], options: AttributionOptions, seed: UInt64 = 0,
    patterns: [Int: SentencePatterns] = [:], execution: Execution = .running,
    check: @escaping InterruptionCheck
  ) {
    self.model = model
    self.rows = rows
    var options = options
    (options.words, options.kept, options.beam, options.level) = (nil, 1, 1, max(.attention, options.level))
    self.options = options
    self.seed = seed
    (self.execution, self.check) = (execution, check)
    found = patterns
    attributor = Attributor(model: model, execution: execution)
    evaluator = Evaluator(
      model: model, memoryBudget: options.memoryBudget, execution: execution, check: check)
  }

  var layers: Int { model.configuration.layers }
  var heads: Int { model.configuration.heads }

  /// The patterns of some rows at all levels that the options ask for.
  public func patterns(_ rows: [Int]) throws -> [SentencePatterns] {
    let missing = rows.filter { found[$0] == nil }
    for start in stride(from: 0, to: missing.count, by: Self.batch) {
      let part = missing[start..<min(start + Self.batch, missing.count)]
      let results = try attributor.patterns(part.map { self.rows[$0].input }, options: options, check: check)
      for (row, result) in zip(part, results) { found[row] = result }
    }
    return rows.compactMap { found[$0] }
  }

  /// The input influences of some rows, without searching patterns.
  func inputInfluence(_ rows: [Int]) throws -> [InputInfluence] {
    let missing = rows.filter { found[$0] == nil && influences[$0] == nil }
    if !missing.isEmpty {
      let results = try attributor.inputInfluence(
        missing.map { self.rows[$0].input }, options: options, check: check)
      for (row, result) in zip(missing, results) { influences[row] = result }
    }
    return rows.compactMap { found[$0]?.inputs ?? influences[$0] }
  }

  /// Means over all rows of hidden states, heads and skip connections, at the third level also of feed-forward branches and
  /// the skip connections beside them, at each position.
  func means() throws -> NodeMeans {
    if let nodeMeans { return nodeMeans }
    let nodes = (0..<layers).flatMap { layer -> [Node] in
      [.head(layer: layer, head: 0), .skip(layer: layer)]
        + (options.level == .feedForward
          ? [.feedForward(layer: layer), .feedForward(layer: layer, isSkip: true)] : [])
    }
    let sites = model.configuration.blocks.sites(of: nodes).union((0...layers).map(Site.hidden))
    var sums = ActivationMeans()
    // One at a time: rounding depends on the batch, and means are not to depend on how rows are put together.
    try ActivationRun(
      model: model, sites: sites, memoryBudget: options.memoryBudget, limit: 1, execution: execution,
      check: check
    )
    .each(rows.map(\.sequence)) { sums.add($1, length: rows[$0].length) }
    let means = NodeMeans(sums, of: sites, in: model.configuration.blocks, scope: .position)
    nodeMeans = means
    return means
  }

  /// Random numbers for one row and one use of them.
  func generator(_ row: Int, use: UInt64) -> SplitMix64 {
    var mixer = SplitMix64(state: seed)
    let first = mixer.next()
    mixer = SplitMix64(state: first &+ UInt64(row))
    let second = mixer.next()
    return SplitMix64(state: second &+ use)
  }
}
