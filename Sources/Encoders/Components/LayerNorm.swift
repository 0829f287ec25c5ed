import CKernels
import Tensors

/// (x - mean) / sqrt(variance + epsilon) * gain + shift over the last dimension, biased variance.
package struct LayerNorm: Sendable {
  /// (width)
  package let gain: Tensor
  /// (width)
  package let shift: Tensor
  package let epsilon: Float

  package var width: Int { gain.count }

  /// y = LN(x), both (rows, width), possibly the same.
  package func callAsFunction(_ x: Floats, rows: Int, into y: MutableFloats) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      ck_layer_norm(x + start, gain.pointer, shift.pointer, epsilon, y + start, part.count, width)
    }
  }

  /// raw = x + bias + residual, y = LN(raw); all (rows, width) but the bias (width).
  ///
  /// `raw` may be `x`, and `y` may be `residual`.
  package func callAsFunction(
    _ x: Floats, bias: Tensor, residual: Floats, rows: Int, raw: MutableFloats, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      ck_residual_layer_norm(
        x + start, bias.pointer, residual + start, gain.pointer, shift.pointer, epsilon, raw + start,
        y + start, part.count, width)
    }
  }
}
