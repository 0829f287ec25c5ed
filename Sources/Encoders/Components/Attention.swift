import CKernels
import Faults
import Tensors

/// Which tokens of a batch attend to which: sequences of `length` tokens, one after another.
package struct AttentionLayout: Sendable {
  package let rows: Int
  package let length: Int
  /// (tokens), true for a key that takes part.
  package let mask: [Bool]
  /// For each row, where its queries are in the list of queries.
  package let queries: [Range<Int>]

  package var tokens: Int { rows * length }
  package var queryCount: Int { queries.last?.upperBound ?? 0 }

  /// Every token is a query.
  package init(rows: Int, length: Int, mask: [Bool]) {
    (self.rows, self.length, self.mask) = (rows, length, mask)
    queries = (0..<rows).map { $0 * length..<($0 + 1) * length }
  }

  /// Only the tokens of `selection`, ascending indices into the batch, are queries.
  package init(_ whole: AttentionLayout, selection: [Int]) {
    (rows, length, mask) = (whole.rows, whole.length, whole.mask)
    var ranges: [Range<Int>] = []
    for row in 0..<whole.rows {
      let start = ranges.last?.upperBound ?? 0
      let end = selection[start...].firstIndex { $0 >= (row + 1) * whole.length } ?? selection.count
      ranges.append(start..<end)
    }
    queries = ranges
  }
}

/// Projected queries, keys and values, without their biases, which lie in one (3d) vector.
package struct AttentionOperands {
  /// (queries, d), rows `queryStride` apart.
  package let query: Floats
  package let queryStride: Int
  /// (tokens, d) each, rows `keyStride` apart.
  package let key: Floats
  package let value: Floats
  package let keyStride: Int
  package let bias: Tensor
}

/// P = softmax(q k' / sqrt(dh)) over the keys that take part, z = P v, for each head.
package struct Attention: Sendable {
  package let heads: Int
  package let headSize: Int

  private var hidden: Int { heads * headSize }

  /// - Parameters:
  ///   - context: z, (queries, d)
  ///   - scores: if wanted, (B, A, n, n); every token must be a query then
  ///   - pattern: P, likewise
  package func callAsFunction(
    _ operands: AttentionOperands, _ layout: AttentionLayout, context: MutableFloats,
    scores: MutableFloats?, pattern: MutableFloats?, check: InterruptionCheck
  ) throws {
    let work = 4 * layout.length * hidden * max(1, layout.queryCount / layout.rows)
    let rowsPerCall = max(1, 1_000_000_000 / work)
    for first in stride(from: 0, to: layout.rows, by: rowsPerCall) {
      try check()
      let last = min(layout.rows, first + rowsPerCall)
      let minimum = max(1, 400_000 * heads / work)
      layout.mask.withUnsafeBufferPointer { mask in
        Workers.split((last - first) * heads, minimum: minimum) { part in
          withScratch(count: scratchCount(layout)) { scratch in
            for unit in part {
              let (row, head) = (first + unit / heads, unit % heads)
              attend(row, head, operands, layout, mask, context, scores, pattern, scratch)
            }
          }
        }
      }
    }
  }

  private func scratchCount(_ layout: AttentionLayout) -> Int {
    ck_attention_scratch(layout.queries.map(\.count).max() ?? 0, layout.length, headSize)
  }

  private func attend(
    _ row: Int, _ head: Int, _ operands: AttentionOperands, _ layout: AttentionLayout,
    _ mask: UnsafeBufferPointer<Bool>, _ context: MutableFloats, _ scores: MutableFloats?,
    _ pattern: MutableFloats?, _ scratch: MutableFloats
  ) {
    let queries = layout.queries[row]
    let (token, column) = (row * layout.length, head * headSize)
    guard !queries.isEmpty, let mask = mask.baseAddress else { return }
    let bias = operands.bias.pointer + column
    let square = (row * heads + head) * layout.length * layout.length
    var description = ck_attention_head(
      queries: queries.count, keys: layout.length, head_size: headSize,
      query: operands.query + queries.lowerBound * operands.queryStride + column,
      key: operands.key + token * operands.keyStride + column,
      value: operands.value + token * operands.keyStride + column,
      query_stride: operands.queryStride, key_stride: operands.keyStride,
      query_bias: bias, key_bias: bias + hidden, value_bias: bias + 2 * hidden,
      mask: mask + token, scale: 1 / Float(headSize).squareRoot(),
      scores: scores.map { $0 + square }, pattern: pattern.map { $0 + square },
      context: context + queries.lowerBound * hidden + column, context_stride: hidden)
    ck_attention(&description, scratch)
  }
}
