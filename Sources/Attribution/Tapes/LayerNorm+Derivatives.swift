import CKernels
import Encoders
import Tensors

extension LayerNorm {
  /// y = LN(x + bias + residual), keeping the normalized rows and their scales. `bias` and `residual` come together
  /// or not at all.
  func taped(
    _ x: Floats, bias: Tensor? = nil, residual: Floats? = nil, rows: Int, normalized: MutableFloats,
    scale: MutableFloats, into y: MutableFloats
  ) {
    precondition((bias == nil) == (residual == nil), "a bias comes with a residual")
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      ck_layer_norm_taped(
        x + start, bias?.pointer, residual.map { $0 + start }, gain.pointer, shift.pointer, epsilon,
        normalized + start, scale + part.lowerBound, y + start, part.count, width)
    }
  }

  /// y = J (x + residual) for tangents x (rows, d); `tapeRows` tells the row of the tape that each belongs to, and
  /// `residualRows` that of the residual, -1 for none.
  func tangent(
    _ x: Floats, residual: Floats? = nil, residualRows: [Int32]? = nil, tapeRows: [Int32]?, rows: Int,
    normalized: Floats, scale: Floats, into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      withPart(residualRows, part) { residualRows in
        withPart(tapeRows, part) { tapeRows in
          ck_layer_norm_tangent(
            x + start, residualRows == nil ? residual.map { $0 + start } : residual, residualRows, tapeRows,
            tapeRows == nil ? normalized + start : normalized,
            tapeRows == nil ? scale + part.lowerBound : scale,
            gain.pointer, y + start, part.count, width)
        }
      }
    }
  }

  /// y = J' (x + residual) for gradients x (rows, d).
  func gradient(
    _ x: Floats, residual: Floats? = nil, tapeRows: [Int32]?, rows: Int, normalized: Floats, scale: Floats,
    into y: MutableFloats
  ) {
    let width = width
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      withPart(tapeRows, part) { tapeRows in
        ck_layer_norm_gradient(
          x + start, residual.map { $0 + start }, tapeRows, tapeRows == nil ? normalized + start : normalized,
          tapeRows == nil ? scale + part.lowerBound : scale, gain.pointer, y + start, part.count, width)
      }
    }
  }
}

extension Activation {
  /// post = f(x + bias) and slopes = f'(x + bias), all (rows, width); post may be x.
  func taped(_ x: Floats, bias: Tensor, rows: Int, post: MutableFloats, slopes: MutableFloats) {
    let (width, bias) = (bias.count, bias.pointer)
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      let (x, post, slopes) = (x + start, post + start, slopes + start)
      switch self {
      case .gelu: ck_bias_gelu_taped(x, bias, post, slopes, part.count, width)
      case .geluNew: ck_bias_gelu_tanh_taped(x, bias, post, slopes, part.count, width)
      case .relu: ck_bias_relu_taped(x, bias, post, slopes, part.count, width)
      }
    }
  }
}

/// x *= factors, by rows of the tape; (rows, width).
func multiply(_ x: MutableFloats, byTape factors: Floats, tapeRows: [Int32]?, rows: Int, width: Int) {
  Workers.splitRows(rows, width: width) { part in
    let start = part.lowerBound * width
    withPart(tapeRows, part) { tapeRows in
      ck_multiply_by_tape(
        x + start, tapeRows, tapeRows == nil ? factors + start : factors, part.count, width)
    }
  }
}

/// <a, b> for each row and head, as (rows, heads); `bRows` names the row of b, and -1 gives 0.
func rowDots(
  _ a: Floats, _ b: Floats, at bRows: [Int32]? = nil, rows: Int, heads: Int, headSize: Int
) -> [Float] {
  let width = heads * headSize
  return [Float](unsafeUninitializedCapacity: rows * heads) { buffer, count in
    count = rows * heads
    guard let dots = buffer.baseAddress else { return }
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      withPart(bRows, part) { bRows in
        ck_row_dots(
          a + start, bRows == nil ? b + start : b, bRows, dots + part.lowerBound * heads, part.count, heads,
          headSize)
      }
    }
  }
}

/// Copies the rows that `indices` name, (indices, width); -1 leaves zeros.
func gather(_ source: Floats, _ indices: [Int32], width: Int, into target: MutableFloats) {
  for (row, index) in indices.enumerated() {
    let place = target + row * width
    if index < 0 {
      place.update(repeating: 0, count: width)
    } else {
      place.update(from: source + Int(index) * width, count: width)
    }
  }
}

/// The address of a part of `rows`; nil for nil.
private func withPart(_ rows: [Int32]?, _ part: Range<Int>, _ body: (UnsafePointer<Int32>?) -> Void) {
  guard let rows else { return body(nil) }
  rows.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + part.lowerBound }) }
}
