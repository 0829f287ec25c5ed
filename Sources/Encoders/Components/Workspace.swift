import Tensors

/// Memory that the layers of one forward pass take turns in.
package final class Workspace {
  /// One block: the allocator keeps it for the next pass, where it would return several to the system.
  private let storage: Storage
  /// (tokens, d): what enters and leaves a layer.
  package let stream: MutableFloats
  /// (tokens, 3d)
  package let qkv: MutableFloats
  /// (tokens, d)
  package let context: MutableFloats
  /// (tokens, d): a product before its residual is added.
  package let sum: MutableFloats
  /// (tokens, d): between the two blocks of a layer.
  package let mid: MutableFloats
  /// (tokens, I)
  package let wide: MutableFloats

  package init(tokens: Int, hidden: Int, intermediate: Int) {
    let counts = Self.counts(tokens, hidden, intermediate)
    storage = Storage(uninitializedCount: counts.reduce(0, +))
    let parts = counts.reduce(into: [storage.base]) { $0.append($0[$0.count - 1] + $1) }
    (stream, qkv, context) = (parts[0], parts[1], parts[2])
    (sum, mid, wide) = (parts[3], parts[4], parts[5])
  }
  /// Floats of all parts.
  static func size(tokens: Int, hidden: Int, intermediate: Int) -> Int {
    counts(tokens, hidden, intermediate).reduce(0, +)
  }

  private static func counts(_ tokens: Int, _ hidden: Int, _ intermediate: Int) -> [Int] {
    let widths = [hidden, 3 * hidden, hidden, hidden, hidden, intermediate]
    // Whole vectors, so that every part is aligned as the whole is.
    return widths.map { (tokens * $0 + 15) / 16 * 16 }
  }
}
