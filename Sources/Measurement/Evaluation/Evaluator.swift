import Encoders
import Faults
import Tensors

/// Asks a model many questions, in batches of sequences of similar length.
public struct Evaluator {
  public let model: BertModel
  /// Bytes that a computation may hold at a time, weights apart.
  public let memoryBudget: Int
  /// Called between library calls; what it throws ends the computation.
  public let check: InterruptionCheck

  public init(model: BertModel, memoryBudget: Int, check: @escaping InterruptionCheck) {
    self.model = model
    self.memoryBudget = memoryBudget
    self.check = check
  }

  /// The outcome of each probe.
  ///
  /// - Parameter progress: Told the finished share, 0 to 1.
  public func outcomes(_ probes: [Probe], progress: (Double) -> Void = { _ in }) throws -> [Outcome] {
    var outcomes = [Outcome?](repeating: nil, count: probes.count)
    var done = 0
    for batch in try batches(probes) {
      let result = try model.forward(
        batch.tokens,
        ForwardRequest(quantities: batch.quantities(), interventions: batch.probes.map(\.interventions)),
        check: check)
      for (index, outcome) in zip(batch.indices, batch.outcomes(result.quantities)[0]) {
        outcomes[index] = outcome
      }
      done += batch.indices.count
      progress(Double(done) / Double(probes.count))
    }
    return outcomes.compactMap { $0 }
  }

  func batches(_ probes: [Probe]) throws -> [ProbeBatch] {
    let longest = probes.map(\.ids.count).max() ?? 0
    let maximum = memoryBudget / bytesPerToken(longest)
    guard longest <= maximum else {
      throw MeasurementFault.memory(needed: longest * bytesPerToken(longest), budget: memoryBudget)
    }
    return ProbeBatch.batches(
      probes, maximum: min(maximum, Self.tokensPerBatch), padToken: model.configuration.padToken)
  }

  /// Enough for full matrix products, few enough to stop soon.
  static let tokensPerBatch = 1024

  /// Working memory of a forward pass, for a token of a sequence of `length`.
  func bytesPerToken(_ length: Int) -> Int {
    let c = model.configuration
    return (8 * c.hidden + c.intermediate + 2 * length) * MemoryLayout<Float>.stride
  }
}
