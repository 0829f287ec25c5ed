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
  /// Of each query in its row.
  private let positions: [Int]

  package var tokens: Int { rows * length }
  package var queryCount: Int { queries.last?.upperBound ?? 0 }

  /// Every token is a query.
  package init(rows: Int, length: Int, mask: [Bool]) {
    (self.rows, self.length, self.mask) = (rows, length, mask)
    queries = (0..<rows).map { $0 * length..<($0 + 1) * length }
    positions = (0..<rows * length).map { $0 % length }
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
    positions = selection.map { $0 % whole.length }
  }

  /// (queries, 2), as ``AttentionMask/ranges(of:length:)``.
  func ranges(_ mask: AttentionMask) -> [Int32]? { mask.ranges(of: positions, length: length) }
}

/// Projected queries, keys and values.
package struct AttentionOperands {
  /// (queries, A dh), rows `queryStride` apart.
  package let query: Floats
  package let queryStride: Int
  /// (tokens, G dh) each, rows `keyStride` apart.
  package let key: Floats
  package let value: Floats
  package let keyStride: Int
  /// Of queries, keys and values, (A dh + 2 G dh), which is added on the way.
  package let bias: Tensor
}

/// s = c(q k' scale), P = softmax(s) over the keys that a query may read, z = P v, for each head; c(s) = cap tanh(s / cap) where
/// there is a cap.
///
/// Heads share keys and values in groups of A / G: Ainslie et al., "GQA", EMNLP 2023.
package struct Attention: Sendable {
  /// A.
  package let heads: Int
  /// G, heads of keys and values.
  package let keyHeads: Int
  /// dh.
  package let headSize: Int
  package let scale: Float
  /// Of scores; 0 for none.
  package let cap: Float
  package let mask: AttentionMask

  package init(
    heads: Int, keyHeads: Int? = nil, headSize: Int, scale: Float? = nil, cap: Float = 0,
    mask: AttentionMask = .full
  ) {
    (self.heads, self.keyHeads, self.headSize) = (heads, keyHeads ?? heads, headSize)
    self.scale = scale ?? 1 / Float(headSize).squareRoot()
    (self.cap, self.mask) = (cap, mask)
  }

  package var queryWidth: Int { heads * headSize }
  package var keyWidth: Int { keyHeads * headSize }

  /// Where the keys and values of a head begin.
  package func keyColumn(of head: Int) -> Int { head / (heads / keyHeads) * headSize }

  /// - Parameters:
  ///   - context: z, (queries, A dh)
  ///   - scores: if wanted, (B, A, n, n), before the mask but for padding; every token must be a query then
  ///   - pattern: P, likewise
  package func callAsFunction(
    _ operands: AttentionOperands, _ layout: AttentionLayout, context: MutableFloats,
    scores: MutableFloats?, pattern: MutableFloats?, check: InterruptionCheck
  ) throws {
    let work = 4 * layout.length * queryWidth * max(1, layout.queryCount / layout.rows)
    let rowsPerCall = max(1, 1_000_000_000 / work)
    let ranges = layout.ranges(mask)
    for first in stride(from: 0, to: layout.rows, by: rowsPerCall) {
      try check()
      let last = min(layout.rows, first + rowsPerCall)
      let minimum = max(1, 400_000 * heads / work)
      layout.mask.withUnsafeBufferPointer { mask in
        withPart(ranges, 0..<0) { ranges in
          Workers.split((last - first) * heads, minimum: minimum) { part in
            withScratch(count: scratchCount(layout)) { scratch in
              for unit in part {
                let (row, head) = (first + unit / heads, unit % heads)
                attend(row, head, operands, layout, mask, ranges, context, scores, pattern, scratch)
              }
            }
          }
        }
      }
    }
  }

  /// z, (A dh), of one query (A dh) at `position`, over the keys and values (position + 1, G dh) of the tokens up to there, all
  /// as the scores read them.
  func context(
    of query: Floats, at position: Int, keys: Floats, values: Floats, into context: MutableFloats
  ) {
    let (range, width, size) = (mask.keys(of: position, length: position + 1), keyWidth, headSize)
    let start = range.lowerBound * width
    Workers.split(heads, minimum: max(1, 200_000 / max(1, 2 * range.count * size))) { part in
      withScratch(count: range.count) { scores in
        for head in part {
          let column = start + keyColumn(of: head)
          var description = ck_attention_query(
            keys: range.count, head_size: size, query: query + head * size, key: keys + column,
            value: values + column, stride: width, scale: scale, cap: cap, context: context + head * size)
          ck_attention_one(&description, scores)
        }
      }
    }
  }

  private func scratchCount(_ layout: AttentionLayout) -> Int {
    ck_attention_scratch(layout.queries.map(\.count).max() ?? 0, layout.length, headSize)
  }

  private func attend(
    _ row: Int, _ head: Int, _ operands: AttentionOperands, _ layout: AttentionLayout,
    _ mask: UnsafeBufferPointer<Bool>, _ ranges: UnsafePointer<Int32>?, _ context: MutableFloats,
    _ scores: MutableFloats?, _ pattern: MutableFloats?, _ scratch: MutableFloats
  ) {
    let queries = layout.queries[row]
    let (token, column, keyColumn) = (row * layout.length, head * headSize, keyColumn(of: head))
    guard !queries.isEmpty, let mask = mask.baseAddress else { return }
    let bias = operands.bias.pointer
    let square = (row * heads + head) * layout.length * layout.length
    var description = ck_attention_head(
      queries: queries.count, keys: layout.length, head_size: headSize,
      query: operands.query + queries.lowerBound * operands.queryStride + column,
      key: operands.key + token * operands.keyStride + keyColumn,
      value: operands.value + token * operands.keyStride + keyColumn,
      query_stride: operands.queryStride, key_stride: operands.keyStride,
      query_bias: bias + column, key_bias: bias + queryWidth + keyColumn,
      value_bias: bias + queryWidth + keyWidth + keyColumn, mask: mask + token, scale: scale,
      scores: scores.map { $0 + square }, pattern: pattern.map { $0 + square },
      context: context + queries.lowerBound * queryWidth + column, context_stride: queryWidth,
      ranges: ranges.map { $0 + 2 * queries.lowerBound }, cap: cap, slopes: nil)
    ck_attention(&description, scratch)
  }
}
