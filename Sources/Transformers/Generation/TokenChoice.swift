import RealModule
import Tensors

/// How the next token is chosen by its logits.
public enum TokenChoice: Sendable, Equatable {
  /// The one of the largest logit; of equal ones the first.
  case greedy
  /// At random, in proportion to exp(logit / temperature), among the `top` tokens of the largest logits, of equal ones the
  /// first; nil for all. The temperature is positive.
  case sampled(temperature: Double, top: Int?)
}

/// Chooses tokens, one after another; the same ones for the same seed.
struct TokenSampler {
  let choice: TokenChoice
  private var generator: SplitMix64

  init(_ choice: TokenChoice, seed: Int) {
    self.choice = choice
    generator = SplitMix64(state: UInt64(truncatingIfNeeded: seed))
  }

  /// - Precondition: logits are finite, and there is one.
  mutating func next(_ logits: UnsafeBufferPointer<Float>) -> Int {
    guard case .sampled(let temperature, let top) = choice else { return largest(of: logits) }
    guard let top, top < logits.count else { return draw(logits.indices, logits, temperature) }
    return draw(best(top, of: logits), logits, temperature)
  }

  private func largest(of logits: UnsafeBufferPointer<Float>) -> Int {
    var best = 0
    for id in logits.indices where logits[id] > logits[best] { best = id }
    return best
  }

  private mutating func draw(
    _ candidates: some Collection<Int>, _ logits: UnsafeBufferPointer<Float>, _ temperature: Double
  ) -> Int {
    let most = Double(candidates.lazy.map { logits[$0] }.max() ?? 0)
    let weights = candidates.map { Double.exp((Double(logits[$0]) - most) / temperature) }
    // 53 bits: uniform in 0 ..< 1.
    let share = Double(generator.next() >> 11) * 0x1p-53
    var left = share * weights.reduce(0, +)
    var last = largest(of: logits)
    for (id, weight) in zip(candidates, weights) where weight > 0 {
      if left < weight { return id }
      left -= weight
      last = id
    }
    // Rounding has left a rest.
    return last
  }

  /// Those of the largest logits, largest first.
  private func best(_ count: Int, of logits: UnsafeBufferPointer<Float>) -> [Int] {
    var best: [Int] = []
    for id in logits.indices {
      if best.count == count, let last = best.last, !(logits[id] > logits[last]) { continue }
      best.insert(id, at: place(of: logits[id], in: best, logits))
      if best.count > count { best.removeLast() }
    }
    return best
  }

  /// Behind those that are as large.
  private func place(of logit: Float, in best: [Int], _ logits: UnsafeBufferPointer<Float>) -> Int {
    var range = 0..<best.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if logits[best[middle]] >= logit {
        range = middle + 1..<range.upperBound
      } else {
        range = range.lowerBound..<middle
      }
    }
    return range.lowerBound
  }
}
