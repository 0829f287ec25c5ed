import CKernels
import Faults
import Tensors

/// h^0 = project(N(scale word + position + type)), without what a model lacks.
package struct Embeddings: Sendable {
  /// (V, e); e is d unless there is a projection.
  package let words: Tensor
  /// What words are multiplied by.
  package let scale: Float
  /// (positions, e): a row for each position of a text, behind one for ``uncounted``.
  package let positions: Tensor?
  /// The token that is at no position, and that those behind it do not count; nil where all are counted.
  package let uncounted: Int32?
  /// (types, e)
  package let types: Tensor?
  package let norm: Norm?
  /// (d, e)
  package let projection: Linear?

  package init(
    words: Tensor, scale: Float = 1, positions: Tensor? = nil, uncounted: Int32? = nil,
    types: Tensor? = nil, norm: Norm? = nil, projection: Linear? = nil
  ) {
    (self.words, self.scale, self.positions, self.types) = (words, scale, positions, types)
    (self.uncounted, self.norm, self.projection) = (uncounted, norm, projection)
  }

  /// The rows of ``positions`` that tokens take, of which the first is a text's first one.
  package func positionRows(of ids: some Collection<Int32>) -> [Int32] {
    guard let uncounted else { return (0..<ids.count).map(Int32.init) }
    var counted: Int32 = 0
    return ids.map { id in
      guard id != uncounted else { return 0 }
      counted += 1
      return counted
    }
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
  ///   - positionRows: (tokens), rows of ``positions``
  ///   - typeIDs: (tokens)
  ///   - raw: (tokens, e), overwritten; may be `words`, and `y` where there is no projection
  ///   - y: (tokens, d)
  package func callAsFunction(
    words: Floats, positionRows: [Int32], typeIDs: [Int32], raw: MutableFloats, into y: MutableFloats,
    check: InterruptionCheck
  ) throws {
    let tokens = typeIDs.count
    ck_add_embeddings(
      words, scale, positions?.pointer, positionRows, types?.pointer, typeIDs, raw, tokens, width)
    norm?(raw, rows: tokens, into: raw)
    if let projection {
      try projection(raw, rows: tokens, into: y, check: check)
    } else if raw != y {
      y.update(from: raw, count: tokens * width)
    }
  }
}
