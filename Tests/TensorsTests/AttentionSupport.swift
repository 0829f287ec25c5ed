import Foundation

/// Attention of all heads in Double, as the formulas have it.
struct PlainAttention {
  var (queries, keys): (Int, Int)
  var (heads, keyHeads, size): (Int, Int, Int)
  var scale = 0.4
  var cap = 0.0
  /// For each query, the keys that it may read.
  var ranges: [Range<Int>]
  var mask: [Bool]

  var group: Int { heads / keyHeads }
  var queryCount: Int { queries * heads * size }
  var keyCount: Int { keys * keyHeads * size }
  var square: Int { heads * queries * keys }

  struct Result {
    /// (heads, queries, keys): after scale and cap; derivatives of the cap; probabilities.
    var scores: [Double] = []
    var slopes: [Double] = []
    var pattern: [Double] = []
    /// (queries, heads, size)
    var context: [Double]
  }

  /// - Parameter shifts: (heads, queries, keys), added to scores before the cap
  func callAsFunction(query: [Double], key: [Double], value: [Double], shifts: [Double]? = nil) -> Result {
    var result = Result(context: [Double](repeating: 0, count: queryCount))
    for h in 0..<heads {
      for i in 0..<queries {
        let q = (i * heads + h) * size
        let scores = (0..<keys).map { j -> Double in
          let k = (j * keyHeads + h / group) * size
          let product = (0..<size).reduce(0) { $0 + query[q + $1] * key[k + $1] }
          return product * scale + (shifts?[(h * queries + i) * keys + j] ?? 0)
        }
        let capped = cap > 0 ? scores.map { cap * tanh($0 / cap) } : scores
        result.scores += capped
        result.slopes += cap > 0 ? capped.map { 1 - $0 / cap * ($0 / cap) } : capped.map { _ in 1 }
        let pattern = probabilities(capped, query: i)
        result.pattern += pattern
        for j in 0..<keys where pattern[j] > 0 {
          let v = (j * keyHeads + h / group) * size
          for c in 0..<size { result.context[q + c] += pattern[j] * value[v + c] }
        }
      }
    }
    return result
  }

  private func probabilities(_ scores: [Double], query: Int) -> [Double] {
    let read = scores.indices.map { ranges[query].contains($0) && mask[$0] }
    let most = zip(scores, read).filter(\.1).map(\.0).max() ?? 0
    let weights = zip(scores, read).map { $1 ? exp($0 - most) : 0 }
    let total = weights.reduce(0, +)
    return total > 0 ? weights.map { $0 / total } : weights
  }
}

/// Which keys a query reads.
enum Reading: CaseIterable {
  case all, causal, window, none, some

  func ranges(queries: Int, keys: Int) -> [Range<Int>] {
    (0..<queries).map { i in
      let own = min(keys, i + 1)
      return switch self {
      case .all: 0..<keys
      case .causal: 0..<own
      case .window: max(0, own - 3)..<min(keys, own + 2)
      case .none: keys..<keys
      case .some: i % 2 == 0 ? min(i, keys)..<min(i, keys) : min(i % 5, keys - 1)..<keys
      }
    }
  }
}
