import Tensors
import Transformers

enum Side: CaseIterable { case left, right }

/// Sentences of different lengths in one batch, filled up on one side.
func padded(_ sentences: [[Int32]], _ side: Side, with token: Int) -> TokenBatch {
  let length = sentences.map(\.count).max() ?? 0
  func filled<T>(_ own: [T], _ filling: T) -> [T] {
    let gap = Array(repeating: filling, count: length - own.count)
    return side == .right ? own + gap : gap + own
  }
  return TokenBatch(
    ids: sentences.flatMap { filled($0, Int32(token)) },
    types: Array(repeating: 0, count: sentences.count * length),
    mask: sentences.flatMap { filled($0.map { _ in true }, false) }, rows: sentences.count, length: length)
}

func single(_ ids: [Int32]) -> TokenBatch { TokenBatch(sequences: [(ids, ids.map { _ in 0 })], padToken: 0) }

/// The largest difference, of the largest expected value; infinite where shapes or NaN differ.
func relativeDifference(_ found: Tensor?, _ expected: Tensor) -> Double {
  guard let found, found.shape == expected.shape else { return .infinity }
  let finite = expected.values.filter(\.isFinite).map { Double(abs($0)) }
  return maximumDifference(found.values, expected.values.map(Double.init)) / max(finite.max() ?? 0, 1e-6)
}
