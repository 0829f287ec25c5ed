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
    let inner = try transformed(hidden, rows: rows, check: check)
    defer { withExtendedLifetime(inner) {} }
    try decoder(inner.base, rows: rows, into: logits, check: check)
  }

  /// What the decoder reads, LN(f(h Wt + bt)): (rows, d).
  package func transformed(_ hidden: Floats, rows: Int, check: InterruptionCheck) throws -> Storage {
    let inner = Storage(uninitializedCount: rows * transform.outputs)
    try transform.multiply(hidden, rows: rows, into: inner.base, check: check)
    activation(inner.base, bias: transform.bias, rows: rows, pre: nil, post: inner.base)
    norm(inner.base, rows: rows, into: inner.base)
    return inner
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
