import CKernels
import Tensors

/// h^0 = LN(word + position + type).
package struct Embeddings: Sendable {
  /// (V, d)
  package let words: Tensor
  /// (positions, d)
  package let positions: Tensor
  /// (types, d)
  package let types: Tensor
  package let norm: LayerNorm

  package var hidden: Int { norm.width }

  /// Word embedding rows of `ids`, as (ids, d).
  package func gather(_ ids: [Int32], into rows: MutableFloats) {
    for (row, id) in ids.enumerated() {
      (rows + row * hidden).update(from: words.pointer + Int(id) * hidden, count: hidden)
    }
  }

  /// From word embeddings to h^0.
  ///
  /// - Parameters:
  ///   - words: (tokens, d), sequences of `length` tokens one after another
  ///   - typeIDs: (tokens)
  ///   - raw: (tokens, d), the sum before the norm; may be `words`
  ///   - y: (tokens, d); may be `raw`
  package func callAsFunction(
    words: Floats, typeIDs: [Int32], length: Int, raw: MutableFloats, into y: MutableFloats
  ) {
    ck_add_position_and_type(
      words, positions.pointer, types.pointer, typeIDs, raw, typeIDs.count, length, hidden)
    norm(raw, rows: typeIDs.count, into: y)
  }
}
