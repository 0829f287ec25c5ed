import Dispatch
import Tensors

/// The memory of the last computation's tapes, for the next one: new pages would have to be cleared by the system
/// first, which takes as long as a tenth of the computation.
final class TapeMemory: @unchecked Sendable {
  private let queue = DispatchQueue(label: "tape memory")
  /// Touched on `queue` only.
  private var idle: Storage?

  /// Memory of at least `count` floats, which nobody else has.
  func take(_ count: Int) -> Storage {
    queue.sync {
      let storage = idle
      idle = nil
      guard let storage, storage.count >= count else { return nil }
      return storage
    } ?? Storage(uninitializedCount: count)
  }

  /// Keeps the larger of what is given back and what there is.
  func giveBack(_ storage: Storage) {
    queue.sync {
      if storage.count > idle?.count ?? 0 { idle = storage }
    }
  }
}
