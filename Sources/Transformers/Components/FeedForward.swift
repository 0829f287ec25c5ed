import CKernels
import Faults
import Tensors

/// The branch of a block that acts on each token alone.
///
///     plain   f(x W1 + b1) W2 + b2
///     gated   (f(x Wg + bg) * (x Wu + bu)) W2 + b2      Shazeer, "GLU Variants Improve Transformer", 2020
package struct FeedForward: Sendable {
  /// W1: (I, d); with a gate Wg, then Wu: (2I, d).
  package let up: Linear
  package let activation: Activation
  package let isGated: Bool
  /// W2: (d, I).
  package let down: Linear

  package init(up: Linear, activation: Activation, isGated: Bool, down: Linear) {
    (self.up, self.activation, self.isGated, self.down) = (up, activation, isGated, down)
  }

  /// I.
  package var intermediate: Int { down.inputs }

  /// Where a layer's inner activations are wanted.
  struct Captured {
    var pre: MutableFloats?
    var gate: MutableFloats?
    var up: MutableFloats?
  }

  /// What W2 reads, (rows, I), of x (rows, d).
  ///
  /// - Parameter wide: (rows, outputs of W1), overwritten; `post` may be it where there is no gate.
  func activate(
    _ x: Floats, rows: Int, wide: MutableFloats, _ captured: Captured, into post: MutableFloats,
    isAlone: Bool = false, check: InterruptionCheck
  ) throws {
    try up.multiply(x, rows: rows, into: wide, isAlone: isAlone, check: check)
    guard isGated else {
      return activation(wide, bias: up.bias, rows: rows, pre: captured.pre, post: post)
    }
    let (width, bias, kind) = (intermediate, up.bias.pointer, activation.kernel)
    Workers.splitRows(rows, width: 2 * width) { part in
      let start = part.lowerBound * width
      ck_bias_gate(
        kind, wide + 2 * start, bias, captured.gate.map { $0 + start }, captured.up.map { $0 + start },
        post + start, part.count, width)
    }
  }
}

extension FeedForward {
  /// The same, keeping slopes (rows, outputs of W1): f'(u), or with a gate f'(g) u and f(g). `post` must not be `wide`
  /// where there is a gate.
  package func activateTaped(
    _ x: Floats, rows: Int, wide: MutableFloats, slopes: MutableFloats, into post: MutableFloats,
    check: InterruptionCheck
  ) throws {
    try up.multiply(x, rows: rows, into: wide, check: check)
    guard isGated else {
      return activation.taped(wide, bias: up.bias, rows: rows, post: post, slopes: slopes)
    }
    let (width, bias, kind) = (intermediate, up.bias.pointer, activation.kernel)
    Workers.splitRows(rows, width: 2 * width) { part in
      let start = part.lowerBound * width
      ck_bias_gate_taped(
        kind, wide + 2 * start, bias, post + start, slopes + 2 * start, part.count, width)
    }
  }

  /// y = W2 (slopes * W1 x) for tangents x (rows, d); y (rows, d).
  ///
  /// - Parameters:
  ///   - wide: (rows, outputs of W1), overwritten
  ///   - narrow: (rows, I), overwritten where there is a gate
  package func tangent(
    _ x: Floats, rows: Int, slopes: Floats, tapeRows: [Int32]?, wide: MutableFloats, narrow: MutableFloats,
    into y: MutableFloats, check: InterruptionCheck
  ) throws {
    try up.multiply(x, rows: rows, into: wide, check: check)
    guard isGated else {
      multiply(wide, byTape: slopes, tapeRows: tapeRows, rows: rows, width: intermediate)
      return try down.multiply(wide, rows: rows, into: y, check: check)
    }
    let width = intermediate
    Workers.splitRows(rows, width: 2 * width) { part in
      let start = part.lowerBound * width
      withPart(tapeRows, part) { tapeRows in
        ck_gate_tangent(
          wide + 2 * start, tapeRows, tapeRows == nil ? slopes + 2 * start : slopes, narrow + start,
          part.count, width)
      }
    }
    try down.multiply(narrow, rows: rows, into: y, check: check)
  }

  /// y = W1' (slopes * W2' g): the transpose of ``tangent``.
  package func gradient(
    _ g: Floats, rows: Int, slopes: Floats, tapeRows: [Int32]?, wide: MutableFloats, narrow: MutableFloats,
    into y: MutableFloats, check: InterruptionCheck
  ) throws {
    guard isGated else {
      try down.multiplyTransposed(g, rows: rows, into: wide, check: check)
      multiply(wide, byTape: slopes, tapeRows: tapeRows, rows: rows, width: intermediate)
      return try up.multiplyTransposed(wide, rows: rows, into: y, check: check)
    }
    try down.multiplyTransposed(g, rows: rows, into: narrow, check: check)
    let width = intermediate
    Workers.splitRows(rows, width: 2 * width) { part in
      let start = part.lowerBound * width
      withPart(tapeRows, part) { tapeRows in
        ck_gate_gradient(
          narrow + start, tapeRows, tapeRows == nil ? slopes + 2 * start : slopes, wide + 2 * start,
          part.count, width)
      }
    }
    try up.multiplyTransposed(wide, rows: rows, into: y, check: check)
  }
}

/// x *= factors, by rows of the tape; (rows, width).
package func multiply(
  _ x: MutableFloats, byTape factors: Floats, tapeRows: [Int32]?, rows: Int, width: Int
) {
  Workers.splitRows(rows, width: width) { part in
    let start = part.lowerBound * width
    withPart(tapeRows, part) { tapeRows in
      ck_multiply_by_tape(
        x + start, tapeRows, tapeRows == nil ? factors + start : factors, part.count, width)
    }
  }
}
