import CKernels
import Faults
import Tensors

/// h^0 = project(N(scale word + position + type)), without what a model lacks.
package struct Embeddings: Sendable {
  /// (V, e); e is d unless there is a projection.
  package let words: Tensor
  /// What words are multiplied by.
  package let scale: Float
  /// (positions, e): a row for each position of a text.
  package let positions: Tensor?
  /// (types, e)
  package let types: Tensor?
  package let norm: Norm?
  /// (d, e)
  package let projection: Linear?

  package init(
    words: Tensor, scale: Float = 1, positions: Tensor? = nil, types: Tensor? = nil, norm: Norm? = nil,
    projection: Linear? = nil
  ) {
    (self.words, self.scale, self.positions, self.types) = (words, scale, positions, types)
    (self.norm, self.projection) = (norm, projection)
  }

  /// e.
  package var width: Int { words.shape[1] }
  /// d.
  package var hidden: Int { projection?.outputs ?? width }

  /// Word embedding rows of `ids`, as (ids, e).
  package func gather(_ ids: [Int32], into rows: MutableFloats) {
    for (row, id) in ids.enumerated() {
      (rows + row * width).update(from: words.pointer + Int(id) * width, count: width)
    }
  }

  /// From word embeddings to h^0.
  ///
  /// - Parameters:
  ///   - words: (tokens, e)
  ///   - places: (tokens), positions that count real tokens
  ///   - typeIDs: (tokens)
  ///   - raw: (tokens, e), overwritten; may be `words`, and `y` where there is no projection
  ///   - y: (tokens, d)
  package func callAsFunction(
    words: Floats, places: [Int32], typeIDs: [Int32], raw: MutableFloats, into y: MutableFloats,
    check: InterruptionCheck
  ) throws {
    ck_add_embeddings(
      words, scale, positions?.pointer, places, types?.pointer, typeIDs, raw, places.count, width)
    norm?(raw, rows: places.count, into: raw)
    if let projection {
      try projection(raw, rows: places.count, into: y, check: check)
    } else if raw != y {
      y.update(from: raw, count: places.count * width)
    }
  }
}
