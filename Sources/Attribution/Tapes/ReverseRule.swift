import Tensors
import Transformers

/// How a reverse pass goes through what is not linear.
public enum ReverseRule: Sendable, Equatable {
  /// Derivatives.
  case exact
  /// Relevance: the scales of norms are held, an activation is f(u)/u times its input, each factor of a gated product gets
  /// half. Values stay the same. `holdsAttention` also holds the attention probabilities.
  ///
  /// Rezaei Jafari et al., "RelP: Faithful and Efficient Circuit Discovery via Relevance Patching", 2025 (2508.21258); the rules
  /// are those of Achtibat et al., "AttnLRP", ICML 2024.
  case relevance(holdsAttention: Bool)

  var isExact: Bool { self == .exact }
  var holdsAttention: Bool { self == .relevance(holdsAttention: true) }
}

extension BlockDerivatives {
  /// Nothing goes back through the probabilities: queries and keys, rows as far apart as the tape's, get 0.
  func holdAttention(_ tape: BlockTape, query: MutableFloats, key: MutableFloats) {
    tape.scoreGradient.update(
      repeating: 0, count: tape.isLast ? layout.heads * layout.tokens : layout.squares)
    for row in 0..<tape.outputs {
      (query + row * tape.queryStride).update(repeating: 0, count: queryWidth)
    }
    for row in 0..<layout.tokens {
      (key + row * tape.keyStride).update(repeating: 0, count: keyWidth)
    }
  }
}

extension BlockTape {
  /// Makes the derivatives of norms those of norms whose scale does not change: only what they normalize enters by it.
  func holdNormScales(of block: Block) {
    let (d, heads) = (block.hidden, block.attention.heads)
    let tokens = layout.tokens
    let parts: [(NormTape?, Int)] = [
      (norms.beforeAttention, tokens * d), (norms.afterAttention, outputs * d),
      (norms.attentionSum, outputs * d), (norms.beforeFeedForward, outputs * d),
      (norms.afterFeedForward, outputs * d), (norms.feedForwardSum, outputs * d),
      (norms.queries, outputs * heads.queryWidth), (norms.keys, tokens * heads.keyWidth),
    ]
    for case (let tape?, let count) in parts { tape.normalized.update(repeating: 0, count: count) }
  }
}
