import CKernels
import Faults
import Tensors

package typealias Floats = UnsafePointer<Float>
package typealias MutableFloats = UnsafeMutablePointer<Float>

/// y = x W' + b.
package struct Linear: Sendable {
  /// (outputs, inputs)
  package let weight: Tensor
  /// (outputs); zeros where the layer has none.
  package let bias: Tensor

  package init(weight: Tensor, bias: Tensor? = nil) {
    self.weight = weight
    self.bias = bias ?? Tensor(shape: [weight.shape[0]], repeating: 0)
  }

  package var outputs: Int { weight.shape[0] }
  package var inputs: Int { weight.shape[1] }

  /// y = x W', without the bias, which most kernels that follow add themselves.
  ///
  /// - Parameters:
  ///   - x: (rows, inputs)
  ///   - y: (rows, part of outputs)
  ///   - part: The outputs to compute; all when nil.
  ///   - isAlone: ``BLAS/multiply``: for one row that is never computed among others.
  package func multiply(
    _ x: Floats, rows: Int, part: Range<Int>? = nil, into y: MutableFloats, isAlone: Bool = false,
    check: InterruptionCheck
  ) throws {
    let part = part ?? 0..<outputs
    try BLAS.multiply(
      x, rows: rows, inner: inputs, by: weight.pointer + part.lowerBound * inputs, .transposed,
      columns: part.count, into: y, isAlone: isAlone, check: check)
  }

  /// y = x W' + b.
  package func callAsFunction(
    _ x: Floats, rows: Int, into y: MutableFloats, isAlone: Bool = false, check: InterruptionCheck
  ) throws {
    try multiply(x, rows: rows, into: y, isAlone: isAlone, check: check)
    addBias(to: y, rows: rows, into: y)
  }

  /// y = x + b; x is (rows, outputs), y the same or another.
  package func addBias(to x: Floats, rows: Int, into y: MutableFloats) {
    addBias(0..<outputs, to: x, rows: rows, into: y)
  }

  /// The same for a part of the outputs, (rows, part).
  package func addBias(_ part: Range<Int>, to x: Floats, rows: Int, into y: MutableFloats) {
    let (width, bias) = (part.count, bias.pointer + part.lowerBound)
    Workers.splitRows(rows, width: width) { split in
      let start = split.lowerBound * width
      ck_add_bias(x + start, width, bias, y + start, split.count, width)
    }
  }

  /// y = g W, the transpose of ``multiply``: from gradients of a part of the outputs, rows `stride` apart, to those of the
  /// inputs (rows, inputs).
  package func multiplyTransposed(
    _ g: Floats, stride: Int? = nil, rows: Int, part: Range<Int>? = nil, into y: MutableFloats,
    accumulating: Bool = false, check: InterruptionCheck
  ) throws {
    let part = part ?? 0..<outputs
    try BLAS.multiply(
      g, stride: stride ?? part.count, rows: rows, inner: part.count,
      by: weight.pointer + part.lowerBound * inputs, .plain, columns: inputs, into: y,
      accumulating: accumulating, check: check)
  }

  /// y = x W' for x that is a part of the inputs alone, (rows, part).
  package func multiply(
    _ x: Floats, rows: Int, inputs part: Range<Int>, into y: MutableFloats, check: InterruptionCheck
  ) throws {
    try BLAS.multiply(
      x, rows: rows, inner: part.count, by: weight.pointer + part.lowerBound, .transposed,
      factorStride: inputs, columns: outputs, into: y, check: check)
  }

  /// The transpose: from gradients of the outputs (rows, outputs) to those of a part of the inputs, (rows, part).
  package func multiplyTransposed(
    _ g: Floats, rows: Int, inputs part: Range<Int>, into y: MutableFloats, check: InterruptionCheck
  ) throws {
    try BLAS.multiply(
      g, rows: rows, inner: outputs, by: weight.pointer + part.lowerBound, .plain, factorStride: inputs,
      columns: part.count, into: y, check: check)
  }
}

extension Workers {
  /// Splits rows so that a part is worth the 5 µs of handing it to a thread.
  package static func splitRows(_ rows: Int, width: Int, _ body: (Range<Int>) -> Void) {
    split(rows, minimum: max(1, 16384 / max(1, width)), body)
  }
}
