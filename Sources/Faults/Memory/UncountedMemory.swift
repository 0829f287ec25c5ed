import CMemoryUse
import Synchronization

/// Memory that does not count as held by values, as long as this object lives: the weights of a model.
public final class UncountedMemory: Sendable {
  private static let total = Atomic<Int>(0)

  /// Of all such objects.
  static var bytes: Int { total.load(ordering: .relaxed) }

  private let size: Int

  private init(size: Int) {
    self.size = size
    Self.total.add(size, ordering: .relaxed)
  }

  deinit { Self.total.subtract(size, ordering: .relaxed) }

  /// What `make` makes, with the memory that it takes.
  public static func measuring<R>(_ make: () throws -> R) rethrows -> (R, UncountedMemory) {
    let before = Int(memory_use().held)
    let result = try make()
    return (result, UncountedMemory(size: max(0, Int(memory_use().held) - before)))
  }
}
