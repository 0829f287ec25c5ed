import Transformers
import Faults
import Tensors

/// Asks a model many questions, in batches of sequences of similar length.
public struct Evaluator {
  public let model: Transformer
  /// Bytes that a computation may hold at a time, weights apart.
  public let memoryBudget: Int
  /// Whether the model is run, or its work only counted.
  let execution: Execution
  /// Called between library calls; what it throws ends the computation.
  public let check: InterruptionCheck

  public init(
    model: Transformer, memoryBudget: Int, execution: Execution = .running, check: @escaping InterruptionCheck
  ) {
    self.model = model
    self.memoryBudget = memoryBudget
    self.execution = execution
    self.check = check
  }

  func run(_ batch: TokenBatch, _ request: ForwardRequest) throws -> ForwardResult {
    try execution.perform(model.plan(batch, request, check: check))
  }

  /// The outcome of each probe.
  ///
  /// - Parameter progress: Told the finished share, 0 to 1.
  public func outcomes(_ probes: [Probe], progress: (Double) -> Void = { _ in }) throws -> [Outcome] {
    var outcomes = [Outcome?](repeating: nil, count: probes.count)
    var done = 0
    for batch in try batches(probes) {
      let result = try run(
        batch.tokens,
        ForwardRequest(quantities: batch.quantities(), interventions: batch.probes.map(\.interventions)))
      for (index, outcome) in zip(batch.indices, batch.outcomes(result.quantities)[0]) {
        outcomes[index] = outcome
      }
      done += batch.indices.count
      progress(Double(done) / Double(probes.count))
    }
    return outcomes.compactMap { $0 }
  }

  /// - Parameter logits: whether each row's logits are wanted as well as its quantities.
  func batches(_ probes: [Probe], logits: Bool = false) throws -> [ProbeBatch] {
    guard let longest = probes.map(\.ids.count).max() else { return [] }
    let bytes = bytesPerRow(probes, logits: logits)
    guard bytes <= memoryBudget else { throw MemoryFault(needed: bytes, budget: memoryBudget) }
    return ProbeBatch.batches(
      probes, maximum: min(memoryBudget / bytes * longest, Self.tokensPerBatch),
      padToken: model.configuration.fillingToken)
  }

  /// Enough for full matrix products, few enough to stop soon.
  static let tokensPerBatch = 1024

  /// What a row of a batch of these takes at most.
  func bytesPerRow(_ probes: [Probe], logits: Bool = false) -> Int {
    let longest = probes.map(\.ids.count).max() ?? 0
    return probes.map { probe in
      let readsLabels = probe.quantity.readsLabels
      let request = ForwardRequest(
        wordPositions: logits && !readsLabels ? [(0, probe.target)] : [],
        classify: logits && readsLabels,
        quantities: ([probe.quantity] + probe.criteria).map { (0, probe.target, $0) },
        interventions: [probe.interventions])
      return ForwardExtent(model, request, rows: 1, length: longest).memory
    }.max() ?? 0
  }
}
