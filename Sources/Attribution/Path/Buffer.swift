import Tensors

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
  let context = Buffer()
  /// (rows, I)
  let wide = Buffer()
  /// (rows, 3d)
  let projections = Buffer()

  /// Floats per token that a pass over all tokens uses.
  static func size(hidden: Int, intermediate: Int) -> Int { 10 * hidden + intermediate }
}
