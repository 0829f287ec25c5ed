import Tensors

/// Memory that the layers of one forward pass take turns in.
package final class Workspace {
  private let storages: [Storage]
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
    let widths = [hidden, 3 * hidden, hidden, hidden, hidden, intermediate]
    storages = widths.map { Storage(uninitializedCount: tokens * $0) }
    stream = storages[0].base
    qkv = storages[1].base
    context = storages[2].base
    sum = storages[3].base
    mid = storages[4].base
    wide = storages[5].base
  }
}
