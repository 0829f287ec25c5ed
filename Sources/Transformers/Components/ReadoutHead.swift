import RealModule
import Faults
import Tensors

/// What reads a model's last hidden states: logits of words or of classes.
///
///     logits = c(transform(h) E' + b),  transform(h) = N(f(h Wt + bt)),  c(s) = cap tanh(s / cap) where there is a cap
package struct ReadoutHead: Sendable {
  /// A dense layer with its activation and perhaps a norm.
  package struct Transform: Sendable {
    package let dense: Linear
    package let activation: Activation
    package let norm: Norm?

    package init(dense: Linear, activation: Activation, norm: Norm? = nil) {
      (self.dense, self.activation, self.norm) = (dense, activation, norm)
    }

    /// (rows, outputs) of hidden states (rows, d).
    package func callAsFunction(
      _ hidden: Floats, rows: Int, into inner: MutableFloats, isAlone: Bool = false, check: InterruptionCheck
    ) throws {
      try dense.multiply(hidden, rows: rows, into: inner, isAlone: isAlone, check: check)
      activation(inner, bias: dense.bias, rows: rows, post: inner)
      norm?(inner, rows: rows, into: inner)
    }
  }

  package let transform: Transform?
  /// (V, e): the word embeddings in most checkpoints; or (C, d).
  package let decoder: Linear
  /// Of logits; 0 for none.
  package let cap: Float

  package init(transform: Transform? = nil, decoder: Linear, cap: Float = 0) {
    (self.transform, self.decoder, self.cap) = (transform, decoder, cap)
  }

  /// Logits (rows, outputs) of hidden states (rows, d).
  package func callAsFunction(
    _ hidden: Floats, rows: Int, into logits: MutableFloats, isAlone: Bool = false, check: InterruptionCheck
  ) throws {
    let inner = try transformed(hidden, rows: rows, isAlone: isAlone, check: check)
    defer { withExtendedLifetime(inner) {} }
    try decode(inner.base, rows: rows, into: logits, isAlone: isAlone, check: check)
  }

  /// What the decoder reads: (rows, inputs of the decoder).
  package func transformed(
    _ hidden: Floats, rows: Int, isAlone: Bool = false, check: InterruptionCheck
  ) throws -> Storage {
    let inner = Storage(uninitializedCount: rows * decoder.inputs)
    if let transform {
      try transform(hidden, rows: rows, into: inner.base, isAlone: isAlone, check: check)
    } else {
      inner.base.update(from: hidden, count: rows * decoder.inputs)
    }
    return inner
  }

  /// Logits of what the decoder reads.
  package func decode(
    _ inner: Floats, rows: Int, into logits: MutableFloats, isAlone: Bool = false, check: InterruptionCheck
  ) throws {
    try decoder(inner, rows: rows, into: logits, isAlone: isAlone, check: check)
    guard cap > 0 else { return }
    for i in 0..<rows * decoder.outputs { logits[i] = Float(capped(Double(logits[i]))) }
  }

  package func capped(_ logit: Double) -> Double {
    cap > 0 ? Double(cap) * Double.tanh(logit / Double(cap)) : logit
  }

  /// The derivative of the cap where it gives `capped`.
  package func slope(at capped: Double) -> Double {
    guard cap > 0 else { return 1 }
    let share = capped / Double(cap)
    return 1 - share * share
  }
}
