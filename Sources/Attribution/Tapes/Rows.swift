import CKernels
import Tensors
import Transformers

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

/// target[indices[row]] += source[row]; rows of `width`.
func addRows(_ source: Floats, to target: MutableFloats, at indices: [Int32], width: Int) {
  for (row, index) in indices.enumerated() {
    for c in 0..<width { target[Int(index) * width + c] += source[row * width + c] }
  }
}
