import Tensors

/// Memory that the layers of one forward pass take turns in.
package final class Workspace {
  /// One block: the allocator keeps it for the next pass, where it would return several to the system.
  private let storage: Storage
  /// (tokens, d): what enters and leaves a layer.
  package let stream: MutableFloats
  /// (tokens, A dh + 2 G dh)
  package let projections: MutableFloats
  /// (tokens, A dh)
  package let context: MutableFloats
  /// (tokens, d): a product before its residual is added.
  package let sum: MutableFloats
  /// (tokens, d): between the two branches of a layer.
  package let mid: MutableFloats
  /// (tokens, d): what a branch reads, where there is a norm before it; else it is not there.
  package let normed: MutableFloats
  /// (tokens, I), with a gate (tokens, 2I)
  package let wide: MutableFloats
  /// (tokens, I) with a gate; else it is not there.
  package let gated: MutableFloats
  /// (tokens, e): word embeddings before they are projected; not there where they are not.
  package let words: MutableFloats

  package init(tokens: Int, _ c: TransformerConfiguration) {
    let counts = Self.counts(tokens, c)
    storage = Storage(uninitializedCount: counts.reduce(0, +))
    let parts = counts.reduce(into: [storage.base]) { $0.append($0[$0.count - 1] + $1) }
    (stream, projections, context, sum) = (parts[0], parts[1], parts[2], parts[3])
    (mid, normed, wide, gated, words) = (parts[4], parts[5], parts[6], parts[7], parts[8])
  }

  /// Floats of all parts.
  static func size(tokens: Int, _ c: TransformerConfiguration) -> Int { counts(tokens, c).reduce(0, +) }

  private static func counts(_ tokens: Int, _ c: TransformerConfiguration) -> [Int] {
    let (d, intermediate, isGated) = (c.hidden, c.intermediate, c.blocks.isGated)
    let widths = [
      d, c.queryWidth + 2 * c.keyWidth, c.queryWidth, d, d,
      c.blocks.order == .postNorm ? 0 : d, isGated ? 2 * intermediate : intermediate,
      isGated ? intermediate : 0, c.projectsWords ? c.embeddingSize : 0,
    ]
    // Whole vectors, so that every part is aligned as the whole is.
    return widths.map { (tokens * $0 + 15) / 16 * 16 }
  }
}
