import Transformers
import Tensors

/// How far a model's answer under interventions is from that of the intact model.
public struct Divergence: Sendable, Equatable {
  /// KL(P || P'), in nats: P the intact model's distribution at the target, P' that under interventions.
  public let kullbackLeibler: Double
  public let intact: Outcome
  public let changed: Outcome

  /// Q' - Q.
  public var difference: Double { changed.value - intact.value }
}

extension Evaluator {
  /// Runs each probe with and without its interventions.
  public func divergences(_ probes: [Probe], progress: (Double) -> Void = { _ in }) throws -> [Divergence] {
    var results = [Divergence?](repeating: nil, count: probes.count)
    var done = 0
    for batch in try batches(probes, logits: true) {
      let (before, after) = (try answers(batch, intact: true), try answers(batch, intact: false))
      for (row, index) in batch.indices.enumerated() {
        results[index] = Divergence(
          kullbackLeibler: relativeEntropy(before.logits[row], after.logits[row]),
          intact: before.outcomes[row], changed: after.outcomes[row])
      }
      done += batch.indices.count
      progress(Double(done) / Double(probes.count))
    }
    return results.compactMap { $0 }
  }

  /// The logits that each probe's quantity reads, and its outcome.
  private func answers(
    _ batch: ProbeBatch, intact: Bool
  ) throws -> (logits: [Tensor], outcomes: [Outcome]) {
    let words = batch.probes.indices.filter { !batch.probes[$0].quantity.readsLabels }
    let request = ForwardRequest(
      wordPositions: words.map { ($0, batch.probes[$0].target) },
      classify: words.count < batch.probes.count, quantities: batch.quantities(),
      interventions: intact ? [] : batch.probes.map(\.interventions))
    let result = try run(batch.tokens, request)
    let places = Dictionary(uniqueKeysWithValues: zip(words, words.indices))
    let logits = batch.probes.indices.compactMap { row in
      places[row].flatMap { place in result.wordLogits.map { $0[place] } }
        ?? result.classLogits.map { $0[row] }
    }
    return (logits, batch.outcomes(result.quantities)[0])
  }
}

/// KL(softmax(a) || softmax(b)) = sum_i p_i ((a_i - log Z_a) - (b_i - log Z_b)), in Double.
///
/// 0 for equal logits, never below 0 but for rounding (about 1e-7).
public func relativeEntropy(_ a: Tensor, _ b: Tensor) -> Double {
  precondition(a.count == b.count, "logits of \(a.shape) and \(b.shape)")
  return a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      let (first, second) = (logSumExp(a), logSumExp(b))
      return a.indices.reduce(0) { sum, i in
        let p = probability(a[i], first)
        return p == 0 ? sum : sum + p * ((Double(a[i]) - first) - (Double(b[i]) - second))
      }
    }
  }
}
