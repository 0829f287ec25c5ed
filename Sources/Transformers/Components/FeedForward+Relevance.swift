import CKernels
import Faults
import Tensors

/// Slopes of the relevance rules: an activation is taken as f(u)/u times its input, with the authors' stabilizer u + 1e-6 sign u
/// (Rezaei Jafari et al., "RelP", 2025).
private func stabilized(_ u: Float) -> Float { u + (u < 0 ? -1e-6 : 1e-6) }

extension Activation {
  /// post = f(x + bias) and slopes = f(u) / (u + 1e-6 sign u) with u = x + bias, all (rows, width); post may be x.
  package func relevance(
    _ x: Floats, bias: Tensor, rows: Int, post: MutableFloats, slopes: MutableFloats
  ) {
    self(x, bias: bias, rows: rows, pre: slopes, post: post)
    for i in 0..<rows * bias.count { slopes[i] = post[i] / stabilized(slopes[i]) }
  }
}

extension FeedForward {
  /// Slopes shaped as those of ``activateTaped(_:rows:wide:slopes:into:check:)``; with a gate half of the product goes to each
  /// factor.
  ///
  /// - Parameter wide: (rows, outputs of W1), overwritten
  package func relevanceSlopes(
    _ x: Floats, rows: Int, wide: MutableFloats, slopes: MutableFloats, check: InterruptionCheck
  ) throws {
    try up.multiply(x, rows: rows, into: wide, check: check)
    guard isGated else {
      return activation.relevance(wide, bias: up.bias, rows: rows, post: wide, slopes: slopes)
    }
    let (width, bias, kind) = (intermediate, up.bias.pointer, activation.kernel)
    Workers.splitRows(rows, width: 2 * width) { part in
      for row in part {
        let (inputs, own) = (wide + 2 * row * width, slopes + 2 * row * width)
        let values = own + width
        ck_bias_activate(kind, inputs, bias, nil, values, 1, width)
        for i in 0..<width {
          let (gate, up) = (inputs[i] + bias[i], inputs[width + i] + bias[width + i])
          own[i] = values[i] / stabilized(gate) * up / 2
          values[i] /= 2
        }
      }
    }
  }
}
