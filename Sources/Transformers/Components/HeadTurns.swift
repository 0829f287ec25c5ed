import CKernels
import Tensors

/// What is done to projected queries and keys before they meet: a norm of each head, then a rotation by position.
package struct HeadTurns: Sendable {
  /// (dh); nil for none.
  package let queryNorm: Norm?
  package let keyNorm: Norm?
  package let rotary: Rotary?

  package init(queryNorm: Norm? = nil, keyNorm: Norm? = nil, rotary: Rotary? = nil) {
    (self.queryNorm, self.keyNorm, self.rotary) = (queryNorm, keyNorm, rotary)
  }

  package var isEmpty: Bool { queryNorm == nil && keyNorm == nil && rotary == nil }
}

/// Rows of queries or keys, each of `heads` heads of `size`, and where they are.
package struct HeadRows {
  package let values: MutableFloats
  package let stride: Int
  package let rows: Int
  package let heads: Int
  package let size: Int

  package init(_ values: MutableFloats, stride: Int, rows: Int, heads: Int, size: Int) {
    (self.values, self.stride, self.rows, self.heads, self.size) = (values, stride, rows, heads, size)
  }

  fileprivate func split(_ body: (Range<Int>) -> Void) {
    Workers.splitRows(rows, width: heads * size, body)
  }
}

/// The turns of queries or of keys, at the positions of a pass. All work is in place.
package struct HeadTurn {
  let norm: Norm?
  let table: RotaryTable?
  /// Of each row of the tape.
  let positions: [Int32]

  package init(norm: Norm?, table: RotaryTable?, positions: [Int32]) {
    (self.norm, self.table, self.positions) = (norm, table, positions)
  }

  package var isEmpty: Bool { norm == nil && table == nil }

  /// - Parameter tapeRows: the row of `positions` for each row of x; nil when they are the same.
  package func forward(_ x: HeadRows, tapeRows: [Int32]? = nil) {
    if let norm {
      x.split { part in
        var kernel = norm.kernel
        ck_head_norm(
          &kernel, x.values + part.lowerBound * x.stride, x.stride, part.count, x.heads, x.size)
      }
    }
    rotate(x, tapeRows: tapeRows, inverse: false)
  }

  /// The same, keeping what the norm's derivatives need: normalized (rows, heads dh), scale (rows, heads).
  package func taped(_ x: HeadRows, tapeRows: [Int32]? = nil, _ tape: NormTape?) {
    if let norm, let tape {
      x.split { part in
        var kernel = norm.kernel
        ck_head_norm_taped(
          &kernel, x.values + part.lowerBound * x.stride, x.stride,
          tape.normalized + part.lowerBound * x.heads * x.size, tape.scale + part.lowerBound * x.heads,
          part.count, x.heads, x.size)
      }
    }
    rotate(x, tapeRows: tapeRows, inverse: false)
  }

  /// From tangents before the turn to those after it.
  ///
  /// - Parameters:
  ///   - positionRows: the row of `positions` for each row of x
  ///   - tapeRows: that of the norm's tape
  package func tangent(
    _ x: HeadRows, positionRows: [Int32]?, tapeRows: [Int32]?, _ tape: NormTape?
  ) {
    derive(x, tapeRows, tape, ck_head_norm_tangent)
    rotate(x, tapeRows: positionRows, inverse: false)
  }

  /// The transpose.
  package func gradient(
    _ x: HeadRows, positionRows: [Int32]?, tapeRows: [Int32]?, _ tape: NormTape?
  ) {
    rotate(x, tapeRows: positionRows, inverse: true)
    derive(x, tapeRows, tape, ck_head_norm_gradient)
  }

  private typealias Derivative = (
    UnsafePointer<ck_norm>, MutableFloats, Int, UnsafePointer<Int32>?, Floats, Floats, Int, Int, Int
  ) -> Void

  private func derive(_ x: HeadRows, _ tapeRows: [Int32]?, _ tape: NormTape?, _ kernel: Derivative) {
    guard let norm, let tape else { return }
    x.split { part in
      withPart(tapeRows, part) { tapeRows in
        var description = norm.kernel
        let first = tapeRows == nil ? part.lowerBound : 0
        kernel(
          &description, x.values + part.lowerBound * x.stride, x.stride, tapeRows,
          tape.normalized + first * x.heads * x.size, tape.scale + first * x.heads, part.count, x.heads,
          x.size)
      }
    }
  }

  private func rotate(_ x: HeadRows, tapeRows: [Int32]?, inverse: Bool) {
    guard let table else { return }
    positions.withUnsafeBufferPointer { positions in
      guard let positions = positions.baseAddress else { return }
      x.split { part in
        withPart(tapeRows, part) { tapeRows in
          ck_rotate(
            x.values + part.lowerBound * x.stride, x.stride, part.count, x.heads, x.size, table.width,
            tapeRows == nil ? positions + part.lowerBound : positions, tapeRows, table.cosines, table.sines,
            inverse)
        }
      }
    }
  }
}
