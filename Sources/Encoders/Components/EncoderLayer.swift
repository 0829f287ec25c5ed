import Tensors

/// The weights of one post-layer-norm block.
///
/// q, k, v = x Wqkv; z = attention; u = LN(z Wo + x); y = LN(f(u W1) W2 + u).
package struct EncoderLayer: Sendable {
  /// Query, key and value in one: (3d, d).
  package let qkv: Linear
  package let attention: Attention
  /// Wo: (d, d).
  package let output: Linear
  package let attentionNorm: LayerNorm
  /// W1: (I, d).
  package let up: Linear
  package let activation: Activation
  /// W2: (d, I).
  package let down: Linear
  package let outputNorm: LayerNorm

  package var hidden: Int { output.outputs }
  package var intermediate: Int { up.outputs }
}
