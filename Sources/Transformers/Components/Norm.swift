import CKernels
import Tensors

/// A norm over the last dimension of x, of rows on their own.
///
///     layer norm   (x - mean) / sqrt(variance + epsilon) gain + shift, biased variance
///     RMS norm     x / sqrt(mean x² + epsilon) gain
///
/// Ba, Kiros, Hinton, "Layer Normalization", 2016; Zhang, Sennrich, "Root Mean Square Layer Normalization", NeurIPS 2019.
package struct Norm: Sendable {
  /// (width)
  package let gain: Tensor
  /// (width); nil for none.
  package let shift: Tensor?
  package let epsilon: Float
  /// Whether the mean is taken off: layer norm.
  package let isCentred: Bool

  package var width: Int { gain.count }

  var kernel: ck_norm {
    ck_norm(gain: gain.pointer, shift: shift?.pointer, epsilon: epsilon, centred: isCentred)
  }

  /// y = norm(x), both (rows, width), possibly the same.
  package func callAsFunction(_ x: Floats, rows: Int, into y: MutableFloats) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      var norm = kernel
      ck_norm_rows(&norm, x + start, y + start, part.count, width)
    }
  }

  /// raw = x + bias + residual, y = norm(raw); all (rows, width) but the bias (width).
  ///
  /// `raw` may be `x` or `residual`, and `y` may be `residual` where `raw` is not.
  package func callAsFunction(
    _ x: Floats, bias: Tensor?, residual: Floats, rows: Int, raw: MutableFloats, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      var norm = kernel
      ck_residual_norm(
        &norm, x + start, bias?.pointer, residual + start, raw + start, y + start, part.count, width)
    }
  }
}

/// y = x + bias + residual, all (rows, width) but the bias (width); y may be one of them.
package func addRows(
  _ x: Floats, bias: Tensor? = nil, residual: Floats?, rows: Int, width: Int, into y: MutableFloats
) {
  Workers.splitRows(rows, width: width) { part in
    let start = part.lowerBound * width
    ck_residual_add(
      x + start, bias?.pointer, residual.map { $0 + start }, y + start, part.count, width)
  }
}
