import Attribution
import Encoders
import Faults
import Tensors

/// Sentences, a model, and what several experiments on them share: patterns are searched once, when first asked for.
public final class ExperimentContext {
  public let model: BertModel
  public let rows: [ExperimentRow]
  /// Points, quadrature and memory. Searches always go to the attention level.
  public let options: AttributionOptions
  /// Of everything random; a row's random choices depend on this and the row alone.
  public let seed: UInt64
  let attributor: Attributor
  let evaluator: Evaluator
  let check: InterruptionCheck

  private var found: [Int: SentencePatterns]
  private var influences: [Int: InputInfluence] = [:]
  private var meanActivations: MeanValues?

  /// Sentences that go through the network together: enough for full matrix products, few enough to stop soon.
  static let batch = 4

  /// - Parameters:
  ///   - patterns: Those that are known already, by row: of the same sentences, with one node in each row and with heads.
  ///   - check: Called between library calls; what it throws ends the computation.
  public init(
    model: BertModel, rows: [ExperimentRow], options: AttributionOptions, seed: UInt64 = 0,
    patterns: [Int: SentencePatterns] = [:], check: @escaping InterruptionCheck
  ) {
    self.model = model
    self.rows = rows
    var options = options
    (options.words, options.kept, options.beam, options.attentionLevel) = (nil, 1, 1, true)
    self.options = options
    self.seed = seed
    self.check = check
    found = patterns
    attributor = Attributor(model: model)
    evaluator = Evaluator(model: model, memoryBudget: options.memoryBudget, check: check)
  }

  var layers: Int { model.configuration.layers }
  var heads: Int { model.configuration.heads }

  /// The patterns of some rows at both levels.
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

  /// Means over all rows, of each node at each position.
  func means() throws -> MeanValues {
    if let meanActivations { return meanActivations }
    let means = try MeanValues(rows, model, check)
    meanActivations = means
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

/// Mean hidden states and context vectors at each position, over the sentences that have it.
final class MeanValues {
  private let means: ActivationMeans
  /// Values of nodes without a position.
  private var values: [Node: Replacement.Value] = [:]

  init(_ rows: [ExperimentRow], _ model: BertModel, _ check: @escaping InterruptionCheck) throws {
    let layers = 0..<model.configuration.layers
    let sites = layers.flatMap { [Site(.residPost, layer: $0), Site(.z, layer: $0)] }
    let capture = Set([Site(.embed)] + sites)
    var means = ActivationMeans()
    for row in rows {
      let batch = TokenBatch(
        sequences: [(ids: row.ids, types: row.types)], padToken: model.configuration.padToken)
      let request = ForwardRequest(capture: capture, interventions: [row.interventions])
      let activations = try model.forward(batch, request, check: check).activations
      means.add(activations.mapValues { $0[0] }, length: row.length)
    }
    self.means = means
  }

  func callAsFunction(_ node: Node) -> Replacement.Value {
    let whole = Node(layer: node.layer, component: node.component)
    if let value = values[whole] { return value }
    // A skip connection carries the block's input: the hidden states of the row before.
    let site: Site =
      if node.component == .skip, let layer = node.layer {
        layer == 0 ? Site(.embed) : Site(.residPost, layer: layer - 1)
      } else { node.site }
    let value = Replacement.Value.positions(whole.values(in: means.perPosition(site)))
    values[whole] = value
    return value
  }
}
