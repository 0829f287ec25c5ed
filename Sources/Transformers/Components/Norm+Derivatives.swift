import CKernels
import Tensors

/// What the derivatives of a norm need.
package struct NormTape {
  /// (rows, width): what the gain multiplies.
  package let normalized: MutableFloats
  /// (rows): 1 / sqrt(variance + epsilon).
  package let scale: MutableFloats

  package init(normalized: MutableFloats, scale: MutableFloats) {
    (self.normalized, self.scale) = (normalized, scale)
  }
}

extension Norm {
  /// y = norm(x + bias + residual), keeping the sum in `raw` where that is given.
  package func taped(
    _ x: Floats, bias: Tensor? = nil, residual: Floats? = nil, rows: Int, raw: MutableFloats? = nil,
    _ tape: NormTape, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      var norm = kernel
      ck_norm_taped(
        &norm, x + start, bias?.pointer, residual.map { $0 + start }, raw.map { $0 + start },
        tape.normalized + start, tape.scale + part.lowerBound, y + start, part.count, width)
    }
  }

  /// y = J (x + residual) for tangents x (rows, width); `tapeRows` tells the row of the tape that each belongs to, and
  /// `residualRows` that of the residual, -1 for none.
  package func tangent(
    _ x: Floats, residual: Floats? = nil, residualRows: [Int32]? = nil, tapeRows: [Int32]?, rows: Int,
    _ tape: NormTape, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      withPart(residualRows, part) { residualRows in
        withPart(tapeRows, part) { tapeRows in
          var norm = kernel
          ck_norm_tangent(
            &norm, x + start, residualRows == nil ? residual.map { $0 + start } : residual, residualRows,
            tapeRows, tapeRows == nil ? tape.normalized + start : tape.normalized,
            tapeRows == nil ? tape.scale + part.lowerBound : tape.scale, y + start, part.count, width)
        }
      }
    }
  }

  /// y = J' (x + residual) + added for gradients x (rows, width).
  package func gradient(
    _ x: Floats, residual: Floats? = nil, added: Floats? = nil, tapeRows: [Int32]?, rows: Int,
    _ tape: NormTape, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      withPart(tapeRows, part) { tapeRows in
        var norm = kernel
        ck_norm_gradient(
          &norm, x + start, residual.map { $0 + start }, added.map { $0 + start }, tapeRows,
          tapeRows == nil ? tape.normalized + start : tape.normalized,
          tapeRows == nil ? tape.scale + part.lowerBound : tape.scale, y + start, part.count, width)
      }
    }
  }
}

/// y = x + residual by the rows that `residualRows` names, -1 for none; y may be x.
package func addRows(
  _ x: Floats, residual: Floats, residualRows: [Int32]?, rows: Int, width: Int, into y: MutableFloats
) {
  Workers.splitRows(rows, width: width) { part in
    let start = part.lowerBound * width
    withPart(residualRows, part) { residualRows in
      ck_add_rows(
        x + start, residualRows == nil ? residual + start : residual, residualRows, y + start, part.count,
        width)
    }
  }
}

/// The address of a part of `rows`; nil for nil.
package func withPart(_ rows: [Int32]?, _ part: Range<Int>, _ body: (UnsafePointer<Int32>?) -> Void) {
  guard let rows else { return body(nil) }
  rows.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + part.lowerBound }) }
}
