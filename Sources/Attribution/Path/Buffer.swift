import Tensors
import Transformers

/// Memory that is asked for again and again, and grows to the largest request.
final class Buffer {
  private var storage: Storage?

  /// `count` floats, uninitialised or as the last user left them; valid until the next call and as long as the
  /// buffer lives.
  func floats(_ count: Int) -> MutableFloats {
    if let storage, storage.count >= count { return storage.base }
    let storage = Storage(uninitializedCount: count)
    self.storage = storage
    return storage.base
  }
}

/// What the layers of a computation take turns in.
final class DerivativeWorkspace {
  /// (tokens, d): what enters a layer and what leaves it, values or derivatives.
  let streams = [Buffer(), Buffer()]
  /// (rows, d) each
  let sum = Buffer()
  let mid = Buffer()
  let own = Buffer()
  let gathered = Buffer()
  /// What a branch reads, where there is a norm before it.
  let normed = Buffer()
  /// (rows, A dh)
  let context = Buffer()
  /// (rows, I), with a gate (rows, 2I) and (rows, I)
  let wide = Buffer()
  let gated = Buffer()
  /// (rows, A dh + 2 G dh)
  let projections = Buffer()
  /// (rows, e), where words are projected.
  let words = Buffer()

  /// Floats per token that a pass over all tokens uses.
  static func size(_ c: TransformerConfiguration) -> Int {
    (c.blocks.order == .postNorm ? 6 : 7) * c.hidden + 2 * (c.queryWidth + c.keyWidth)
      + (c.blocks.isGated ? 3 : 1) * c.intermediate + (c.projectsWords ? c.embeddingSize : 0)
  }
}
