import CKernels
import Faults
import Tensors

/// logits = LN(f(h Wt + bt)) E' + b.
package struct MaskedLMHead: Sendable {
  package let transform: Linear
  package let activation: Activation
  package let norm: LayerNorm
  /// (V, d); its weight is the word embedding unless the checkpoint has another.
  package let decoder: Linear

  /// Logits (rows, V) of hidden states (rows, d).
  package func callAsFunction(
    _ hidden: Floats, rows: Int, into logits: MutableFloats, check: InterruptionCheck
  ) throws {
    let inner = Storage(uninitializedCount: rows * transform.outputs)
    defer { withExtendedLifetime(inner) {} }
    try transform.multiply(hidden, rows: rows, into: inner.base, check: check)
    activation(inner.base, bias: transform.bias, rows: rows, pre: nil, post: inner.base)
    norm(inner.base, rows: rows, into: inner.base)
    try decoder(inner.base, rows: rows, into: logits, check: check)
  }
}

/// pooled = tanh(h Wp + bp) of the first token.
package struct Pooler: Sendable {
  package let dense: Linear

  /// Pooled states (rows, d) of hidden states (rows, d).
  package func callAsFunction(
    _ hidden: Floats, rows: Int, into pooled: MutableFloats, check: InterruptionCheck
  ) throws {
    try dense.multiply(hidden, rows: rows, into: pooled, check: check)
    ck_bias_tanh_in_place(pooled, dense.bias.pointer, rows, dense.outputs)
  }
}
